using System;
using IntercomAgent.Crypto.Primitives;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>A peer's key on P-256 or P-384 (RFC 5480).</summary>
internal sealed class EcdsaPublicKey : PeerPublicKey
{
    private readonly byte[] _encoded;

    private EcdsaPublicKey(byte[] encoded, bool isP384)
    {
        _encoded = encoded;
        IsP384 = isP384;
    }

    /// <inheritdoc/>
    public override bool IsEcdsa => true;

    /// <summary>Whether the curve is P-384; else it is P-256.</summary>
    public bool IsP384 { get; }

    /// <summary>The uncompressed point.</summary>
    public ReadOnlySpan<byte> Encoded => _encoded;

    /// <summary>The key; null if its curve is another or it is no point of it. Broken ASN.1 throws.</summary>
    public static EcdsaPublicKey? Read(SubjectPublicKeyInfo info)
    {
        // Curves by name only: spelled-out parameters would let a peer choose a curve of its own making.
        byte[] encoded = info.PublicKey.GetOctets();
        Asn1Encodable parameters = info.Algorithm.Parameters;
        return SecObjectIdentifiers.SecP256r1.Equals(parameters) && P256.IsPublicKey(encoded) ? new EcdsaPublicKey(encoded, isP384: false)
            : SecObjectIdentifiers.SecP384r1.Equals(parameters) && P384.IsPublicKey(encoded) ? new EcdsaPublicKey(encoded, isP384: true)
            : null;
    }

    /// <inheritdoc/>
    internal override bool VerifyHash(SignatureScheme scheme, byte[] hash, ReadOnlySpan<byte> signature) => IsP384
        ? P384.Verify(_encoded, hash, signature)
        : P256Signatures.Verify(_encoded, hash, signature);
}
