using System;
using IntercomAgent.Crypto.Primitives;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>
/// The public key in a peer's certificate: ECDSA over P-256 or P-384, or RSA. Nothing else of the certificate is looked at. It is
/// self-signed as a rule, so a chain or a signature of its own proves nothing; its dates mean nothing to a board whose clock may be
/// wrong. Who the peer is follows from the fingerprint in the signalling alone (RFC 8122 section 6, RFC 5763 section 5).
/// </summary>
internal abstract class PeerPublicKey
{
    private protected PeerPublicKey()
    {
    }

    /// <summary>Whether the key verifies ECDSA; otherwise it verifies RSA.</summary>
    public abstract bool IsEcdsa { get; }

    /// <summary>The key of a certificate in DER; null if that is not a certificate with a key that we accept.</summary>
    public static PeerPublicKey? TryRead(ReadOnlySpan<byte> certificate)
    {
        try
        {
            SubjectPublicKeyInfo info = X509CertificateStructure.GetInstance(certificate.ToArray()).SubjectPublicKeyInfo;
            DerObjectIdentifier algorithm = info.Algorithm.Algorithm;
            return algorithm.Equals(X9ObjectIdentifiers.IdECPublicKey) ? EcdsaPublicKey.Read(info)
                : algorithm.Equals(PkcsObjectIdentifiers.RsaEncryption) ? RsaPublicKey.Read(info)
                : null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // BouncyCastle's decoder says "this is no certificate" with whatever exception the broken part leads to: of ArgumentException,
            // InvalidOperationException, InvalidCastException, IOException and their heirs each was seen.
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

        byte[] hash = new byte[MessageDigest.Length(scheme.Digest)];
        _ = MessageDigest.Compute(scheme.Digest, data, hash);
        try
        {
            return VerifyHash(scheme, hash, signature);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // As above: a signature that cannot be decoded is reported by many kinds of exception, and is a wrong signature.
            return false;
        }
    }

    /// <summary>Whether the signature is of data with this hash, by a scheme of this kind of key. May throw for a malformed signature.</summary>
    internal abstract bool VerifyHash(SignatureScheme scheme, byte[] hash, ReadOnlySpan<byte> signature);
}
