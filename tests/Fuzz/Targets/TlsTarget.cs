using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Tls;
using IntercomAgent.Tests.Unit;

namespace IntercomAgent.Tests.Fuzz.Targets;

/// <summary>
/// A whole TLS endpoint: records, the messages of the handshake, certificates and alerts, in both versions. All is seeded, so that the
/// records of a handshake that was completed once complete it again as long as they are left alone. What is told as received must be what
/// the peer has sent, in this order: nothing else is authentic.
/// </summary>
/// <param name="role">The role of the endpoint that reads.</param>
internal sealed class TlsTarget(TlsRole role) : IFuzzTarget
{
    private const long Now = 1_900_000_000;
    private const int RecordHeader = 5;

    private static readonly byte[] Said = "OPTIONS sip:door@192.0.2.1 SIP/2.0\r\n\r\n"u8.ToArray();
    private static readonly string ClientPem = DtlsIdentity.Create(new SeededRandom(60), Now).ToPem();
    private static readonly string ServerPem = DtlsIdentity.Create(new SeededRandom(61), Now).ToPem();

    private readonly byte[] _buffer = new byte[TlsEndpoint.BufferSize];

    public string Name => role == TlsRole.Server ? "tls-server" : "tls-client";

    public bool IsText => false;

    public long AllocationLimit => 16 << 20;

    public IEnumerable<FuzzInput> Seeds() => [Converse(isNew: true), Converse(isNew: false)];

    public ulong Run(FuzzInput input)
    {
        // Nobody knows any more which of the two conversations the input stems from: each endpoint hears it.
        Signature signature = new();
        foreach (bool isNew in new[] { true, false })
        {
            TlsEndpoint endpoint = Open(role, isNew);
            List<byte> received = [];
            _ = Drain(endpoint, received);
            foreach (byte[] piece in input.Datagrams)
            {
                signature.AddCount(Give(piece, endpoint, received).Count);
                signature.Add((int)endpoint.State);
            }

            if (received.Count > Said.Length || !Said.AsSpan(0, received.Count).SequenceEqual(received.ToArray()))
            {
                throw new InvalidOperationException("Something was told as received that the peer has never sent.");
            }

            signature.AddCount(received.Count);
            signature.AddCount(endpoint.Problem?.Length ?? 0);
            endpoint.ReceiveEnd();
            endpoint.Close();
            _ = Drain(endpoint, received);
        }

        return signature.Value;
    }

    private static TlsEndpoint Open(TlsRole role, bool isNew)
    {
        string own = role == TlsRole.Client ? ClientPem : ServerPem;
        TlsSettings settings = new()
        {
            Random = new SeededRandom(role == TlsRole.Client ? 62 : 63),
            Anchors = TrustAnchors.TryReadPem(ClientPem + ServerPem, out _),
            Identity = TlsIdentity.TryReadPem(own, own, out _),
            DemandClientCertificate = true,
            AllowTls13 = isNew,
        };
        return new TlsEndpoint(role, settings, name: null, Now);
    }

    /// <summary>What the reading side hears in a handshake and after it, record by record.</summary>
    private FuzzInput Converse(bool isNew)
    {
        TlsEndpoint reader = Open(role, isNew);
        TlsEndpoint other = Open(role == TlsRole.Client ? TlsRole.Server : TlsRole.Client, isNew);
        List<byte> heard = [];
        List<byte> ignored = [];
        List<byte> fromReader = Drain(reader, ignored);
        List<byte> toReader = Drain(other, ignored);
        while (fromReader.Count + toReader.Count > 0)
        {
            heard.AddRange(toReader);
            List<byte> answers = Give([.. toReader], reader, ignored);
            toReader = Give([.. fromReader], other, ignored);
            fromReader = answers;
        }

        if (reader.State != TlsState.Connected || other.State != TlsState.Connected || !other.TrySend(Said))
        {
            throw new InvalidOperationException("The handshake that all inputs stem from is not complete.");
        }

        heard.AddRange(Drain(other, ignored));
        other.Close();
        heard.AddRange(Drain(other, ignored));
        return new FuzzInput(Records([.. heard]));
    }

    private static List<byte[]> Records(byte[] bytes)
    {
        List<byte[]> records = [];
        while (bytes.Length >= RecordHeader)
        {
            int length = RecordHeader + (bytes[3] << 8) + bytes[4];
            records.Add(bytes[..length]);
            bytes = bytes[length..];
        }

        return records;
    }

    private List<byte> Give(byte[] bytes, TlsEndpoint to, List<byte> received)
    {
        List<byte> answers = [];
        while (bytes.Length > 0 && to.Room > 0)
        {
            int length = Math.Min(bytes.Length, to.Room);
            to.Receive(bytes.AsSpan(0, length));
            bytes = bytes[length..];
            answers.AddRange(Drain(to, received));
        }

        return answers;
    }

    private List<byte> Drain(TlsEndpoint endpoint, List<byte> received)
    {
        List<byte> sent = [];
        while (true)
        {
            TlsOutput output = endpoint.Poll(_buffer);
            switch (output.Kind)
            {
                case TlsOutputKind.Send:
                    sent.AddRange(output.Bytes);
                    break;
                case TlsOutputKind.Received:
                    received.AddRange(output.Bytes);
                    break;
                case TlsOutputKind.Idle when endpoint.HasWork:
                    endpoint.Work();
                    break;
                case TlsOutputKind.Idle:
                    return sent;
                default:
                    break;
            }
        }
    }
}
