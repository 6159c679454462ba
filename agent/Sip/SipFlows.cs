using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>
/// The ways to all servers that we have accounts at, in the order of preference. All are registered at all times (RFC 5626 section 4.2.1),
/// so that calls come whichever server lives and none has to be noticed as dead first; our own calls take the first one that holds. A
/// preferred one that comes back wins again once its own registration holds.
/// </summary>
internal sealed class SipFlows
{
    private readonly SipFlow[] _flows;

    /// <summary>The ways to the servers of all accounts.</summary>
    public SipFlows(SipSettings settings, SipIdentity identity, IRandomSource random) =>
        _flows = [.. settings.Accounts.Select((account, index) => new SipFlow(settings, account, identity, index + 1, random))];

    /// <summary>All, in the order of preference.</summary>
    public IReadOnlyList<SipFlow> All => _flows;

    /// <summary>
    /// The one that our calls take: the first that is registered and answers, else the first that is registered. While there is none, the
    /// first: a server may take calls of who is not registered. Null without an account.
    /// </summary>
    public SipFlow? Preferred =>
        Array.Find(_flows, static flow => flow is { IsRegistered: true, IsDoubtful: false })
        ?? Array.Find(_flows, static flow => flow.IsRegistered)
        ?? _flows.FirstOrDefault();

    /// <summary>Whether a registration holds beside that one.</summary>
    public bool IsAnotherRegistered(SipFlow flow) => Array.Exists(_flows, other => other != flow && other.IsRegistered);

    /// <summary>
    /// Whether that is one of our proxies or registrars, whose word on who calls counts, and to whom a password may be proven: a stranger
    /// who challenged us could search for it at leisure.
    /// </summary>
    public bool IsServer(NetworkEndpoint address) => Find(address) is not null;

    /// <summary>
    /// The same way; to a server of ours that is named by its address alone, as in a route of its own, with the name that it must prove.
    /// </summary>
    public SipHop Named(SipHop hop) => hop is { Transport: SipTransport.Tls, Domain: null, Connection: 0 }
        && Array.Find(_flows, flow => flow.Server is { } server && server.IsSamePlace(hop)) is { Server.Domain: { } name }
            ? hop with { Domain = name }
            : hop;

    /// <summary>The way to the server at this address; of several accounts there, the one that calls take. Null for a stranger.</summary>
    public SipFlow? Find(NetworkEndpoint address) =>
        Preferred is { } preferred && preferred.LeadsTo(address) ? preferred : Array.Find(_flows, flow => flow.LeadsTo(address));
}
