using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Tls;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>
/// All connections that carry SIP: it opens them when something is to be sent, takes those from outside, and finds the one that a
/// message belongs on (RFC 3261 section 18). Their number is bounded; for a new one the one from outside gives way that was silent for
/// longest.
/// </summary>
/// <param name="ports">Where connections come from.</param>
/// <param name="tls">Whom TLS trusts and what it proves itself with; null where TLS is not spoken.</param>
internal sealed class SipConnections(IStreamPorts ports, TlsSettings? tls = null) : IConnectionAddresses, IDisposable
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly SipConnection?[] _slots = new SipConnection?[SipLimits.Connections];
    private readonly Queue<ConnectionFailure> _failures = new();
    private readonly long[] _dropped = new long[(int)SipDropReason.Count];
    private int _lastNumber;
    private int _nextWorker;

    /// <summary>What added to an <see cref="Instant"/> gives the wall clock, in nanoseconds since 1970: for the dates of certificates.</summary>
    public long UnixTimeOffset { get; set; }

    /// <summary>Whether <see cref="Work"/> has something to do.</summary>
    public bool HasWork => Array.Exists(_slots, static slot => slot?.HasWork == true);

    /// <summary>Connections that are alive.</summary>
    public int Count => _slots.Length - Array.FindAll(_slots, static slot => slot is null).Length;

    /// <summary>When <see cref="Advance"/> has something to do.</summary>
    public Instant WakeAt
    {
        get
        {
            Instant soonest = Instant.Never;
            foreach (SipConnection? connection in _slots)
            {
                soonest = connection is null ? soonest : Instant.Soonest(soonest, connection.WakeAt);
            }

            return soonest;
        }
    }

    /// <summary>Whether a connection is over and that was not taken yet.</summary>
    public bool HasFailures => _failures.Count > 0;

    /// <summary>How many connections were closed because what came could not be read, for this reason.</summary>
    public long Dropped(SipDropReason reason) => _dropped[(int)reason];

    /// <summary>
    /// Sends a message on the connection that its hop names, else on one that leads there, else on a new one. Failure is told by
    /// <see cref="TryTakeFailure"/>.
    /// </summary>
    public void Send(SipHop to, ReadOnlySpan<byte> message, Instant now)
    {
        SipConnection? connection = Find(to) ?? Open(to, now);
        if (connection is not null)
        {
            connection.Send(message);
            CloseIfOver(connection);
        }
    }

    /// <inheritdoc/>
    public NetworkEndpoint? LocalOf(SipHop hop, Instant now) =>
        (Find(hop) ?? Open(hop, now))?.LocalEndpoint is { IsUnspecified: false } local ? local : null;

    /// <summary>Asks on the connection to there whether it lives. Without one, that is told as its failure.</summary>
    public void Ping(SipHop to, Instant now)
    {
        if (Find(to) is { } connection)
        {
            connection.Ping(now);
            CloseIfOver(connection);
        }
        else
        {
            _failures.Enqueue(new ConnectionFailure(to, "the connection is gone"));
        }
    }

    /// <summary>The network has changed: the connections that we have opened end, and what needs one opens another.</summary>
    public void Abandon()
    {
        foreach (SipConnection? connection in _slots)
        {
            if (connection is { IsOurs: true })
            {
                connection.Fail("the network has changed");
                CloseIfOver(connection);
            }
        }
    }

    /// <summary>Takes the connections that wait at a listener; where there is no room for more than one, one in this turn.</summary>
    public void Accept(SipTransport transport, Instant now)
    {
        int slot = FreeSlot();
        while (slot >= 0 && ports.Accept(transport, slot) is { } port)
        {
            SipHop hop = NewHop(new SipHop(transport, port.RemoteEndpoint));
            _slots[slot] = new SipConnection(Secure(port, hop, TlsRole.Server, now), hop, isOurs: false, now);
            MakeRoomFor(port.RemoteEndpoint);
            slot = Array.IndexOf(_slots, null);
        }
    }

    /// <summary>
    /// Does one expensive piece of work for one connection, each in its turn. Its slot is to be served and taken from then; -1 for none.
    /// </summary>
    public int Work()
    {
        for (int tried = 0; tried < _slots.Length; tried++)
        {
            int slot = (_nextWorker + tried) % _slots.Length;
            if (_slots[slot] is { HasWork: true } connection)
            {
                _nextWorker = slot + 1;
                connection.Work();
                return slot;
            }
        }

        return -1;
    }

    /// <summary>The port of a slot is ready: reads once. What arrived is taken with <see cref="TryTake"/>, to the last message.</summary>
    public void Serve(int slot, Instant now) => _slots[slot]?.Serve(now);

    /// <summary>The next message of a slot; false when there is none, and then a connection that is over is gone.</summary>
    public bool TryTake(int slot, Instant now, out ReadOnlySpan<byte> message, out SipHop from)
    {
        message = default;
        from = _slots[slot]?.Hop ?? default;
        if (_slots[slot] is not { } connection)
        {
            return false;
        }

        if (connection.TryTake(now, out message))
        {
            return true;
        }

        CloseIfOver(connection);
        return false;
    }

    /// <summary>The next connection that is over; false when there is none.</summary>
    public bool TryTakeFailure(out ConnectionFailure failure) => _failures.TryDequeue(out failure);

    /// <summary>Does what is due.</summary>
    public void Advance(Instant now)
    {
        foreach (SipConnection? connection in _slots)
        {
            if (connection is not null && connection.WakeAt <= now)
            {
                connection.Advance(now);
                CloseIfOver(connection);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SipConnection? connection in _slots)
        {
            connection?.Dispose();
        }

        Array.Clear(_slots);
    }

    private SipConnection? Find(SipHop to)
    {
        SipConnection? named = to.Connection == 0 ? null : Array.Find(_slots, connection => connection?.Hop.Connection == to.Connection);
        return named ?? Array.Find(_slots, connection => connection is not null && Leads(connection, to));
    }

    // RFC 5923 section 9.1: over a connection from outside only when its peer has proven to be whom the certificate must name. Who has
    // proven to be the one that we wanted at an address is also meant by the address alone: so a proxy names itself in Record-Route.
    private static bool Leads(SipConnection connection, SipHop to) =>
        (connection.Hop.IsSamePlace(to) && (connection.Hop.Domain == to.Domain || (to.Domain is null && connection.IsOurs)))
        || (to.Transport == SipTransport.Tls && connection.Alias == to.Endpoint && connection.PeerNames?.Contains(NameOf(to)) == true);

    private static string NameOf(SipHop to) => to.Domain ?? to.Endpoint.AddressText();

    private IStreamConnection Secure(IStreamConnection port, SipHop hop, TlsRole role, Instant now) =>
        hop.Transport == SipTransport.Tls && tls is not null
            ? new SecureConnection(port, role, tls, NameOf(hop), (UnixTimeOffset + now.Nanoseconds) / NanosecondsPerSecond)
            : port;

    private SipConnection? Open(SipHop to, Instant now)
    {
        if (to.Transport == SipTransport.Tls && tls is null)
        {
            // In the clear is not what was asked for.
            _failures.Enqueue(new ConnectionFailure(to, "TLS is not spoken here: there is no [sip.tls]"));
            return null;
        }

        int slot = FreeSlot();
        string? problem = "there are too many connections";
        if (slot < 0 || ports.Connect(to.Endpoint, slot, out problem) is not { } port)
        {
            _failures.Enqueue(new ConnectionFailure(to, problem ?? string.Empty));
            return null;
        }

        SipHop hop = NewHop(to);
        return _slots[slot] = new SipConnection(Secure(port, hop, TlsRole.Client, now), hop, isOurs: true, now);
    }

    private SipHop NewHop(SipHop to) => to with { Connection = ++_lastNumber };

    /// <summary>A free slot, or that of the connection from outside which was silent for longest; -1 when all are ours.</summary>
    private int FreeSlot()
    {
        int free = Array.IndexOf(_slots, null);
        if (free < 0 && Oldest(static _ => true) is { } oldest)
        {
            oldest.Fail("another connection needs its place");
            free = Array.IndexOf(_slots, oldest);
            CloseIfOver(oldest);
        }

        return free;
    }

    /// <summary>One address has no more than its share: its oldest connections give way.</summary>
    private void MakeRoomFor(NetworkEndpoint remote)
    {
        int count = Array.FindAll(_slots, connection => IsFrom(connection, remote)).Length;
        if (count > SipLimits.ConnectionsPerAddress && Oldest(connection => IsFrom(connection, remote)) is { } oldest)
        {
            oldest.Fail("another connection needs its place");
            CloseIfOver(oldest);
        }
    }

    private SipConnection? Oldest(Predicate<SipConnection> isMeant)
    {
        SipConnection? oldest = null;
        foreach (SipConnection? connection in _slots)
        {
            bool isOlder = connection is { IsOurs: false } && isMeant(connection)
                && (oldest is null
                    || (connection.ActiveAt, connection.Hop.Connection).CompareTo((oldest.ActiveAt, oldest.Hop.Connection)) < 0);
            oldest = isOlder ? connection : oldest;
        }

        return oldest;
    }

    private static bool IsFrom(SipConnection? connection, NetworkEndpoint remote) =>
        connection is { IsOurs: false } && connection.Hop.Endpoint.Address == remote.Address;

    private void CloseIfOver(SipConnection connection)
    {
        int slot = Array.IndexOf(_slots, connection);
        if (connection.Problem is null || slot < 0)
        {
            return;
        }

        if (connection.Fault is { } fault)
        {
            _dropped[(int)fault]++;
        }

        _slots[slot] = null;
        connection.Dispose();
        _failures.Enqueue(new ConnectionFailure(connection.Hop, connection.Problem));
    }
}

/// <summary>A connection that is over: whoever waits for an answer on it waits in vain (RFC 3261 section 18.4).</summary>
/// <param name="Hop">Where it led.</param>
/// <param name="Problem">Why it is over, in words for a person.</param>
internal readonly record struct ConnectionFailure(SipHop Hop, string Problem);
