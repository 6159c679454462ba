using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using BouncyCastleGroup = Org.BouncyCastle.Tls.NamedGroup;
using NamedGroup = IntercomAgent.Crypto.Dtls.NamedGroup;

namespace IntercomAgent.Tests.Bench.Handshakes;

/// <summary>What all handshakes of one end share.</summary>
internal sealed class BouncyCastleEnd(NamedGroup group, Credentials credentials)
{
    /// <summary>In milliseconds: a handshake that goes on for so long stands still.</summary>
    public const int Patience = 10_000;

    public BcTlsCrypto Crypto { get; } = new(new SecureRandom());

    public int[] Suites { get; } = [CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256];

    /// <summary>The first is taken for the key exchange; the certificates need P-256 among them.</summary>
    public int[] Groups { get; } = group == NamedGroup.X25519
        ? [BouncyCastleGroup.x25519, BouncyCastleGroup.secp256r1]
        : [BouncyCastleGroup.secp256r1];

    public UseSrtpData Srtp { get; } = new([SrtpProtectionProfile.SRTP_AEAD_AES_128_GCM], TlsUtilities.EmptyBytes);

    public TlsCredentialedSigner Sign(TlsContext context) => new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        Crypto,
        PrivateKeyFactory.CreateKey(credentials.Pkcs8),
        new Certificate([new BcTlsCertificate(Crypto, credentials.Certificate)]),
        SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));

    /// <summary>The keys for SRTP, which every user of such a handshake exports.</summary>
    public static void Export(TlsContext context) => _ = context.ExportKeyingMaterial(ExporterLabel.dtls_srtp, null, 56);
}
