using System;

namespace IntercomAgent.Rtp;

/// <summary>What kinds of datagram share a media port.</summary>
internal enum MediaDatagramKind
{
    /// <summary>Nothing that belongs on a media port; to be dropped and counted.</summary>
    Unknown,

    /// <summary>STUN (RFC 8489).</summary>
    Stun,

    /// <summary>DTLS.</summary>
    Dtls,

    /// <summary>RTP or SRTP.</summary>
    Rtp,

    /// <summary>RTCP or SRTCP.</summary>
    Rtcp,
}

/// <summary>Tells the protocols on a media port apart (RFC 7983 section 7, RFC 5761 section 4).</summary>
internal static class MediaDatagram
{
    /// <summary>Says by its first two bytes what a datagram is. Whether it is well-formed is for its own parser to find out.</summary>
    public static MediaDatagramKind Classify(ReadOnlySpan<byte> datagram) => datagram switch
    {
        [<= 3, ..] => MediaDatagramKind.Stun,
        [>= 20 and <= 63, ..] => MediaDatagramKind.Dtls,
        // RFC 5761 section 4: an RTCP packet type, seen as marker and payload type, is one that no RTP payload may have.
        [>= 128 and <= 191, >= 192 and <= 223, ..] => MediaDatagramKind.Rtcp,
        [>= 128 and <= 191, _, ..] => MediaDatagramKind.Rtp,
        _ => MediaDatagramKind.Unknown,
    };
}
