using System;
using IntercomAgent.Crypto.Primitives;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>
/// The public key in a peer's certificate: ECDSA over P-256 or P-384, or RSA. Nothing else of the certificate is looked at. It is
/// self-signed as a rule, so a chain or a signature of its own proves nothing; its dates mean nothing to a board whose clock may be
/// wrong. Who the peer is follows from the fingerprint in the signalling alone (RFC 8122 section 6, RFC 5763 section 5).
/// </summary>
internal sealed class PeerPublicKey
{
    // 2048 bits are the least that is held to be safe; more than 8192 would cost the board most of a second for each signature.
    private const int MinimumRsaBits = 2048;
    private const int MaximumRsaBits = 8192;

    // 65537 has 17 bits; a hostile exponent as long as the modulus would make verification as slow as signing.
    private const int MaximumRsaExponentBits = 32;

    private readonly AsymmetricKeyParameter _key;

    private PeerPublicKey(AsymmetricKeyParameter key) => _key = key;

    /// <summary>Whether the key verifies ECDSA; otherwise it verifies RSA.</summary>
    public bool IsEcdsa => _key is ECPublicKeyParameters;

    /// <summary>The key of a certificate in DER; null if that is not a certificate with a key that we accept.</summary>
    public static PeerPublicKey? TryRead(ReadOnlySpan<byte> certificate)
    {
        try
        {
            SubjectPublicKeyInfo info = X509CertificateStructure.GetInstance(certificate.ToArray()).SubjectPublicKeyInfo;
            if (info.Algorithm.Algorithm.Equals(X9ObjectIdentifiers.IdECPublicKey) && !IsAcceptedCurve(info.Algorithm.Parameters))
            {
                return null;
            }

            AsymmetricKeyParameter key = PublicKeyFactory.CreateKey(info);
            return key is ECPublicKeyParameters || (key is RsaKeyParameters rsa && IsAcceptedRsa(rsa)) ? new PeerPublicKey(key) : null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // BouncyCastle's decoder says "this is no certificate" with whatever exception the broken part leads to.
            return null;
        }
    }

    /// <summary>
    /// Whether the signature over the data is by this key with this scheme; an expensive operation. A scheme of the other kind of
    /// key and a malformed signature give false.
    /// </summary>
    public bool Verify(SignatureScheme scheme, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (scheme.IsEcdsa != IsEcdsa)
        {
            return false;
        }

        try
        {
            return _key is ECPublicKeyParameters ecdsa
                ? VerifyEcdsa(ecdsa, scheme, data, signature)
                : VerifyRsa(scheme, data, signature);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // As above: a signature that cannot be decoded is reported by many kinds of exception, and is a wrong signature.
            return false;
        }
    }

    /// <summary>Whether this key and a private key of ours are a pair.</summary>
    public bool IsPublicHalfOf(ECPrivateKeyParameters privateKey) =>
        _key is ECPublicKeyParameters ecdsa
        && ecdsa.Parameters.Equals(privateKey.Parameters)
        && ecdsa.Q.Equals(privateKey.Parameters.G.Multiply(privateKey.D).Normalize());

    // Curves by name only: spelled-out parameters would let a peer choose a curve of its own making.
    private static bool IsAcceptedCurve(Asn1Encodable parameters) =>
        SecObjectIdentifiers.SecP256r1.Equals(parameters) || SecObjectIdentifiers.SecP384r1.Equals(parameters);

    private static bool IsAcceptedRsa(RsaKeyParameters key) =>
        key.Modulus.BitLength is >= MinimumRsaBits and <= MaximumRsaBits && key.Exponent.BitLength <= MaximumRsaExponentBits;

    private static bool VerifyEcdsa(
        ECPublicKeyParameters key, SignatureScheme scheme, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        byte[] hash = new byte[MessageDigest.Length(scheme.Digest)];
        _ = MessageDigest.Compute(scheme.Digest, data, hash);
        BigInteger[] numbers = StandardDsaEncoding.Instance.Decode(key.Parameters.N, signature.ToArray());
        ECDsaSigner signer = new();
        signer.Init(false, key);
        return signer.VerifySignature(hash, numbers[0], numbers[1]);
    }

    private bool VerifyRsa(SignatureScheme scheme, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        IDigest digest = MessageDigest.Create(scheme.Digest);

        // RFC 8446 section 4.2.3: the salt is as long as the hash.
        ISigner signer = scheme.IsPss
            ? new PssSigner(new RsaBlindedEngine(), digest, digest.GetDigestSize())
            : new RsaDigestSigner(digest);
        signer.Init(false, _key);
        signer.BlockUpdate(data);
        return signer.VerifySignature(signature.ToArray());
    }
}
