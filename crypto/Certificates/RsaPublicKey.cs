using System;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Utilities;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>
/// A peer's RSA key (RFC 8017). BouncyCastle's own would first spend most of a second, and its SecureRandom, to see whether the modulus
/// might be a prime, which harms nobody but the key's owner.
/// </summary>
internal sealed class RsaPublicKey : PeerPublicKey
{
    // 2048 bits are the least that is held to be safe; more than 8192 would cost the board most of a second for each signature.
    private const int MinimumModulusBits = 2048;
    private const int MaximumModulusBits = 8192;

    // 65537 has 17 bits; a hostile exponent as long as the modulus would make verification as slow as signing.
    private const int MaximumExponentBits = 32;

    private readonly BigInteger _modulus;
    private readonly BigInteger _exponent;

    private RsaPublicKey(BigInteger modulus, BigInteger exponent)
    {
        _modulus = modulus;
        _exponent = exponent;
    }

    /// <inheritdoc/>
    public override bool IsEcdsa => false;

    private int ModulusLength => (_modulus.BitLength + 7) / 8;

    /// <summary>The key; null if it is too short, too long or none. Broken ASN.1 throws.</summary>
    public static RsaPublicKey? Read(SubjectPublicKeyInfo info)
    {
        RsaPublicKeyStructure key = RsaPublicKeyStructure.GetInstance(info.ParsePublicKey());
        bool accepted = key.Modulus.BitLength is >= MinimumModulusBits and <= MaximumModulusBits
            && key.PublicExponent.BitLength is > 1 and <= MaximumExponentBits
            && key.Modulus.TestBit(0)
            && key.PublicExponent.TestBit(0);
        return accepted ? new RsaPublicKey(key.Modulus, key.PublicExponent) : null;
    }

    /// <summary>Whether this is the same key.</summary>
    public bool IsSame(RsaPublicKey other) => _modulus.Equals(other._modulus) && _exponent.Equals(other._exponent);

    /// <inheritdoc/>
    internal override bool VerifyHash(SignatureScheme scheme, byte[] hash, ReadOnlySpan<byte> signature)
    {
        // RFC 8017 sections 8.1.2 and 8.2.2: as long as the modulus, section 5.2.2: and less than it.
        BigInteger number = new(1, signature.ToArray());
        if (signature.Length != ModulusLength || number.CompareTo(_modulus) >= 0)
        {
            return false;
        }

        byte[] message = BigIntegers.AsUnsignedByteArray(ModulusLength, number.ModPow(_exponent, _modulus));
        return RsaEncoding.Verify(scheme, hash, message, _modulus.BitLength);
    }
}
