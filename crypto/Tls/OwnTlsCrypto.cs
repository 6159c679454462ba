using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Crypto.Wire;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl;
using NamedGroup = IntercomAgent.Crypto.Dtls.NamedGroup;
using ProtocolVersion = Org.BouncyCastle.Tls.ProtocolVersion;

namespace IntercomAgent.Crypto.Tls;

/// <summary>
/// What BouncyCastle's protocol computes with: our primitives and our randomness in place of its own, whose SecureRandom would load
/// OpenSSL and whose arithmetic on curves would hold up the loop. All that is not here is refused.
/// </summary>
/// <param name="random">Where randoms and ephemeral keys come from.</param>
internal sealed class OwnTlsCrypto(IRandomSource random) : AbstractTlsCrypto
{
    private const int Aes128KeyLength = 16;
    private const int Aes256KeyLength = 32;
    private const int ChaChaKeyLength = 32;
    private const int TagLength = 16;

    /// <summary>Nobody asks for it: what would is not here.</summary>
#pragma warning disable RS0030 // The name stands here because the base class has it; no object of it comes into being.
    public override Org.BouncyCastle.Security.SecureRandom SecureRandom => throw Refused();
#pragma warning restore RS0030

    /// <summary>The hash by BouncyCastle's number.</summary>
    public static DigestAlgorithm DigestOf(int cryptoHashAlgorithm) => cryptoHashAlgorithm switch
    {
        CryptoHashAlgorithm.sha256 => DigestAlgorithm.Sha256,
        CryptoHashAlgorithm.sha384 => DigestAlgorithm.Sha384,
        CryptoHashAlgorithm.sha512 => DigestAlgorithm.Sha512,
        _ => throw Refused(),
    };

    /// <inheritdoc/>
    public override TlsCertificate CreateCertificate(short type, byte[] encoding) => type == CertificateType.X509
        ? new OwnTlsCertificate(PathCertificate.TryRead(encoding) ?? throw new TlsFatalAlert(AlertDescription.bad_certificate))
        : throw new TlsFatalAlert(AlertDescription.unsupported_certificate);

    /// <inheritdoc/>
    public override TlsCipher CreateCipher(TlsCryptoParameters cryptoParams, int encryptionAlgorithm, int macAlgorithm)
    {
        bool isChaCha = encryptionAlgorithm == EncryptionAlgorithm.CHACHA20_POLY1305;
        int keyLength = encryptionAlgorithm switch
        {
            EncryptionAlgorithm.AES_128_GCM => Aes128KeyLength,
            EncryptionAlgorithm.AES_256_GCM => Aes256KeyLength,
            EncryptionAlgorithm.CHACHA20_POLY1305 => ChaChaKeyLength,
            _ => throw Refused(),
        };
        OwnRecordCipher encrypting = new(isChaCha, isEncrypting: true);
        OwnRecordCipher decrypting = new(isChaCha, isEncrypting: false);
        int kind = isChaCha ? TlsAeadCipher.AEAD_CHACHA20_POLY1305 : TlsAeadCipher.AEAD_GCM;
        return new TlsAeadCipher(cryptoParams, encrypting, decrypting, keyLength, TagLength, kind);
    }

    /// <inheritdoc/>
    public override TlsECDomain CreateECDomain(TlsECConfig ecConfig) => new Curve(this, (NamedGroup)ecConfig.NamedGroup, random);

    /// <inheritdoc/>
    public override TlsHash CreateHash(int cryptoHashAlgorithm) => OwnTlsHash.Create(DigestOf(cryptoHashAlgorithm));

    /// <inheritdoc/>
    public override TlsHmac CreateHmacForHash(int cryptoHashAlgorithm) => new OwnTlsHmac(DigestOf(cryptoHashAlgorithm));

    /// <inheritdoc/>
    public override TlsHmac CreateHmac(int macAlgorithm) => CreateHmacForHash(TlsCryptoUtilities.GetHashForHmac(macAlgorithm));

    /// <inheritdoc/>
    public override TlsSecret CreateSecret(byte[] data) => new OwnTlsSecret(this, [.. data]);

    /// <inheritdoc/>
    public override TlsSecret HkdfInit(int cryptoHashAlgorithm) =>
        new OwnTlsSecret(this, new byte[MessageDigest.Length(DigestOf(cryptoHashAlgorithm))]);

    /// <inheritdoc/>
    public override TlsNonceGenerator CreateNonceGenerator(byte[] additionalSeedMaterial) => new Nonces(random);

    /// <inheritdoc/>
    public override TlsNonceGenerator CreateNonceGenerator(ReadOnlySpan<byte> additionalSeedMaterial) => new Nonces(random);

    /// <inheritdoc/>
    public override TlsSecret CreateHybridSecret(TlsSecret s1, TlsSecret s2) => throw Refused();

    /// <inheritdoc/>
    public override TlsSecret GenerateRsaPreMasterSecret(ProtocolVersion clientVersion) => throw Refused();

