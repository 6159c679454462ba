using System;
using System.Collections.Generic;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Logging;

namespace IntercomAgent;

/// <content>Which way leads to others, and what happens when that changes.</content>
internal sealed partial class AgentHost
{
    /// <summary>
    /// How long is waited for what belongs together: an interface that comes up brings its addresses and routes one after the other.
    /// </summary>
    private static readonly TimeSpan NetworkRest = TimeSpan.FromMilliseconds(250);

    private NetworkEndpoint? _located;
    private Instant _networkDue = Instant.Never;
    private bool _isLinkBack;
    private bool _isCutOff;

    /// <inheritdoc/>
    public NetworkEndpoint? FindLocal(NetworkEndpoint peer) =>
        _configuration.Sip.Local.IsUnspecified ? _machine.FindLocalAddress(peer) : _configuration.Sip.Local;

    /// <summary>
    /// The address that the registrar can reach our signalling at; without a network our own one, until there is a call. Each call
    /// has the address that leads to its peer.
    /// </summary>
    private NetworkEndpoint FindContact() =>
        (FindLocal(LikelyPeer) ?? NetworkEndpoint.FromIPv4(Loopback, 0)).WithPort(_ports.Signalling.LocalEndpoint.Port);

    /// <summary>The registrar, or where it was found last if it has a name; without one, or before it was found, nobody but we.</summary>
    private NetworkEndpoint LikelyPeer
    {
        get
        {
            IReadOnlyList<AccountConfiguration> accounts = _configuration.Sip.Accounts;
            ServerAddress? server = accounts.Count > 0 ? accounts[0].OutboundProxy ?? accounts[0].Registrar : null;
            return server is { IsName: false } known ? known.Address : _located ?? NetworkEndpoint.FromIPv4(Loopback, 0);
        }
    }

    private void ServeNetwork(Instant now)
    {
        while (_ports.Network?.TryTake(out NetworkChange change) == true)
        {
            _isLinkBack |= change == NetworkChange.LinkReturned;
            _networkDue = _networkDue == Instant.Never ? now + NetworkRest : _networkDue;
        }
    }

    /// <summary>
    /// The network has changed: calls go on at the address that leads to their peers now. Where the way to the registrar is back, or begins
    /// at another address, the registrations are made anew.
    /// </summary>
    private void FollowNetwork(Instant now)
    {
        if (now < _networkDue)
        {
            return;
        }

        _networkDue = Instant.Never;
        bool isCutOff = FindLocal(LikelyPeer) is null;
        bool isBack = !isCutOff && (_isCutOff || _isLinkBack);
        if (isCutOff && !_isCutOff)
        {
            HostLog.NetworkLost(_logger, LikelyPeer.AddressText());
        }

        _isCutOff = isCutOff;
        _isLinkBack &= isCutOff;
        if (!isCutOff && _switchboard.FollowNetwork(_registrations.HasAccounts ? FindContact() : null, isBack, now))
        {
            HostLog.NetworkReturned(_logger);
        }

        Settle(now);
    }
}
