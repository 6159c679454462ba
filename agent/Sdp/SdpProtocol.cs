namespace IntercomAgent.Sdp;

/// <summary>How a media line transports its media.</summary>
internal enum SdpProtocol
{
    /// <summary><c>RTP/AVP</c>: plain RTP (RFC 3551).</summary>
    RtpAvp,

    /// <summary><c>RTP/AVPF</c>: plain RTP with feedback (RFC 4585).</summary>
    RtpAvpf,

    /// <summary><c>RTP/SAVP</c>: SRTP whose keys come in the signalling (RFC 3711).</summary>
    RtpSavp,

    /// <summary><c>RTP/SAVPF</c>: the same with feedback (RFC 5124).</summary>
    RtpSavpf,

    /// <summary><c>UDP/TLS/RTP/SAVP</c>: SRTP whose keys come from DTLS (RFC 5764 section 8).</summary>
    UdpTlsRtpSavp,

    /// <summary><c>UDP/TLS/RTP/SAVPF</c>: the same with feedback.</summary>
    UdpTlsRtpSavpf,

    /// <summary>Anything else.</summary>
    Unknown,
}

/// <summary>The names of the protocols.</summary>
internal static class SdpProtocols
{
    /// <summary>Reads the third field of a media line.</summary>
    public static SdpProtocol Read(string name) => name switch
    {
        "RTP/AVP" => SdpProtocol.RtpAvp,
        "RTP/AVPF" => SdpProtocol.RtpAvpf,
        "RTP/SAVP" => SdpProtocol.RtpSavp,
        "RTP/SAVPF" => SdpProtocol.RtpSavpf,
        "UDP/TLS/RTP/SAVP" => SdpProtocol.UdpTlsRtpSavp,
        "UDP/TLS/RTP/SAVPF" => SdpProtocol.UdpTlsRtpSavpf,
        _ => SdpProtocol.Unknown,
    };

    /// <summary>
    /// Where the keys of a media line come from, by its protocol and by whether it has a fingerprint that we can use. With one, the older
    /// names mean DTLS as well: <c>RTP/SAVP</c> is how browsers, FreeSWITCH and rtpengine wrote it before RFC 5764 was common, and
    /// <c>RTP/AVP</c> offers encryption to whoever takes it (RFC 8643 section 3).
    /// </summary>
    public static MediaKeying Keying(this SdpProtocol protocol, bool hasFingerprint) => protocol switch
    {
        SdpProtocol.UdpTlsRtpSavp or SdpProtocol.UdpTlsRtpSavpf => MediaKeying.Dtls,
        SdpProtocol.RtpSavp or SdpProtocol.RtpSavpf => hasFingerprint ? MediaKeying.Dtls : MediaKeying.Signalling,
        SdpProtocol.RtpAvp or SdpProtocol.RtpAvpf => hasFingerprint ? MediaKeying.Dtls : MediaKeying.None,
        SdpProtocol.Unknown => MediaKeying.Unknown,
    };
}
