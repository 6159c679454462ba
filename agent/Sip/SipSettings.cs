using System;
using System.Collections.Generic;

namespace IntercomAgent.Sip;

/// <summary>As whom we speak SIP, and how patiently.</summary>
internal sealed record SipSettings
{
    /// <summary>The name that a called telephone shows; empty for none.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The user part of our own address.</summary>
    public required string User { get; init; }

    /// <summary>The host part of our own address; null means the registrar's, or else the local address.</summary>
    public string? Domain { get; init; }

    /// <summary>The accounts at registrars, the preferred first; none where calls go from station to station.</summary>
    public IReadOnlyList<SipAccount> Accounts { get; init; } = [];

    /// <summary>Whether we speak TCP too, so that requests that are too large for a datagram go by that.</summary>
    public bool SpeaksTcp { get; init; }

    /// <summary>Whether we speak TLS too, so that names which offer it are found by it.</summary>
    public bool SpeaksTls { get; init; }

    /// <summary>The port at which we take TLS connections.</summary>
    public ushort TlsPort { get; init; } = SipUri.DefaultTlsPort;

    /// <summary>
    /// Whether we have a certificate, so that who knows us by it may call us over a TLS connection that we have opened (RFC 5923).
    /// </summary>
    public bool OffersAlias { get; init; }

    /// <summary>Who proves a password before it is served; null when nobody has to. Our own proxy does not have to in any case.</summary>
    public DigestServerSettings? Callers { get; init; }

    /// <summary>
    /// The name that this device has in all its lives and networks, <c>urn:uuid:…</c> (RFC 5626 section 4.1); null for none, and then no
    /// registrar is asked for what needs one.
    /// </summary>
    public string? Instance { get; init; }

    /// <summary>What User-Agent says.</summary>
    public string UserAgent { get; init; } = "intercom-agent";

    /// <summary>Whether strangers are taken in only as fast as one station can bear: <see cref="Admission"/>.</summary>
    public bool LimitsStrangers { get; init; }

    /// <summary>The estimate of a round trip (RFC 3261 section 17.1.1.1).</summary>
    public TimeSpan T1 { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest interval between retransmissions of non-INVITE requests and INVITE responses.</summary>
    public TimeSpan T2 { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a message can stay in the network.</summary>
    public TimeSpan T4 { get; init; } = TimeSpan.FromSeconds(5);
}
