using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>What calls and registration share: who we are, the transactions, and the way out.</summary>
internal sealed class SipCore
{
    /// <summary>The core of one endpoint.</summary>
    /// <param name="settings">As whom it speaks.</param>
    /// <param name="local">The address at which others reach it.</param>
    /// <param name="random">Where tags, branches and waits come from.</param>
    /// <param name="names">The name system; null where addresses are all that is known.</param>
    /// <param name="connections">Where we are on connections; null where that is not known.</param>
    public SipCore(
        SipSettings settings, NetworkEndpoint local, IRandomSource random, INameSystem? names = null, IConnectionAddresses? connections = null)
    {
        IReadOnlyList<SipTransport> spoken =
        [
            SipTransport.Udp,
            .. settings.SpeaksTcp ? [SipTransport.Tcp] : (ReadOnlySpan<SipTransport>)[],
            .. settings.SpeaksTls ? [SipTransport.Tls] : (ReadOnlySpan<SipTransport>)[],
        ];
        Locator = names is null ? null : new ServerLocator(names, spoken, random);
        Settings = settings;
        Times = new SipTimes(settings.T1, settings.T2, settings.T4);
        Identity = new SipIdentity(settings, local, random, connections);
        Flows = new SipFlows(settings, Identity, random);
        Transactions = new TransactionLayer(Identity, Times, Outputs, settings.SpeaksTcp);
    }

    /// <summary>The settings.</summary>
    public SipSettings Settings { get; }

    /// <summary>Whether the peer of a call may transfer it (REFER), or have another take its place (Replaces).</summary>
    public bool AllowsTransfer { get; set; }

    /// <summary>T1, T2 and T4.</summary>
    public SipTimes Times { get; }

    /// <summary>Who finds the servers of names; null where addresses are all that is known.</summary>
    public ServerLocator? Locator { get; }

    /// <summary>Who we are.</summary>
    public SipIdentity Identity { get; }

    /// <summary>The ways to the servers that we have accounts at.</summary>
    public SipFlows Flows { get; }

    /// <summary>What waits to be polled.</summary>
    public SipOutputQueue Outputs { get; } = new();

    /// <summary>All transactions.</summary>
    public TransactionLayer Transactions { get; }

    /// <summary>The Contact line of our requests and responses that travel on this hop.</summary>
    /// <param name="hop">The way.</param>
    /// <param name="isSips">Whether the call is to a SIPS URI: then ours is one too (RFC 5630 section 4).</param>
    public byte[] ContactLine(SipHop hop, bool isSips)
    {
        byte[] contact = Flows.Find(hop.Endpoint)?.DialogContact(hop) ?? Identity.Contact(hop, null);
        ReadOnlySpan<byte> rest = contact.AsSpan(contact.AsSpan().IndexOf((byte)':') + 1);
        return [.. "Contact: <"u8, .. isSips ? "sips:"u8 : "sip:"u8, .. rest, .. ">\r\n"u8];
    }
}
