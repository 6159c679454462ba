using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>SHA-256 with ordinary instructions.</summary>
internal readonly struct PortableSha256 : ICompressionFunction
{
    private const int BlockLength = 64;
    private const int Rounds = 64;

    /// <inheritdoc/>
    public static bool IsSupported => true;

    /// <inheritdoc/>
    public static int Words => 8;

    /// <inheritdoc/>
    public static ReadOnlySpan<uint> InitialState => Sha256.InitialState;

    /// <inheritdoc/>
    public static void Compress(Span<uint> state, ReadOnlySpan<byte> blocks)
    {
        Span<uint> schedule = stackalloc uint[Rounds];
        for (; !blocks.IsEmpty; blocks = blocks[BlockLength..])
        {
            Expand(blocks[..BlockLength], schedule);
            Apply(schedule, state);
        }

        // What was hashed may be a key.
        schedule.Clear();
    }

    // W of every round, with K added.
    private static void Expand(ReadOnlySpan<byte> block, Span<uint> schedule)
    {
        for (int t = 0; t < 16; t++)
        {
            schedule[t] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * t)..]);
        }

        for (int t = 16; t < schedule.Length; t++)
        {
            (uint back2, uint back15) = (schedule[t - 2], schedule[t - 15]);
            uint sigma0 = BitOperations.RotateRight(back15, 7) ^ BitOperations.RotateRight(back15, 18) ^ (back15 >> 3);
            uint sigma1 = BitOperations.RotateRight(back2, 17) ^ BitOperations.RotateRight(back2, 19) ^ (back2 >> 10);
            schedule[t] = sigma1 + schedule[t - 7] + sigma0 + schedule[t - 16];
        }

        ReadOnlySpan<uint> constants = Sha256.Constants;
        for (int t = 0; t < schedule.Length; t++)
        {
            schedule[t] += constants[t];
        }
    }

    // After eight rounds every variable is back in its place, so none is ever moved.
    private static void Apply(ReadOnlySpan<uint> words, Span<uint> state)
    {
        (uint a, uint b, uint c, uint d) = (state[0], state[1], state[2], state[3]);
        (uint e, uint f, uint g, uint h) = (state[4], state[5], state[6], state[7]);
        for (; words.Length >= 8; words = words[8..])
        {
            Round(a, b, c, ref d, e, f, g, ref h, words[0]);
            Round(h, a, b, ref c, d, e, f, ref g, words[1]);
            Round(g, h, a, ref b, c, d, e, ref f, words[2]);
            Round(f, g, h, ref a, b, c, d, ref e, words[3]);
            Round(e, f, g, ref h, a, b, c, ref d, words[4]);
            Round(d, e, f, ref g, h, a, b, ref c, words[5]);
            Round(c, d, e, ref f, g, h, a, ref b, words[6]);
            Round(b, c, d, ref e, f, g, h, ref a, words[7]);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(uint a, uint b, uint c, ref uint d, uint e, uint f, uint g, ref uint h, uint word)
    {
        h += word + (g ^ (e & (f ^ g)))
            + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25));
        d += h;
        h += ((a & b) | (c & (a | b)))
            + (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22));
    }
}
