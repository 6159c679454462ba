using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Tls;

namespace IntercomAgent.Tests.Unit.Tls;

/// <summary>One side with its owner's part: it works and polls until nothing is left to do, and keeps what came out.</summary>
internal sealed class TlsSide(TlsRole role, TlsSettings settings, string? name, long unixTime)
{
    private readonly byte[] _buffer = new byte[TlsEndpoint.BufferSize];
    private readonly List<byte> _outgoing = [];

    public TlsEndpoint Endpoint { get; } = new(role, settings, name, unixTime);

    public List<TlsOutputKind> Events { get; } = [];

    public List<byte> Received { get; } = [];

    /// <summary>All that was sent.</summary>
    public List<byte> Sent { get; } = [];

    /// <summary>The steps of work that were done.</summary>
    public int Steps { get; private set; }

    /// <summary>Takes bytes in, in pieces of that length, and does all that follows from each.</summary>
    public void Receive(byte[] bytes, int pieceLength = int.MaxValue)
    {
        while (bytes.Length > 0)
        {
            int length = Math.Min(Math.Min(pieceLength, bytes.Length), Endpoint.Room);
            Endpoint.Receive(bytes.AsSpan(0, length));
            bytes = bytes[length..];
            Drain();
        }
    }

    /// <summary>Works and polls to idle.</summary>
    public void Drain()
    {
        Poll();
        while (Endpoint.HasWork)
        {
            Endpoint.Work();
            Steps++;
            Poll();
        }
    }

    /// <summary>Takes what is on its way to the other side.</summary>
    public byte[] TakeOutgoing()
    {
        Drain();
        byte[] bytes = [.. _outgoing];
        _outgoing.Clear();
        return bytes;
    }

    private void Poll()
    {
        while (true)
        {
            TlsOutput output = Endpoint.Poll(_buffer);
            switch (output.Kind)
            {
                case TlsOutputKind.Idle:
                    return;
                case TlsOutputKind.Send:
                    _outgoing.AddRange(output.Bytes);
                    Sent.AddRange(output.Bytes);
                    break;
                case TlsOutputKind.Received:
                    Received.AddRange(output.Bytes);
                    break;
                default:
                    Events.Add(output.Kind);
                    break;
            }
        }
    }
}

/// <summary>A client and a server, and the bytes between them.</summary>
internal sealed class TlsPair
{
    /// <summary>The present of all tests, in seconds since 1970.</summary>
    public const long Now = 1_900_000_000;

    public TlsPair(TlsSettings client, TlsSettings server, string? name = "pbx.example.com", long unixTime = TlsPair.Now)
    {
        Client = new TlsSide(TlsRole.Client, client, name, unixTime);
        Server = new TlsSide(TlsRole.Server, server, null, unixTime);
    }

    public TlsSide Client { get; }

    public TlsSide Server { get; }

    /// <summary>Bytes that are handed over at a time.</summary>
    public int PieceLength { get; set; } = int.MaxValue;

    public bool AreConnected => Client.Endpoint.State == TlsState.Connected && Server.Endpoint.State == TlsState.Connected;

    public static TlsSettings Settings(TrustAnchors? anchors = null, TlsIdentity? identity = null, int seed = 1) => new()
    {
        Random = new SeededRandom(seed),
        Anchors = anchors,
        Identity = identity,
    };

    /// <summary>Hands bytes over until neither side has anything more to say.</summary>
    public TlsPair Run()
    {
        while (Move(Client, Server) | Move(Server, Client))
        {
        }

        return this;
    }

    private bool Move(TlsSide from, TlsSide to)
    {
        byte[] bytes = from.TakeOutgoing();
        to.Receive(bytes, PieceLength);
        return bytes.Length > 0;
    }
}
