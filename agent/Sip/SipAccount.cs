using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>An account at a registrar, as it is configured.</summary>
/// <param name="Registrar">Where REGISTER goes when there is no proxy.</param>
/// <param name="User">The user name for digest authentication.</param>
/// <param name="Password">The password for digest authentication.</param>
/// <param name="Expires">How long a registration is asked to hold.</param>
internal sealed record SipAccount(SipServer Registrar, string User, Secret Password, TimeSpan Expires)
{
    /// <summary>Where every request outside a dialog goes first; null for none.</summary>
    public SipServer? OutboundProxy { get; init; }

    /// <summary>The address that is registered, <c>door@example.org</c>; null for the one that the settings name.</summary>
    public string? AddressOfRecord { get; init; }

    /// <summary>
    /// Whether the password may be proven with MD5, where the server offers nothing better. Whoever hears such a proof, or asks for it in
    /// the server's name, can try passwords a thousand times as fast.
    /// </summary>
    public bool AllowsMd5 { get; init; } = true;

    /// <summary>
    /// Whether the URI that leads here from everywhere (RFC 5627) is asked for and used. Not unless somebody says so: registrars hand such
    /// URIs out whose proxies do not follow them, and then nothing that a telephone says in a call arrives, not even its end.
    /// </summary>
    public bool UsesGruu { get; init; }

    /// <summary>
    /// The longest pause between two datagrams to a server that sees us at another address than our own, and that asks for nothing better:
    /// a translator in between forgets us otherwise. Zero for no such datagrams.
    /// </summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>
    /// How often its server is asked, between two REGISTERs, whether it still answers, so that a dead one is noticed and another account
    /// taken before somebody rings; zero for never.
    /// </summary>
    public TimeSpan Probe { get; init; }

    /// <summary>What a person calls it, where there are several: where its requests go.</summary>
    public string Name => (OutboundProxy ?? Registrar).Text;

    /// <summary>The registrar as the host of a URI: without the port where that is the usual one.</summary>
    public string Host => Registrar.Host;
}
