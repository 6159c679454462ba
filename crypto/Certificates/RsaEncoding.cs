using System;
using System.Buffers.Binary;
using IntercomAgent.Crypto.Primitives;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>What RSA signs in place of a hash (RFC 8017 section 9), as long as the modulus.</summary>
internal static class RsaEncoding
{
    // RFC 8017 section 9.1.1: what stands before the hash and the salt, and at the end of the encoded message.
    private const int PssPaddingLength = 8;
    private const byte PssTrailer = 0xBC;

    /// <summary>Encodes the hash of a message.</summary>
    /// <param name="scheme">Which encoding, and which hash.</param>
    /// <param name="hash">The hash.</param>
    /// <param name="salt">As long as the hash, for PSS (RFC 8446 section 4.2.3); else it does not count.</param>
    /// <param name="modulusBits">The length of the modulus.</param>
    public static byte[] Encode(SignatureScheme scheme, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> salt, int modulusBits)
    {
        byte[] message = new byte[(modulusBits + 7) / 8];
        if (scheme.IsPss)
        {
            EncodePss(scheme.Digest, hash, salt, modulusBits, message);
        }
        else
        {
            EncodePkcs1(scheme.Digest, hash, message);
        }

        return message;
    }

    /// <summary>Whether the encoded message is this hash's. It may be changed.</summary>
    public static bool Verify(SignatureScheme scheme, ReadOnlySpan<byte> hash, Span<byte> message, int modulusBits)
    {
        // RFC 8017 section 8.2.2: PKCS #1 has one right encoding, so nothing is parsed.
        return scheme.IsPss
            ? VerifyPss(scheme.Digest, hash, message, modulusBits)
            : message.SequenceEqual(Encode(scheme, hash, [], modulusBits));
    }

    // RFC 8017 section 9.2: 00 01 FF … FF 00, the hash's name, the hash.
    private static void EncodePkcs1(DigestAlgorithm algorithm, ReadOnlySpan<byte> hash, Span<byte> message)
    {
        ReadOnlySpan<byte> name = DigestInfoPrefix(algorithm);
        int paddingEnd = message.Length - hash.Length - name.Length - 1;
        message[0] = 0;
        message[1] = 1;
        message[2..paddingEnd].Fill(0xFF);
        message[paddingEnd] = 0;
        name.CopyTo(message[(paddingEnd + 1)..]);
        hash.CopyTo(message[^hash.Length..]);
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

    // RFC 8017 section 9.1.1: masked data block, hash, trailer. The data block is 00 … 00 01 and the salt.
    private static void EncodePss(
        DigestAlgorithm algorithm, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> salt, int modulusBits, Span<byte> message)
    {
        Span<byte> encoded = PssPart(message, modulusBits, out int unusedBits);
        Span<byte> block = encoded[..^(hash.Length + 1)];
        Span<byte> messageHash = encoded[^(hash.Length + 1)..^1];
        block[^(salt.Length + 1)] = 1;
        salt.CopyTo(block[^salt.Length..]);
        HashWithSalt(algorithm, hash, salt, messageHash);
        Mask(algorithm, messageHash, block);
        block[0] &= (byte)(0xFF >> unusedBits);
        encoded[^1] = PssTrailer;
    }

    // RFC 8017 section 9.1.2.
    private static bool VerifyPss(DigestAlgorithm algorithm, ReadOnlySpan<byte> hash, Span<byte> message, int modulusBits)
    {
        Span<byte> encoded = PssPart(message, modulusBits, out int unusedBits);
        if (message[..^encoded.Length].ContainsAnyExcept((byte)0) || encoded[^1] != PssTrailer)
        {
            return false;
        }

        Span<byte> block = encoded[..^(hash.Length + 1)];
        ReadOnlySpan<byte> messageHash = encoded[^(hash.Length + 1)..^1];
        if (block[0] >> (8 - unusedBits) != 0)
        {
            return false;
        }

        Mask(algorithm, messageHash, block);
        block[0] &= (byte)(0xFF >> unusedBits);
        ReadOnlySpan<byte> salt = block[^hash.Length..];
        ReadOnlySpan<byte> padding = block[..^(hash.Length + 1)];
        if (padding.ContainsAnyExcept((byte)0) || block[padding.Length] != 1)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[hash.Length];
        HashWithSalt(algorithm, hash, salt, expected);
        return messageHash.SequenceEqual(expected);
    }

    // RFC 8017 section 9.1.1: one bit less than the modulus has, so that the number is less than the modulus.
    private static Span<byte> PssPart(Span<byte> message, int modulusBits, out int unusedBits)
    {
        int bits = modulusBits - 1;
        int length = (bits + 7) / 8;
        unusedBits = (8 * length) - bits;
        return message[^length..];
    }

    private static void HashWithSalt(
        DigestAlgorithm algorithm, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> salt, Span<byte> destination)
    {
        ReadOnlySpan<byte> hashed = [.. new byte[PssPaddingLength], .. hash, .. salt];
        _ = MessageDigest.Compute(algorithm, hashed, destination);
    }

    // RFC 8017 appendix B.2.1: MGF1, the hashes of the seed and a counter, laid over the block.
    private static void Mask(DigestAlgorithm algorithm, ReadOnlySpan<byte> seed, Span<byte> block)
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
