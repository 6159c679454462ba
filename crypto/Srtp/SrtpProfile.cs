namespace IntercomAgent.Crypto.Srtp;

/// <summary>
/// What protects a session's packets, by the number that <c>use_srtp</c> negotiates (RFC 5764 section 4.1.2, RFC 7714 section 14.2).
/// A number from the wire is cast only after it was compared with these.
/// </summary>
public enum SrtpProfile : ushort
{
    /// <summary>AES-128 in counter mode, HMAC-SHA1 cut to 80 bits.</summary>
    AesCm128HmacSha1Tag80 = 1,

    /// <summary>AES-128 in counter mode, HMAC-SHA1 cut to 32 bits for RTP and to 80 bits for RTCP.</summary>
    AesCm128HmacSha1Tag32 = 2,

    /// <summary>AES-128 in Galois/counter mode.</summary>
    AeadAes128Gcm = 7,

    /// <summary>AES-256 in Galois/counter mode.</summary>
    AeadAes256Gcm = 8,
}

/// <summary>The lengths and the name that belong to each <see cref="SrtpProfile"/>.</summary>
public static class SrtpProfileParameters
{
    extension(SrtpProfile profile)
    {
        /// <summary>Whether one AEAD both encrypts and authenticates (RFC 7714).</summary>
        public bool IsAead => profile is SrtpProfile.AeadAes128Gcm or SrtpProfile.AeadAes256Gcm;

        /// <summary>Length of the master key, and of the session encryption key, in bytes.</summary>
        public int KeyLength => profile switch
        {
            SrtpProfile.AesCm128HmacSha1Tag80 or SrtpProfile.AesCm128HmacSha1Tag32 or SrtpProfile.AeadAes128Gcm => 16,
            SrtpProfile.AeadAes256Gcm => 32,
        };

        /// <summary>Length of the master salt, and of the session salt, in bytes.</summary>
        public int SaltLength => profile.IsAead ? 12 : 14;

        /// <summary>How many bytes the authentication tag adds to an RTP packet.</summary>
        public int RtpTagLength => profile switch
        {
            SrtpProfile.AesCm128HmacSha1Tag80 => 10,
            SrtpProfile.AesCm128HmacSha1Tag32 => 4,
            SrtpProfile.AeadAes128Gcm or SrtpProfile.AeadAes256Gcm => 16,
        };

        /// <summary>
        /// How many bytes the authentication tag adds to an RTCP packet, beside the four of the index. RTCP is never cut to
        /// 32 bits: RFC 5764 section 4.1.2 gives both counter-mode profiles an SRTCP tag of 80.
        /// </summary>
        public int RtcpTagLength => profile.IsAead ? 16 : 10;

        /// <summary>The profile's name in the IANA registry, for logs and for people.</summary>
        public string Name => profile switch
        {
            SrtpProfile.AesCm128HmacSha1Tag80 => "SRTP_AES128_CM_HMAC_SHA1_80",
            SrtpProfile.AesCm128HmacSha1Tag32 => "SRTP_AES128_CM_HMAC_SHA1_32",
            SrtpProfile.AeadAes128Gcm => "SRTP_AEAD_AES_128_GCM",
            SrtpProfile.AeadAes256Gcm => "SRTP_AEAD_AES_256_GCM",
        };

        /// <summary>What <c>a=crypto</c> calls it (RFC 4568 section 6.2, RFC 7714 section 14.1), and the configuration.</summary>
        public string SuiteName => profile switch
        {
            SrtpProfile.AesCm128HmacSha1Tag80 => "AES_CM_128_HMAC_SHA1_80",
            SrtpProfile.AesCm128HmacSha1Tag32 => "AES_CM_128_HMAC_SHA1_32",
            SrtpProfile.AeadAes128Gcm => "AEAD_AES_128_GCM",
            SrtpProfile.AeadAes256Gcm => "AEAD_AES_256_GCM",
        };
    }
}
