using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// AES in counter mode (NIST SP 800-38A section 6.5) with the incrementing of GCM: the last 32 bits of the counter block count,
/// the rest stays. RFC 3711's counter mode counts 16 bits from zero, which is the same for everything that fits into a datagram.
/// </summary>
internal static class AesCounterMode
{
    // Two flights of four blocks: a packet of 20 ms of G.711 takes two turns.
    private const int BlocksAtOnce = 8;

    /// <summary>Encrypts or decrypts <paramref name="text"/> in place.</summary>
    /// <param name="blocks">AES under the key.</param>
    /// <param name="counterBlock">The first counter block, 16 bytes.</param>
    /// <param name="text">Any length below 64 GB.</param>
    public static void Apply(AesBlocks blocks, ReadOnlySpan<byte> counterBlock, Span<byte> text)
    {
        Span<byte> keyStream = stackalloc byte[BlocksAtOnce * AesBlocks.BlockLength];
        ReadOnlySpan<byte> prefix = counterBlock[..12];
        uint counter = BinaryPrimitives.ReadUInt32BigEndian(counterBlock[12..]);
        while (!text.IsEmpty)
        {
            int count = Math.Min(BlocksAtOnce, (text.Length + AesBlocks.BlockLength - 1) / AesBlocks.BlockLength);
            for (int offset = 0; offset < count * AesBlocks.BlockLength; offset += AesBlocks.BlockLength)
            {
                prefix.CopyTo(keyStream[offset..]);
                BinaryPrimitives.WriteUInt32BigEndian(keyStream[(offset + 12)..], counter++);
            }

            blocks.Encrypt(keyStream[..(count * AesBlocks.BlockLength)]);
            int length = Math.Min(text.Length, count * AesBlocks.BlockLength);
            Xor(text[..length], keyStream);
            text = text[length..];
        }

        CryptographicOperations.ZeroMemory(keyStream);
    }

    private static void Xor(Span<byte> text, ReadOnlySpan<byte> keyStream)
    {
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(text);
        ReadOnlySpan<ulong> keyWords = MemoryMarshal.Cast<byte, ulong>(keyStream);
        for (int index = 0; index < words.Length; index++)
        {
            words[index] ^= keyWords[index];
        }

        for (int index = words.Length * sizeof(ulong); index < text.Length; index++)
        {
            text[index] ^= keyStream[index];
        }
    }
}
