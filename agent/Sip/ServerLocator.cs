using System;
using System.Collections.Generic;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>
/// Finds the servers of names (RFC 3263), and remembers which of them have failed, so that not every call waits for a dead one anew.
/// </summary>
/// <param name="names">The name system.</param>
/// <param name="supported">The transports that we speak, the preferred first.</param>
/// <param name="random">By which servers of one priority are picked.</param>
internal sealed class ServerLocator(INameSystem names, IReadOnlyList<SipTransport> supported, IRandomSource random)
{
    /// <summary>For how long a server that failed comes last: one that is mended rests a little, and one that is dead delays few calls.</summary>
    public static readonly TimeSpan FailureLife = TimeSpan.FromMinutes(5);

    /// <summary>The longest rest that a server may ask for by Retry-After; the other servers serve meanwhile.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromHours(1);

    /// <summary>Failed servers that are remembered: the targets of a few names, all of them dead.</summary>
    private const int MostFailures = 64;

    private readonly Dictionary<SipHop, Instant> _failures = [];

    /// <summary>Begins to look for the servers of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="otherwise">Who knows the way when the name system does not; null for nobody.</param>
    /// <param name="now">The current time.</param>
    public ServerRoute Find(TargetName name, SipHop? otherwise, Instant now)
    {
        names.Refresh(now);
        return new ServerRoute(this, new TargetSearch(name, supported, random), otherwise);
    }

    /// <summary>Begins to look for the servers of the name that an account's Service-Route begins with; else the registrar knows the way.</summary>
    public ServerRoute Find(TargetName name, SipFlow flow, Instant now)
    {
        names.Refresh(now);
        return new ServerRoute(this, new TargetSearch(name, supported, random), flow.Server, flow);
    }

    /// <summary>Begins to look for the servers of an account's name, in the order that is settled for it.</summary>
    public ServerRoute Find(SipFlow flow, Instant now)
    {
        names.Refresh(now);
        return new ServerRoute(this, FindAll(flow), otherwise: null);
    }

    /// <summary>All servers of an account's name, to go through with <see cref="Next"/>.</summary>
    public TargetSearch FindAll(SipFlow flow) => new(flow.Target.Name, supported, new SettledRandom(flow.Choice));

    /// <summary>The local address that leads to a server; null when no way does.</summary>
    public NetworkEndpoint? SourceTowards(SipHop server) => names.SourceTowards(server.Endpoint);

    /// <summary>Goes on with a search.</summary>
    public SearchState Next(TargetSearch search, Instant now, out SipHop server) => search.Next(names.Resolver, names, now, out server);

    /// <summary>A server failed: it comes last for a while.</summary>
    /// <param name="server">The server.</param>
    /// <param name="rest">How long it wants to be left alone; zero when it did not say.</param>
    /// <param name="now">The current time.</param>
    public void NoteFailure(SipHop server, TimeSpan rest, Instant now)
    {
        if (_failures.Count >= MostFailures)
        {
            _failures.Clear();
        }

        TimeSpan bounded = rest < LongestRest ? rest : LongestRest;
        _failures[Place(server)] = now + (rest > TimeSpan.Zero ? bounded : FailureLife);
    }

    /// <summary>A server answered: it is as good as any other.</summary>
    public void NoteSuccess(SipHop server) => _failures.Remove(Place(server));

    /// <summary>Whether a server failed not long ago.</summary>
    public bool HasFailed(SipHop server, Instant now) => _failures.TryGetValue(Place(server), out Instant until) && now < until;

    /// <summary>Reads the name that a URI leads to (RFC 3263 section 4); false for an address, and for a transport that we do not speak.</summary>
    public bool TryReadName(string uri, out TargetName name)
    {
        name = default;
        if (!SipUri.TryRead(Encoding.UTF8.GetBytes(uri), out SipUri read)
            || read.Scheme == SipScheme.Tel
            || SipHop.TryRead(read.Text, out _)
            || !TryReadTransport(read, out SipTransport? transport)
            || !DnsName.TryParse(Encoding.Latin1.GetString(read.Target), out string? host))
        {
            return false;
        }

        name = new TargetName(host, (ushort)read.Port, transport);
        return true;
    }

    private bool TryReadTransport(in SipUri uri, out SipTransport? transport)
    {
        bool isOpen = uri.Transport.IsEmpty && uri.Scheme == SipScheme.Sip;
        transport = isOpen ? null : uri.FindTransport();
        return isOpen || (transport is { } named && IsSpoken(named));
    }

    private bool IsSpoken(SipTransport transport)
    {
        foreach (SipTransport spoken in supported)
        {
            if (spoken == transport)
            {
                return true;
            }
        }

        return false;
    }

    private static SipHop Place(SipHop server) => new(server.Transport, server.Endpoint);
}
