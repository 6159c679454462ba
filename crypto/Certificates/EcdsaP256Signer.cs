using System;
using IntercomAgent.Crypto.Primitives;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>Our own signatures: ecdsa-with-SHA256 over P-256, in DER (RFC 5480, RFC 8422 section 5.4).</summary>
internal static class EcdsaP256Signer
{
    /// <summary>Signs the data. The nonce follows from key and data (RFC 6979): a weak random source cannot betray the key.</summary>
    public static byte[] Sign(ECPrivateKeyParameters key, ReadOnlySpan<byte> data)
    {
        byte[] hash = new byte[MessageDigest.Length(DigestAlgorithm.Sha256)];
        _ = MessageDigest.Compute(DigestAlgorithm.Sha256, data, hash);

        ECDsaSigner signer = new(new HMacDsaKCalculator(new Sha256Digest()));
        signer.Init(true, key);
        BigInteger[] signature = signer.GenerateSignature(hash);
        return StandardDsaEncoding.Instance.Encode(key.Parameters.N, signature[0], signature[1]);
    }
}
