using System;
using IntercomAgent.Crypto.Wire;

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

    /// <summary>The account at a registrar; null for none.</summary>
    public SipAccount? Account { get; init; }

    /// <summary>Where every request outside a dialog goes first; null for none.</summary>
    public SipHop? OutboundProxy { get; init; }

    /// <summary>Whether we speak TCP too, so that requests that are too large for a datagram go by that.</summary>
    public bool SpeaksTcp { get; init; }

    /// <summary>The port at which we take TLS connections.</summary>
    public ushort TlsPort { get; init; } = SipUri.DefaultTlsPort;

    /// <summary>What User-Agent says.</summary>
    public string UserAgent { get; init; } = "intercom-agent";

    /// <summary>The estimate of a round trip (RFC 3261 section 17.1.1.1).</summary>
    public TimeSpan T1 { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest interval between retransmissions of non-INVITE requests and INVITE responses.</summary>
    public TimeSpan T2 { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a message can stay in the network.</summary>
    public TimeSpan T4 { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>An account at a registrar.</summary>
/// <param name="Registrar">Where REGISTER goes.</param>
/// <param name="User">The user name for digest authentication.</param>
/// <param name="Password">The password for digest authentication.</param>
/// <param name="Expires">How long a registration is asked to hold.</param>
internal sealed record SipAccount(SipHop Registrar, string User, Secret Password, TimeSpan Expires);
