namespace IntercomAgent.Sdp;

/// <summary>What becomes of a peer's description.</summary>
internal enum SdpVerdict
{
    /// <summary>There is an agreement.</summary>
    Accepted,

    /// <summary>It is not what RFC 8866 calls a session description, or an answer that does not match its offer.</summary>
    Malformed,

    /// <summary>It passes one of the <see cref="SdpLimits"/>.</summary>
    TooLarge,

    /// <summary>It has no audio, or only audio that is switched off (port 0).</summary>
    NoAudio,

    /// <summary>It wants plain RTP where only encrypted media are allowed.</summary>
    NotEncrypted,

    /// <summary>It wants another transport, or its keys from elsewhere than what was offered, or agreed on before.</summary>
    UnsupportedProtocol,

    /// <summary>It has SRTP keys in the signalling (RFC 4568), which is not allowed.</summary>
    SignalledKeys,

    /// <summary>It has SRTP keys in the signalling, which is allowed, and others can read them on their way.</summary>
    ExposedKeys,

    /// <summary>It has no <c>a=crypto</c> that we can use, or an answer one that was not offered.</summary>
    NoCommonCrypto,

    /// <summary>It wants media at a host name, a multicast group or the other address family.</summary>
    UnsupportedAddress,

    /// <summary>It has none of our codecs.</summary>
    NoCommonCodec,

    /// <summary>It has no fingerprint with a hash function that still authenticates.</summary>
    NoFingerprint,

    /// <summary>Its <c>a=setup</c> gives neither end of DTLS to anybody (RFC 8842 section 5.1).</summary>
    NoRole,

    /// <summary>It came out of turn: an offer while ours is open, or an answer without an offer.</summary>
    NotExpected,
}

/// <summary>How a verdict is told in SIP.</summary>
internal static class SdpVerdicts
{
    /// <summary>The verdict in words for a person.</summary>
    public static string Describe(this SdpVerdict verdict) => verdict switch
    {
        SdpVerdict.Accepted => "it is accepted",
        SdpVerdict.Malformed => "it is no session description, or does not match the offer",
        SdpVerdict.TooLarge => "it is too large",
        SdpVerdict.NoAudio => "it has no audio",
        SdpVerdict.NotEncrypted => "it wants unencrypted media, which media.allow_plain does not allow",
        SdpVerdict.UnsupportedProtocol => "it wants another transport than DTLS-SRTP, or than before",
        SdpVerdict.SignalledKeys => "it has SRTP keys in the signalling (SDES), which media.sdes does not allow",
        SdpVerdict.ExposedKeys => "it has SRTP keys in the signalling (SDES), which does not go over TLS as media.sdes wants it",
        SdpVerdict.NoCommonCrypto => "it has no a=crypto that can be used: see media.srtp_profiles in the configuration",
        SdpVerdict.UnsupportedAddress => "it wants media at a host name, a multicast group or the other address family",
        SdpVerdict.NoCommonCodec => "it has no codec of ours",
        SdpVerdict.NoFingerprint => "it has no fingerprint of a strong hash function",
        SdpVerdict.NoRole => "its a=setup gives nobody the first word",
        SdpVerdict.NotExpected => "it came out of turn",
    };

    /// <summary>The status of the response that refuses an offer (RFC 3261 section 13.3.1, RFC 3264 section 4).</summary>
    public static int StatusCode(this SdpVerdict verdict) => verdict switch
    {
        SdpVerdict.Accepted => 200,
        SdpVerdict.Malformed => 400,
        // RFC 3261 section 14.2: request pending.
        SdpVerdict.NotExpected => 491,
        SdpVerdict.TooLarge or SdpVerdict.NoAudio or SdpVerdict.NotEncrypted or SdpVerdict.UnsupportedProtocol
            or SdpVerdict.SignalledKeys or SdpVerdict.ExposedKeys or SdpVerdict.NoCommonCrypto or SdpVerdict.UnsupportedAddress
            or SdpVerdict.NoCommonCodec or SdpVerdict.NoFingerprint or SdpVerdict.NoRole => 488,
    };
}
