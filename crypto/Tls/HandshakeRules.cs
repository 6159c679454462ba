using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Certificates;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;

namespace IntercomAgent.Crypto.Tls;

/// <summary>What both sides of TLS have in common (RFC 9325): the versions, cipher suites, curves and signatures that we speak.</summary>
internal static class HandshakeRules
{
    /// <summary>The longest message of a handshake in bytes: eight certificates with keys of 4096 bits fit.</summary>
    public const int MaximumMessage = 16 * 1024;

    /// <summary>TLS 1.3 and 1.2; RFC 8996 forbids what was before.</summary>
    public static ProtocolVersion[] Versions(TlsSettings settings) =>
        (settings.AllowTls13 ? ProtocolVersion.TLSv13 : ProtocolVersion.TLSv12).DownTo(ProtocolVersion.TLSv12);

    /// <summary>With a key for each connection and authenticated encryption: all that RFC 9325 section 4.2 recommends.</summary>
    public static int[] CipherSuites =>
    [
        CipherSuite.TLS_AES_128_GCM_SHA256,
        CipherSuite.TLS_AES_256_GCM_SHA384,
        CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

    /// <summary>The curves, the preferred one first: it costs a board the least.</summary>
    public static int[] Groups => [NamedGroup.x25519, NamedGroup.secp256r1, NamedGroup.secp384r1];

    /// <summary>The signatures that we accept in a handshake.</summary>
    public static IList<SignatureAndHashAlgorithm> Signatures =>
        [.. SignatureSchemeParameters.Accepted.ToArray().Select(OwnTlsCertificate.PartsOf)];

    /// <summary>The curves only for the key exchange: nothing else is ever created.</summary>
    public static TlsKeyExchangeFactory KeyExchanges => new EllipticCurvesOnly();

    /// <summary>The alert that tells the peer what is wrong with its certificate (RFC 8446 section 6.2).</summary>
    public static short AlertOf(CertificateVerdict verdict) => verdict switch
    {
        CertificateVerdict.Unreadable => AlertDescription.bad_certificate,
        CertificateVerdict.UnknownAuthority => AlertDescription.unknown_ca,
        CertificateVerdict.Expired or CertificateVerdict.NotYetValid => AlertDescription.certificate_expired,
        CertificateVerdict.UnsupportedKey or CertificateVerdict.WrongPurpose => AlertDescription.unsupported_certificate,
        CertificateVerdict.UnknownExtension or CertificateVerdict.NotPinned or CertificateVerdict.WrongName
            => AlertDescription.certificate_unknown,
        CertificateVerdict.Trusted => AlertDescription.internal_error,
    };

    private sealed class EllipticCurvesOnly : AbstractTlsKeyExchangeFactory
    {
        public override TlsKeyExchange CreateECDheKeyExchangeClient(int keyExchange) => new TlsECDheKeyExchange(keyExchange);

        public override TlsKeyExchange CreateECDheKeyExchangeServer(int keyExchange, TlsECConfig ecConfig) =>
            new TlsECDheKeyExchange(keyExchange, ecConfig);
    }
}
