using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Tests.Unit.Dtls;

/// <summary>A client that completes a handshake with a server and then writes under its keys whatever a test wants.</summary>
internal sealed class HandMadeClient : IDisposable
{
    private readonly byte[] _buffer = new byte[2048];
    private readonly RecordLayer _records = new();
    private readonly FlightRetransmission _flight;
    private readonly ClientHandshake12 _handshake;
    private readonly HandshakeReassembly _reassembly = new(HandshakeReassembly.MaximumMessageLength);
    private readonly DtlsSide _server;
    private readonly Instant _now = new(1_000_000_000);

    /// <summary>Completes the handshake, or goes on until the server has failed.</summary>
    /// <param name="server">The server.</param>
    /// <param name="finished">What the Finished message, header and body, is made to say under the right keys; by default itself.</param>
    public HandMadeClient(DtlsSide server, Func<byte[], byte[]>? finished = null)
    {
        DtlsSettings settings = DtlsPair.Settings(server.Identity, 5);
        _server = server;
        _flight = new FlightRetransmission(_records, settings.MaximumDatagram, settings.FirstTimeout);
        _handshake = new ClientHandshake12(settings, _records, _flight);
        _handshake.Start(_now);
        for (int round = 0; round < 10 && !_handshake.IsComplete; round++)
        {
            while (_flight.WriteDatagram(_buffer) is int length && length > 0)
            {
                byte[] datagram = _buffer[..length];
                Deliver(finished is null || _handshake.Keys is null ? datagram : ChangeFinished(datagram, finished));
            }

            foreach (byte[] datagram in FromServer.ToArray())
            {
                Read(datagram);
            }

            FromServer.Clear();
        }
    }

    /// <summary>What the server has sent and to where, since the handshake.</summary>
    public List<byte[]> FromServer { get; } = [];

    public TransportPath LastPath { get; private set; }

    /// <summary>A record under the client's keys.</summary>
    public byte[] Seal(ContentType type, params ReadOnlySpan<byte> content)
    {
        WireWriter writer = new(_buffer);
        _records.Write(ref writer, 1, type, content);
        return writer.Written.ToArray();
    }

    /// <summary>A whole handshake message with this place and body, under the client's keys.</summary>
    public byte[] SealHandshake(HandshakeType type, ushort sequence, params ReadOnlySpan<byte> body)
    {
        byte[] message = new byte[HandshakeFragment.HeaderLength + body.Length];
        WireWriter writer = new(message);
        HandshakeFragment.WriteHeader(ref writer, type, body.Length, sequence, 0, body.Length);
        writer.Write(body);
        return Seal(ContentType.Handshake, message);
    }

    public void Deliver(ReadOnlySpan<byte> datagram, TransportPath? from = null)
    {
        _server.Endpoint.Receive(datagram, from ?? DtlsPair.ClientPath, _now);
        _server.Drain(
            _now,
            (bytes, path) =>
            {
                FromServer.Add(bytes);
                LastPath = path;
            });
    }

    /// <summary>Opens a record of the server's, which must be an authentic alert; gives level and description.</summary>
    public byte[] OpenAlert(byte[] datagram)
    {
        WireReader reader = new(datagram);
        _ = RecordHeader.TryRead(ref reader, out RecordHeader header, out ReadOnlySpan<byte> fragment);
        return header.Type == ContentType.Alert && _records.TryOpen(header, fragment, out ReadOnlySpan<byte> content, out _) is null
            ? content.ToArray()
            : [];
    }

    public void Close() => _server.Endpoint.Close(_now);

    public void Drain() => Deliver([]);

    public void Dispose()
    {
        _records.Dispose();
        _handshake.Dispose();
    }

    // The Finished message is the flight's last record.
    private byte[] ChangeFinished(byte[] datagram, Func<byte[], byte[]> change)
    {
        WireReader reader = new(datagram);
        int start = 0;
        _ = RecordHeader.TryRead(ref reader, out RecordHeader header, out ReadOnlySpan<byte> fragment);
        while (header.Epoch == 0)
        {
            start += RecordHeader.Length + fragment.Length;
            _ = RecordHeader.TryRead(ref reader, out header, out fragment);
        }

        (RecordProtection own, RecordProtection other) = _handshake.Keys!.CreateProtection(encryptThenMac: false, new SeededRandom(1));
        using (own)
        using (other)
        {
            _ = own.TryOpen(header, fragment.ToArray(), out ReadOnlySpan<byte> message);
            return [.. datagram[..start], .. Seal(ContentType.Handshake, change(message.ToArray()))];
        }
    }

    private void Read(byte[] datagram)
    {
        WireReader reader = new(datagram);
        while (RecordHeader.TryRead(ref reader, out RecordHeader header, out ReadOnlySpan<byte> fragment))
        {
            ReadOnlySpan<byte> content = fragment;
            if (header.Type != ContentType.Handshake
                || (header.Epoch == 1 && _records.TryOpen(header, fragment, out content, out _) is not null))
            {
                continue;
            }

            WireReader fragments = new(content);
            while (HandshakeFragment.TryRead(ref fragments, out HandshakeFragment piece))
            {
                _ = _reassembly.TryAdd(piece, header.Epoch == 1);
            }

            while (_reassembly.TryPeek(out HandshakeMessage message))
            {
                _ = _handshake.TryReceive(message, _now);
                _reassembly.Accept();
                while (_handshake.IsBusy)
                {
                    _handshake.Work(_now);
                }
            }
        }
    }
}
