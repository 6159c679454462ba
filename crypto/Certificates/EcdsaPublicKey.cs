using System;
using IntercomAgent.Crypto.Primitives;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>A peer's key on P-256 or P-384 (RFC 5480).</summary>
internal sealed class EcdsaPublicKey : PeerPublicKey
{
    private readonly ECPublicKeyParameters _key;
    private readonly byte[] _encoded;

    private EcdsaPublicKey(ECPublicKeyParameters key, byte[] encoded)
    {
        _key = key;
        _encoded = encoded;
    }

    /// <inheritdoc/>
    public override bool IsEcdsa => true;

    /// <summary>The uncompressed point.</summary>
    public ReadOnlySpan<byte> Encoded => _encoded;

    /// <summary>The key; null if its curve is another or it is no point of it. Broken ASN.1 throws.</summary>
    public static EcdsaPublicKey? Read(SubjectPublicKeyInfo info)
    {
        byte[] encoded = info.PublicKey.GetOctets();
        return FindCurve(info.Algorithm.Parameters) is { } curve && curve.TryDecode(encoded) is ECPoint point
            ? new EcdsaPublicKey(new ECPublicKeyParameters(point, curve.Parameters), encoded)
            : null;
    }

    /// <inheritdoc/>
    internal override bool VerifyHash(SignatureScheme scheme, byte[] hash, ReadOnlySpan<byte> signature)
    {
        BigInteger[] numbers = StandardDsaEncoding.Instance.Decode(_key.Parameters.N, signature.ToArray());

        // Unlike signing, this part of BouncyCastle needs no random numbers.
        ECDsaSigner signer = new();
        signer.Init(false, _key);
        return signer.VerifySignature(hash, numbers[0], numbers[1]);
    }

    // Curves by name only: spelled-out parameters would let a peer choose a curve of its own making.
    private static EllipticCurve? FindCurve(Asn1Encodable parameters) =>
        SecObjectIdentifiers.SecP256r1.Equals(parameters) ? EllipticCurve.Secp256r1
        : SecObjectIdentifiers.SecP384r1.Equals(parameters) ? EllipticCurve.Secp384r1
        : null;
}
