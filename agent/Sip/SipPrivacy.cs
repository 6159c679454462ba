using System;

namespace IntercomAgent.Sip;

/// <summary>Who can read the signalling of a call; the fewer the greater.</summary>
internal enum SipPrivacy
{
    /// <summary>Whoever is on its way: some of it goes, or would go, by UDP or TCP.</summary>
    None,

    /// <summary>Whoever is behind the next server: up to there it goes over TLS.</summary>
    NextHop,

    /// <summary>The servers on its way alone: the call is to a SIPS URI, which goes over TLS hop by hop (RFC 3261 section 26.2.2).</summary>
    AllHops,
}

/// <summary>How the privacy of a call follows from its way.</summary>
internal static class SipPrivacies
{
    /// <summary>Of a call to a URI that goes this way.</summary>
    public static SipPrivacy Of(SipHop hop, string targetUri) =>
        Of(hop, targetUri.StartsWith("sips:", StringComparison.OrdinalIgnoreCase));

    /// <summary>Of a call that goes this way.</summary>
    public static SipPrivacy Of(SipHop hop, bool isSips) =>
        hop.Transport != SipTransport.Tls ? SipPrivacy.None : isSips ? SipPrivacy.AllHops : SipPrivacy.NextHop;
}
