using System;
using System.Buffers.Binary;
using IntercomAgent.Crypto.Primitives;
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

    // RFC 8017 section 9.1.1: what stands before the hash and the salt, and at the end of the encoded message.
    private const int PssPaddingLength = 8;
    private const byte PssTrailer = 0xBC;

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

    /// <inheritdoc/>
    private protected override bool VerifyHash(SignatureScheme scheme, byte[] hash, ReadOnlySpan<byte> signature)
    {
        // RFC 8017 sections 8.1.2 and 8.2.2: as long as the modulus, section 5.2.2: and less than it.
        BigInteger number = new(1, signature.ToArray());
        if (signature.Length != ModulusLength || number.CompareTo(_modulus) >= 0)
        {
            return false;
        }

        byte[] message = BigIntegers.AsUnsignedByteArray(ModulusLength, number.ModPow(_exponent, _modulus));
        return scheme.IsPss ? VerifyPss(scheme.Digest, hash, message) : VerifyPkcs1(scheme.Digest, hash, message);
    }

    // RFC 8017 section 9.2: 00 01 FF … FF 00, the hash's name, the hash. There is one right encoding, so nothing is parsed.
    private static bool VerifyPkcs1(DigestAlgorithm algorithm, byte[] hash, ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> name = DigestInfoPrefix(algorithm);
        int paddingEnd = message.Length - hash.Length - name.Length - 1;
        return message[..2].SequenceEqual<byte>([0x00, 0x01])
            && !message[2..paddingEnd].ContainsAnyExcept((byte)0xFF)
            && message[paddingEnd] == 0
            && message[(paddingEnd + 1)..].StartsWith(name)
            && message[^hash.Length..].SequenceEqual(hash);
    }

    // RFC 8017 section 9.2, note 1.
    private static ReadOnlySpan<byte> DigestInfoPrefix(DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Sha256 =>
            [0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20],
        DigestAlgorithm.Sha384 =>
            [0x30, 0x41, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30],
        DigestAlgorithm.Sha512 =>
            [0x30, 0x51, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40],
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "No signature scheme has this hash."),
    };

    // RFC 8017 section 9.1.2, with a salt as long as the hash (RFC 8446 section 4.2.3): masked data block, hash, trailer. The data block
    // is 00 … 00 01 and the salt.
    private bool VerifyPss(DigestAlgorithm algorithm, byte[] hash, Span<byte> message)
    {
        int messageBits = _modulus.BitLength - 1;
        int messageLength = (messageBits + 7) / 8;
        int unusedBits = (8 * messageLength) - messageBits;
        if (message[..^messageLength].ContainsAnyExcept((byte)0) || message[^1] != PssTrailer)
        {
            return false;
        }

        Span<byte> block = message[^messageLength..^(hash.Length + 1)];
        ReadOnlySpan<byte> messageHash = message[^(hash.Length + 1)..^1];
        if (block[0] >> (8 - unusedBits) != 0)
        {
            return false;
        }

        Unmask(algorithm, messageHash, block);
        block[0] &= (byte)(0xFF >> unusedBits);
        ReadOnlySpan<byte> salt = block[^hash.Length..];
        ReadOnlySpan<byte> padding = block[..^(hash.Length + 1)];
        if (padding.ContainsAnyExcept((byte)0) || block[padding.Length] != 1)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[hash.Length];
        ReadOnlySpan<byte> hashed = [.. new byte[PssPaddingLength], .. hash, .. salt];
        _ = MessageDigest.Compute(algorithm, hashed, expected);
        return messageHash.SequenceEqual(expected);
    }

    // RFC 8017 appendix B.2.1: MGF1, the hashes of the seed and a counter, laid over the block.
    private static void Unmask(DigestAlgorithm algorithm, ReadOnlySpan<byte> seed, Span<byte> block)
    {
        Span<byte> mask = stackalloc byte[seed.Length];
        Span<byte> hashed = stackalloc byte[seed.Length + sizeof(int)];
        seed.CopyTo(hashed);
        for (int count = 0; block.Length > 0; count++)
        {
            BinaryPrimitives.WriteInt32BigEndian(hashed[seed.Length..], count);
            _ = MessageDigest.Compute(algorithm, hashed, mask);
            int length = Math.Min(mask.Length, block.Length);
            for (int index = 0; index < length; index++)
            {
                block[index] ^= mask[index];
            }

            block = block[length..];
        }
    }
}
