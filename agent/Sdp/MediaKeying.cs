using System;

namespace IntercomAgent.Sdp;

/// <summary>Where the keys that protect a media line come from; the better way first.</summary>
internal enum MediaKeying
{
    /// <summary>From a DTLS handshake on the media's own way (RFC 5764).</summary>
    Dtls,

    /// <summary>From the signalling: <c>a=crypto</c> (RFC 4568).</summary>
    Signalling,

    /// <summary>There are none: plain RTP.</summary>
    None,

    /// <summary>The transport is not ours.</summary>
    Unknown,
}

/// <summary>What offers of ours ask for.</summary>
internal static class MediaKeyings
{
    /// <summary>The protocol that a first offer names. Without a demand for keys it is the plain one (RFC 8643 section 3.1).</summary>
    public static string OfferedProtocol(this MediaKeying keying) => keying switch
    {
        MediaKeying.Dtls => "UDP/TLS/RTP/SAVP",
        MediaKeying.Signalling => "RTP/SAVP",
        MediaKeying.None => "RTP/AVP",
        MediaKeying.Unknown => throw new ArgumentOutOfRangeException(nameof(keying)),
    };
}
