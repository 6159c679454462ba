using IntercomAgent.Crypto.Primitives;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// The cipher suites, by their number on the wire (RFC 5289 section 3.2, RFC 7905 section 2; with CBC RFC 8422 section 6).
/// </summary>
public enum DtlsCipherSuite : ushort
{
    /// <summary>TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, for old peers.</summary>
    EcdheEcdsaAes128CbcSha = 0xC009,

    /// <summary>TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, for old peers.</summary>
    EcdheRsaAes128CbcSha = 0xC013,

    /// <summary>TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256.</summary>
    EcdheEcdsaAes128GcmSha256 = 0xC02B,

    /// <summary>TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384.</summary>
    EcdheEcdsaAes256GcmSha384 = 0xC02C,

    /// <summary>TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256.</summary>
    EcdheRsaAes128GcmSha256 = 0xC02F,

    /// <summary>TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384.</summary>
    EcdheRsaAes256GcmSha384 = 0xC030,

    /// <summary>TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256.</summary>
    EcdheRsaChaCha20Poly1305Sha256 = 0xCCA8,

    /// <summary>TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256.</summary>
    EcdheEcdsaChaCha20Poly1305Sha256 = 0xCCA9,
}

/// <summary>What belongs to each <see cref="DtlsCipherSuite"/>.</summary>
public static class DtlsCipherSuiteParameters
{
    /// <summary>Length of the part of the nonce that the key schedule gives, with AES-GCM (RFC 5288 section 3).</summary>
    private const int GcmSaltLength = 4;

    extension(DtlsCipherSuite suite)
    {
        /// <summary>The suite's name in the IANA registry.</summary>
        public string Name => suite switch
        {
            DtlsCipherSuite.EcdheEcdsaAes128CbcSha => "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
            DtlsCipherSuite.EcdheRsaAes128CbcSha => "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
            DtlsCipherSuite.EcdheEcdsaAes128GcmSha256 => "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            DtlsCipherSuite.EcdheEcdsaAes256GcmSha384 => "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            DtlsCipherSuite.EcdheRsaAes128GcmSha256 => "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            DtlsCipherSuite.EcdheRsaAes256GcmSha384 => "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            DtlsCipherSuite.EcdheRsaChaCha20Poly1305Sha256 => "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            DtlsCipherSuite.EcdheEcdsaChaCha20Poly1305Sha256 => "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        };

        /// <summary>Whether the server signs with ECDSA; otherwise with RSA.</summary>
        internal bool IsEcdsa => suite is DtlsCipherSuite.EcdheEcdsaAes128GcmSha256 or DtlsCipherSuite.EcdheEcdsaAes256GcmSha384
            or DtlsCipherSuite.EcdheEcdsaChaCha20Poly1305Sha256 or DtlsCipherSuite.EcdheEcdsaAes128CbcSha;

        /// <summary>Whether the record cipher is AES-CBC with HMAC-SHA1; otherwise it is one with authentication built in.</summary>
        internal bool IsCbc => suite is DtlsCipherSuite.EcdheEcdsaAes128CbcSha or DtlsCipherSuite.EcdheRsaAes128CbcSha;

        /// <summary>Whether the record cipher is ChaCha20-Poly1305; otherwise it is AES.</summary>
        internal bool IsChaCha => suite is DtlsCipherSuite.EcdheRsaChaCha20Poly1305Sha256
            or DtlsCipherSuite.EcdheEcdsaChaCha20Poly1305Sha256;

        /// <summary>The hash of the pseudorandom function and of the transcript.</summary>
        internal DigestAlgorithm Digest => suite is DtlsCipherSuite.EcdheEcdsaAes256GcmSha384 or DtlsCipherSuite.EcdheRsaAes256GcmSha384
            ? DigestAlgorithm.Sha384
            : DigestAlgorithm.Sha256;

        /// <summary>Length of each direction's write MAC key in bytes.</summary>
        internal int MacKeyLength => suite.IsCbc ? RunningHash<Sha1>.HashLength : 0;

        /// <summary>Length of each direction's write key in bytes.</summary>
        internal int KeyLength =>
            suite.IsCbc || suite is DtlsCipherSuite.EcdheEcdsaAes128GcmSha256 or DtlsCipherSuite.EcdheRsaAes128GcmSha256 ? 16 : 32;

        /// <summary>Length of each direction's write IV in bytes; with CBC each record has its own.</summary>
        internal int FixedIvLength => suite.IsCbc ? 0 : suite.IsChaCha ? AeadCipher.NonceLength : GcmSaltLength;

        /// <summary>Length of the part of the nonce that each record carries, in bytes; not for CBC.</summary>
        internal int RecordIvLength => AeadCipher.NonceLength - suite.FixedIvLength;
    }
}
