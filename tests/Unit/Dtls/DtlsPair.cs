using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Tests.Unit.Dtls;

/// <summary>One datagram on the link, numbered in the order of sending.</summary>
internal sealed record LinkDatagram(int Number, DtlsRole Sender, byte[] Bytes);

/// <summary>One side, its owner's part included: it works and polls until nothing is left to do, and keeps what came out.</summary>
internal sealed class DtlsSide(DtlsRole role, DtlsSettings settings, TransportPath path) : IDisposable
{
    private readonly byte[] _buffer = new byte[DtlsSettings.MaximumMaximumDatagram];

    public DtlsEndpoint Endpoint { get; } = new(role, settings);

    public DtlsIdentity Identity => settings.Identity;

    public TransportPath Path => path;

    public List<DtlsOutputKind> Events { get; } = [];

    public DtlsFailure? Failure { get; private set; }

    public DtlsAlert? Alert { get; private set; }

    public Instant WakeAt { get; private set; } = Instant.Never;

    /// <summary>Polls to idle, works one step, and so on until there is no work; gives each datagram and where it goes.</summary>
    public void Drain(Instant now, Action<byte[], TransportPath> send)
    {
        Poll(send);
        while (Endpoint.HasWork)
        {
            Endpoint.Work(now);
            Poll(send);
        }
    }

    public byte[] Export(int length = 60)
    {
        byte[] material = new byte[length];
        Endpoint.ExportKeyingMaterial("EXTRACTOR-dtls_srtp"u8, material);
        return material;
    }

    public void Dispose() => Endpoint.Dispose();

    private void Poll(Action<byte[], TransportPath> send)
    {
        while (true)
        {
            DtlsOutput output = Endpoint.Poll(_buffer);
            switch (output.Kind)
            {
                case DtlsOutputKind.Idle:
                    WakeAt = output.WakeAt;
                    return;
                case DtlsOutputKind.Send:
                    send(output.Datagram.ToArray(), output.Path);
                    break;
                case DtlsOutputKind.Failed:
                    Failure = output.Reason;
                    Alert = output.Alert;
                    Events.Add(output.Kind);
                    break;
                default:
                    Events.Add(output.Kind);
                    break;
            }
        }
    }
}

/// <summary>A client and a server on a virtual link and a clock that jumps to whatever is due next.</summary>
internal sealed class DtlsPair : IDisposable
{
    public static readonly TransportPath ClientPath = new(0x0A00_0001, 4000);
    public static readonly TransportPath ServerPath = new(0x0A00_0002, 5000);

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(10);

    // Keys cost time, and which one it is matters to no test.
    private static readonly DtlsIdentity ClientIdentity = DtlsIdentity.Create(new SeededRandom(1), 1_700_000_000);
    private static readonly DtlsIdentity ServerIdentity = DtlsIdentity.Create(new SeededRandom(2), 1_700_000_000);

    private readonly PriorityQueue<LinkDatagram, (long Due, int Order)> _link = new();
    private int _order;

    public DtlsPair(
        Func<DtlsSettings, DtlsSettings>? client = null, Func<DtlsSettings, DtlsSettings>? server = null, bool trust = true, int seed = 1)
    {
        DtlsSettings clientSettings = Settings(ClientIdentity, (2 * seed) + 100);
        DtlsSettings serverSettings = Settings(ServerIdentity, (2 * seed) + 101);
        Client = new DtlsSide(DtlsRole.Client, client?.Invoke(clientSettings) ?? clientSettings, ClientPath);
        Server = new DtlsSide(DtlsRole.Server, server?.Invoke(serverSettings) ?? serverSettings, ServerPath);
        if (trust)
        {
            Server.Endpoint.TrustPath(ClientPath);
        }
    }

    public DtlsSide Client { get; }

    public DtlsSide Server { get; }

    public Instant Now { get; set; } = new(1_000_000_000);

    /// <summary>All datagrams that were sent, in order.</summary>
    public List<LinkDatagram> Sent { get; } = [];

    /// <summary>When the copies of a datagram arrive; by default one, after the latency.</summary>
    public Func<LinkDatagram, IEnumerable<TimeSpan>> Weather { get; set; } = _ => [Latency];

    public bool AreConnected => Client.Endpoint.State == DtlsState.Connected && Server.Endpoint.State == DtlsState.Connected;

    public static DtlsSettings Settings(DtlsIdentity identity, int seed) => new()
    {
        Identity = identity,
        SrtpProfiles = [SrtpProfile.AeadAes128Gcm, SrtpProfile.AesCm128HmacSha1Tag80],
        Random = new SeededRandom(seed),
    };

    /// <summary>A link that loses nothing but what the predicate names.</summary>
    public static Func<LinkDatagram, IEnumerable<TimeSpan>> Losing(Func<LinkDatagram, bool> isLost) =>
        datagram => isLost(datagram) ? [] : [Latency];

    public DtlsSide Of(DtlsRole role) => role == DtlsRole.Client ? Client : Server;

    public DtlsPair Start()
    {
        Drain();
        Client.Endpoint.Start(ServerPath, Now);
        Drain();
        return this;
    }

    /// <summary>Goes on until nothing is under way and no timer runs, or the time is over.</summary>
    public DtlsPair Run(TimeSpan? limit = null)
    {
        Instant end = Now + (limit ?? TimeSpan.FromMinutes(5));
        while (Step(end))
        {
        }

        return this;
    }

    /// <summary>Goes on until the condition holds; false if it never does.</summary>
    public bool RunUntil(Func<bool> condition)
    {
        Instant end = Now + TimeSpan.FromMinutes(5);
        while (!condition())
        {
            if (!Step(end))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Gives a side a datagram at once, from its peer's path unless another is named.</summary>
    public void Deliver(DtlsRole receiver, ReadOnlySpan<byte> datagram, TransportPath? from = null)
    {
        Of(receiver).Endpoint.Receive(datagram, from ?? (receiver == DtlsRole.Client ? ServerPath : ClientPath), Now);
        Drain();
    }

    /// <summary>Lets both sides do what they want to do now.</summary>
    public void Drain()
    {
        Client.Drain(Now, (bytes, path) => Transmit(DtlsRole.Client, bytes));
        Server.Drain(Now, (bytes, path) => Transmit(DtlsRole.Server, bytes));
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }

    private void Transmit(DtlsRole sender, byte[] bytes)
    {
        LinkDatagram datagram = new(Sent.Count, sender, bytes);
        Sent.Add(datagram);
        foreach (TimeSpan delay in Weather(datagram))
        {
            _link.Enqueue(datagram, ((Now + delay).Nanoseconds, _order++));
        }
    }

    private bool Step(Instant end)
    {
        Instant next = Instant.Soonest(Client.WakeAt, Server.WakeAt);
        if (_link.TryPeek(out _, out (long Due, int Order) priority))
        {
            next = Instant.Soonest(next, new Instant(priority.Due));
        }

        if (next == Instant.Never || next > end)
        {
            return false;
        }

        Now = next > Now ? next : Now;
        while (_link.TryPeek(out LinkDatagram? datagram, out priority) && priority.Due <= Now.Nanoseconds)
        {
            _ = _link.Dequeue();
            DtlsRole receiver = datagram.Sender == DtlsRole.Client ? DtlsRole.Server : DtlsRole.Client;
            Deliver(receiver, datagram.Bytes);
        }

        Client.Endpoint.Advance(Now);
        Server.Endpoint.Advance(Now);
        Drain();
        return true;
    }
}
