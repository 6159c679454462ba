using System;
using System.IO;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Primitives;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using SignatureScheme = IntercomAgent.Crypto.Certificates.SignatureScheme;

namespace IntercomAgent.Crypto.Tls;

/// <summary>A certificate as BouncyCastle's protocol sees it; only to verify the signature of a handshake.</summary>
/// <param name="certificate">The certificate.</param>
internal sealed class OwnTlsCertificate(PathCertificate certificate) : TlsCertificate
{
    // The hash is part of the scheme's number (RFC 8446 section 4.2.3).
    private const short IntrinsicHash = HashAlgorithm.Intrinsic;

    private readonly PeerPublicKey? _key = certificate.ReadKey();

    /// <inheritdoc/>
    public BigInteger SerialNumber => BigInteger.Zero;

    /// <inheritdoc/>
    public string SigAlgOid => string.Empty;

    private PeerPublicKey Key => _key ?? throw new TlsFatalAlert(AlertDescription.unsupported_certificate);

    /// <inheritdoc/>
    public byte[] GetEncoded() => certificate.Encoded.ToArray();

    /// <inheritdoc/>
    public TlsVerifier CreateVerifier(short signatureAlgorithm) => new Verifier12(Key);

    /// <inheritdoc/>
    public Tls13Verifier CreateVerifier(int signatureScheme)
    {
        SignatureScheme scheme = (SignatureScheme)signatureScheme;

        // Since TLS 1.3 a scheme of ECDSA names its curve as well as its hash; PKCS #1 signs no handshake any more (section 4.2.3).
        bool fits = Key is EcdsaPublicKey ecdsa
            ? scheme == (ecdsa.IsP384 ? SignatureScheme.EcdsaSecp384r1Sha384 : SignatureScheme.EcdsaSecp256r1Sha256)
            : scheme.IsPss;
        return fits ? new Verifier13(Key, scheme) : throw new TlsFatalAlert(AlertDescription.illegal_parameter);
    }

    /// <inheritdoc/>
    public TlsEncryptor CreateEncryptor(int tlsCertificateRole) => throw new TlsFatalAlert(AlertDescription.internal_error);

    /// <inheritdoc/>
    public TlsCertificate CheckUsageInRole(int tlsCertificateRole) => throw new TlsFatalAlert(AlertDescription.internal_error);

    /// <inheritdoc/>
    public byte[]? GetExtension(DerObjectIdentifier extensionOid) => null;

    /// <inheritdoc/>
    public Asn1Encodable? GetSigAlgParams() => null;

    /// <inheritdoc/>
    public short GetLegacySignatureAlgorithm() => Key.IsEcdsa ? SignatureAlgorithm.ecdsa : SignatureAlgorithm.rsa;

    /// <inheritdoc/>
    public bool SupportsSignatureAlgorithm(short signatureAlgorithm) => Key.IsEcdsa == (signatureAlgorithm == SignatureAlgorithm.ecdsa);

    /// <inheritdoc/>
    public bool SupportsSignatureAlgorithmCA(short signatureAlgorithm) => SupportsSignatureAlgorithm(signatureAlgorithm);

    /// <summary>The scheme that TLS 1.2 names in two parts, hash and signature.</summary>
    internal static SignatureScheme? SchemeOf(SignatureAndHashAlgorithm algorithm)
    {
        SignatureScheme scheme = (SignatureScheme)((algorithm.Hash << 8) | (ushort)algorithm.Signature);
        return Enum.IsDefined(scheme) ? scheme : null;
    }

    /// <summary>A scheme in two parts.</summary>
    internal static SignatureAndHashAlgorithm PartsOf(SignatureScheme scheme) => scheme.IsPss
        ? SignatureAndHashAlgorithm.GetInstance(IntrinsicHash, (short)((ushort)scheme & 0xFF))
        : SignatureAndHashAlgorithm.GetInstance((short)((ushort)scheme >> 8), (short)((ushort)scheme & 0xFF));

    private sealed class Verifier12(PeerPublicKey key) : TlsVerifier
    {
        public TlsStreamVerifier? GetStreamVerifier(DigitallySigned digitallySigned) => null;

        public bool VerifyRawSignature(DigitallySigned digitallySigned, byte[] hash) =>
            SchemeOf(digitallySigned.Algorithm) is { } scheme
            && scheme.IsEcdsa == key.IsEcdsa
            && hash.Length == MessageDigest.Length(scheme.Digest)
            && key.VerifyHash(scheme, hash, digitallySigned.Signature);
    }

    /// <summary>Gathers what was signed.</summary>
    private sealed class Verifier13(PeerPublicKey key, SignatureScheme scheme) : MemoryStream, Tls13Verifier
    {
        public Stream Stream => this;

        public bool VerifySignature(byte[] signature) => key.Verify(scheme, ToArray(), signature);
    }
}
