using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Tls;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>
/// A TCP connection within which TLS is spoken, to be used like one without: it is open once the handshake is complete and the peer is
/// who it should be. What is sent before waits for that. The handshake goes on in <see cref="Work"/>, one expensive step at a time.
/// </summary>
internal sealed class SecureConnection : IStreamConnection
{
    private readonly IStreamConnection _port;
    private readonly TlsEndpoint _tls;
    private readonly byte[] _buffer = new byte[TlsEndpoint.BufferSize];
    private readonly Queue<byte[]> _waiting = new();
    private int _waitingBytes;
    private bool _hasMore;
    private bool _isPeerDone;

    /// <summary>A connection whose handshake begins as soon as the port is open.</summary>
    /// <param name="port">The port; owned from now on.</param>
    /// <param name="role">Which side we are.</param>
    /// <param name="settings">Whom we trust and what we prove ourselves with.</param>
    /// <param name="name">As a client, whom the server's certificate must be for.</param>
    /// <param name="unixTime">The present in seconds since 1970.</param>
    public SecureConnection(IStreamConnection port, TlsRole role, TlsSettings settings, string? name, long unixTime)
    {
        _port = port;
        _tls = new TlsEndpoint(role, settings, name, unixTime);
    }

    /// <inheritdoc/>
    public NetworkEndpoint LocalEndpoint => _port.LocalEndpoint;

    /// <inheritdoc/>
    public NetworkEndpoint RemoteEndpoint => _port.RemoteEndpoint;

    /// <inheritdoc/>
    public StreamState State =>
        _port.State == StreamState.Closed || (_tls.State == TlsState.Closed && !_isPeerDone) ? StreamState.Closed
        : _port.State == StreamState.Connecting || _tls.State == TlsState.Handshaking ? StreamState.Connecting
        : StreamState.Open;

    /// <inheritdoc/>
    public string? Problem => _tls.Problem is { } problem ? $"{RemoteEndpoint}: {problem}" : _port.Problem;

    /// <inheritdoc/>
    public bool IsPeerDone => _isPeerDone && !_hasMore;

    /// <inheritdoc/>
    public int Queued => _port.Queued + _waitingBytes;

    /// <summary>Whom the peer has proven to be; null when it has proven nothing, or not yet.</summary>
    public CertificateNames? PeerNames => _tls.PeerNames;

    /// <summary>Whether <see cref="Work"/> has something to do, after which <see cref="Receive"/> may have.</summary>
    public bool HasWork => _tls.HasWork || _hasMore;

    /// <summary>Does one expensive step of the handshake, if one is due.</summary>
    public void Work()
    {
        _tls.Work();
        SendWhatIsDue();
    }

    /// <inheritdoc/>
    public int Receive(Span<byte> buffer)
    {
        int count = Take(buffer);
        if (count < buffer.Length && !_tls.HasWork && _tls.Room > 0)
        {
            Span<byte> raw = _buffer.AsSpan(0, Math.Min(_buffer.Length, _tls.Room));
            int arrived = _port.Receive(raw);
            _tls.Receive(raw[..arrived]);
            if (_port.IsPeerDone)
            {
                _tls.ReceiveEnd();
            }

            count += Take(buffer[count..]);
        }

        _hasMore = count == buffer.Length;
        _isPeerDone |= _tls is { State: TlsState.Closed, Problem: null };
        return count;
    }

    /// <inheritdoc/>
    public bool TrySend(ReadOnlySpan<byte> bytes)
    {
        if (State == StreamState.Connecting)
        {
            bool isRoom = _waitingBytes + bytes.Length <= SipLimits.WaitingForHandshake;
            if (isRoom)
            {
                _waiting.Enqueue(bytes.ToArray());
                _waitingBytes += bytes.Length;
            }

            return isRoom;
        }

        return _tls.TrySend(bytes) && SendWhatIsDue();
    }

    /// <inheritdoc/>
    public void FinishSending()
    {
        _tls.Close();
        _ = SendWhatIsDue();
        _port.FinishSending();
    }

    /// <summary>Tells the peer, if that can still be told, and closes the port.</summary>
    public void Dispose()
    {
        _tls.Close();
        _ = SendWhatIsDue();
        _port.Dispose();
    }

    /// <summary>Takes what was received, and sends what came of it.</summary>
    private int Take(Span<byte> buffer)
    {
        int count = 0;
        while (count < buffer.Length)
        {
            TlsOutput output = _tls.Poll(_buffer, buffer.Length - count);
            switch (output.Kind)
            {
                case TlsOutputKind.Received:
                    output.Bytes.CopyTo(buffer[count..]);
                    count += output.Bytes.Length;
                    break;
                case TlsOutputKind.Send when _port.State != StreamState.Closed:
                    _ = _port.TrySend(output.Bytes);
                    break;
                case TlsOutputKind.Connected:
                    SendWaiting();
                    break;
                case TlsOutputKind.Idle:
                    return count;
                default:
                    break;
            }
        }

        return count;
    }

    // Of what was received nothing is taken here: there is nowhere to put it.
    private bool SendWhatIsDue()
    {
        bool isSent = true;
        TlsOutput output = _tls.Poll(_buffer, maximumReceived: 0);
        while (output.Kind != TlsOutputKind.Idle)
        {
            if (output.Kind == TlsOutputKind.Send)
            {
                isSent &= _port.State != StreamState.Closed && _port.TrySend(output.Bytes);
            }
            else if (output.Kind == TlsOutputKind.Connected)
            {
                SendWaiting();
                _hasMore = true;
            }

            output = _tls.Poll(_buffer, maximumReceived: 0);
        }

        return isSent;
    }

    private void SendWaiting()
    {
        while (_waiting.TryDequeue(out byte[]? bytes))
        {
            _ = _tls.TrySend(bytes);
        }

        _waitingBytes = 0;
    }
}