    /// <inheritdoc/>
    public override TlsDHDomain CreateDHDomain(TlsDHConfig dhConfig) => throw Refused();

    /// <inheritdoc/>
    public override TlsKemDomain CreateKemDomain(TlsKemConfig kemConfig) => throw Refused();

    /// <inheritdoc/>
    public override TlsSrp6Client CreateSrp6Client(TlsSrpConfig srpConfig) => throw Refused();

    /// <inheritdoc/>
    public override TlsSrp6Server CreateSrp6Server(TlsSrpConfig srpConfig, BigInteger srpVerifier) => throw Refused();

    /// <inheritdoc/>
    public override TlsSrp6VerifierGenerator CreateSrp6VerifierGenerator(TlsSrpConfig srpConfig) => throw Refused();

    /// <inheritdoc/>
    public override bool HasAnyStreamVerifiers(IList<SignatureAndHashAlgorithm> signatureAndHashAlgorithms) => false;

    /// <inheritdoc/>
    public override bool HasAnyStreamVerifiersLegacy(short[] clientCertificateTypes) => false;

    /// <inheritdoc/>
    public override bool HasCryptoHashAlgorithm(int cryptoHashAlgorithm) => cryptoHashAlgorithm
        is CryptoHashAlgorithm.sha256 or CryptoHashAlgorithm.sha384 or CryptoHashAlgorithm.sha512;

    /// <inheritdoc/>
    public override bool HasHkdfAlgorithm(int cryptoHashAlgorithm) => HasCryptoHashAlgorithm(cryptoHashAlgorithm);

    /// <inheritdoc/>
    public override bool HasEncryptionAlgorithm(int encryptionAlgorithm) => encryptionAlgorithm
        is EncryptionAlgorithm.AES_128_GCM or EncryptionAlgorithm.AES_256_GCM or EncryptionAlgorithm.CHACHA20_POLY1305;

    /// <inheritdoc/>
    public override bool HasCryptoSignatureAlgorithm(int cryptoSignatureAlgorithm) => cryptoSignatureAlgorithm
        is CryptoSignatureAlgorithm.rsa or CryptoSignatureAlgorithm.ecdsa or CryptoSignatureAlgorithm.rsa_pss_rsae_sha256
        or CryptoSignatureAlgorithm.rsa_pss_rsae_sha384 or CryptoSignatureAlgorithm.rsa_pss_rsae_sha512;

    /// <inheritdoc/>
    public override bool HasSignatureAlgorithm(short signatureAlgorithm) => HasCryptoSignatureAlgorithm(signatureAlgorithm);

    /// <inheritdoc/>
    public override bool HasSignatureAndHashAlgorithm(SignatureAndHashAlgorithm sigAndHashAlgorithm) =>
        OwnTlsCertificate.SchemeOf(sigAndHashAlgorithm) is not null;

    /// <inheritdoc/>
    public override bool HasSignatureScheme(int signatureScheme) => Enum.IsDefined((Certificates.SignatureScheme)signatureScheme);

    /// <inheritdoc/>
    public override bool HasNamedGroup(int namedGroup) => Enum.IsDefined((NamedGroup)namedGroup);

    /// <inheritdoc/>
    public override bool HasMacAlgorithm(int macAlgorithm) => false;

    /// <inheritdoc/>
    public override bool HasECDHAgreement() => true;

    /// <inheritdoc/>
    public override bool HasDHAgreement() => false;

    /// <inheritdoc/>
    public override bool HasKemAgreement() => false;

    /// <inheritdoc/>
    public override bool HasRsaEncryption() => false;

    /// <inheritdoc/>
    public override bool HasSrpAuthentication() => false;

    private static TlsFatalAlert Refused() => new(AlertDescription.internal_error);

    /// <summary>One curve; each agreement on it has a key of its own.</summary>
    private sealed class Curve(OwnTlsCrypto crypto, NamedGroup group, IRandomSource random) : TlsECDomain
    {
        public TlsAgreement CreateECDH() => new Agreement(crypto, group, random);
    }

    private sealed class Agreement(OwnTlsCrypto crypto, NamedGroup group, IRandomSource random) : TlsAgreement
    {
        private KeyShare? _own;
        private byte[] _peer = [];

        public byte[] GenerateEphemeral()
        {
            _own = KeyShare.Generate(group, random);
            return _own.PublicKey;
        }

        public void ReceivePeerValue(byte[] peerValue) => _peer = peerValue;

        public TlsSecret CalculateSecret() => _own?.Agree(_peer) is { } secret
            ? new OwnTlsSecret(crypto, secret)
            : throw new TlsFatalAlert(AlertDescription.illegal_parameter);
    }

    private sealed class Nonces(IRandomSource random) : TlsNonceGenerator
    {
        public byte[] GenerateNonce(int size)
        {
            byte[] nonce = new byte[size];
            random.Fill(nonce);
            return nonce;
        }
    }
}
