using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>The stream cipher ChaCha20 (RFC 8439 sections 2.1 to 2.4).</summary>
internal static class ChaCha20
{
    private const int StateWords = 16;
    private const int BlockLength = StateWords * sizeof(uint);

    /// <summary>Encrypts or decrypts <paramref name="text"/> in place.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="counter">The number of the first block.</param>
    /// <param name="text">Any length below 256 GB.</param>
    public static void Apply(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, uint counter, Span<byte> text)
    {
        Span<uint> state = stackalloc uint[StateWords];
        Span<uint> working = stackalloc uint[StateWords];
        Span<byte> keyStream = stackalloc byte[BlockLength];
        Initialize(state, key, nonce, counter);
        while (!text.IsEmpty)
        {
            state.CopyTo(working);
            Rounds(working);
            for (int index = 0; index < StateWords; index++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(keyStream[(index * sizeof(uint))..], working[index] + state[index]);
            }

            int length = Math.Min(text.Length, BlockLength);
            for (int index = 0; index < length; index++)
            {
                text[index] ^= keyStream[index];
            }

            text = text[length..];
            state[12]++;
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(state));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(working));
        CryptographicOperations.ZeroMemory(keyStream);
    }

    private static void Initialize(Span<uint> state, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, uint counter)
    {
        ReadLittleEndian("expand 32-byte k"u8, state);
        ReadLittleEndian(key, state[4..]);
        state[12] = counter;
        ReadLittleEndian(nonce, state[13..]);
    }

    private static void ReadLittleEndian(ReadOnlySpan<byte> bytes, Span<uint> words)
    {
        for (int index = 0; index < bytes.Length / sizeof(uint); index++)
        {
            words[index] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(index * sizeof(uint))..]);
        }
    }

    private static void Rounds(Span<uint> state)
    {
        for (int round = 0; round < 20; round += 2)
        {
            QuarterRound(ref state[0], ref state[4], ref state[8], ref state[12]);
            QuarterRound(ref state[1], ref state[5], ref state[9], ref state[13]);
            QuarterRound(ref state[2], ref state[6], ref state[10], ref state[14]);
            QuarterRound(ref state[3], ref state[7], ref state[11], ref state[15]);
            QuarterRound(ref state[0], ref state[5], ref state[10], ref state[15]);
            QuarterRound(ref state[1], ref state[6], ref state[11], ref state[12]);
            QuarterRound(ref state[2], ref state[7], ref state[8], ref state[13]);
            QuarterRound(ref state[3], ref state[4], ref state[9], ref state[14]);
        }
    }

    private static void QuarterRound(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        a += b;
        d = BitOperations.RotateLeft(d ^ a, 16);
        c += d;
        b = BitOperations.RotateLeft(b ^ c, 12);
        a += b;
        d = BitOperations.RotateLeft(d ^ a, 8);
        c += d;
        b = BitOperations.RotateLeft(b ^ c, 7);
    }
}
