using System;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Crypto.Wire;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Utilities;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>Our own P-256 key and its signatures: ecdsa-with-SHA256 in DER (RFC 5480, RFC 8422 section 5.4).</summary>
internal sealed class EcdsaPrivateKey : SigningKey
{
    private const int OrderBits = 256;

    private readonly byte[] _privateKey;
    private readonly byte[] _publicKey = new byte[P256.PublicKeyLength];

    private EcdsaPrivateKey(byte[] privateKey)
    {
        _privateKey = privateKey;
        P256.ComputePublicKey(privateKey, _publicKey);
    }

    /// <inheritdoc/>
    public override CertificateKind Kind => CertificateKind.EcdsaP256;

    /// <inheritdoc/>
    public override ReadOnlySpan<SignatureScheme> Schemes => [SignatureScheme.EcdsaSecp256r1Sha256];

    /// <inheritdoc/>
    public override AlgorithmIdentifier CertificateSignature => new(X9ObjectIdentifiers.ECDsaWithSha256);

    /// <inheritdoc/>
    public override SubjectPublicKeyInfo PublicKeyInfo => new(Algorithm, _publicKey);

    /// <summary>The public half, as an uncompressed point.</summary>
    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>How a certificate and PKCS #8 say what kind of key this is. By the curve's name: GnuTLS refuses spelled-out parameters.</summary>
    internal static AlgorithmIdentifier Algorithm => new(X9ObjectIdentifiers.IdECPublicKey, SecObjectIdentifiers.SecP256r1);

    /// <summary>Makes a new key; an expensive operation.</summary>
    public static EcdsaPrivateKey Generate(IRandomSource random)
    {
        byte[] privateKey = new byte[P256.PrivateKeyLength];
        P256.GeneratePrivateKey(random, privateKey);
        return new EcdsaPrivateKey(privateKey);
    }

    /// <summary>
    /// Reads a key in PKCS #8 (RFC 5958, RFC 5915); an expensive operation. Null if it is none, or one of another curve. The public half
    /// is computed anew, whatever stands beside the private one.
    /// </summary>
    public static EcdsaPrivateKey? TryRead(byte[] pkcs8)
    {
        try
        {
            PrivateKeyInfo info = PrivateKeyInfo.GetInstance(pkcs8);
            if (!info.PrivateKeyAlgorithm.Equals(Algorithm))
            {
                return null;
            }

            BigInteger scalar = ECPrivateKeyStructure.GetInstance(info.ParsePrivateKey()).GetKey();
            byte[] privateKey = BigIntegers.AsUnsignedByteArray(P256.PrivateKeyLength, scalar);
            return P256.IsPrivateKey(privateKey) ? new EcdsaPrivateKey(privateKey) : null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // BouncyCastle's decoder says "this is no key" with whatever exception the broken part leads to.
            return null;
        }
    }

    /// <inheritdoc/>
    public override bool IsPairOf(PeerPublicKey publicKey) =>
        publicKey is EcdsaPublicKey other && other.Encoded.SequenceEqual(_publicKey);

    /// <inheritdoc/>
    public override Signing Begin(SignatureScheme scheme, ReadOnlySpan<byte> data, IRandomSource random) =>
        new OneStep(this, data.ToArray());

    /// <inheritdoc/>
    public override byte[] ToPkcs8()
    {
        ECPrivateKeyStructure key = new(OrderBits, new BigInteger(1, _privateKey), new DerBitString(_publicKey), null);
        return new PrivateKeyInfo(Algorithm, key).GetEncoded(Asn1Encodable.Der);
    }

    /// <summary>
    /// Signs the data (FIPS 186-5 section 6.4.1); an expensive operation. The nonce follows from key and data (RFC 6979): a weak random
    /// source cannot betray the key.
    /// </summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[P256Signatures.HashLength];
        _ = MessageDigest.Compute(DigestAlgorithm.Sha256, data, hash);
        Span<byte> signature = stackalloc byte[EcdsaSignature.MaximumLength];
        return signature[..P256Signatures.Sign(_privateKey, hash, signature)].ToArray();
    }

    // All at once: it is as quick as a key exchange.
    private sealed class OneStep(EcdsaPrivateKey key, byte[] data) : Signing
    {
        public override byte[] Step() => key.Sign(data);
    }
}
