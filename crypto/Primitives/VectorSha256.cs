using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// SHA-256 without instructions of its own: Raspberry Pi 4 and older, and PCs, whose instructions .NET does not know. The message
/// schedule (FIPS 180-4 section 6.2.2) is made four words at a time.
/// </summary>
internal readonly struct VectorSha256 : ICompressionFunction
{
    private const int Rounds = 64;

    /// <inheritdoc/>
    public static bool IsSupported => WordVectors.IsSupported;

    /// <inheritdoc/>
    public static int Words => Sha256.Words;

    /// <inheritdoc/>
    public static ReadOnlySpan<uint> InitialState => Sha256.InitialState;

    /// <inheritdoc/>
    public static void Compress(Span<uint> state, ReadOnlySpan<byte> blocks)
    {
        Span<uint> schedule = stackalloc uint[Rounds];
        for (; blocks.Length >= ICompressionFunction.BlockLength; blocks = blocks[ICompressionFunction.BlockLength..])
        {
            Expand(blocks, schedule);
            Apply(schedule, state);
        }

        // What was hashed may be a key.
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(schedule));
    }

    // W of every round, with K added. Each variable holds four words of W, and its next value the four words 16 places further on.
    private static void Expand(ReadOnlySpan<byte> block, Span<uint> schedule)
    {
        ReadOnlySpan<uint> constants = Sha256.Constants;
        Vector128<uint> a = WordVectors.Load(block);
        Vector128<uint> b = WordVectors.Load(block[16..]);
        Vector128<uint> c = WordVectors.Load(block[32..]);
        Vector128<uint> d = WordVectors.Load(block[48..]);
        for (; constants.Length > 16 && schedule.Length > 16; constants = constants[16..], schedule = schedule[16..])
        {
            Store(a, b, c, d, constants, schedule);
            a = Extend(a, b, c, d);
            b = Extend(b, c, d, a);
            c = Extend(c, d, a, b);
            d = Extend(d, a, b, c);
        }

        Store(a, b, c, d, constants, schedule);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        Vector128<uint> a, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d, ReadOnlySpan<uint> constants, Span<uint> schedule)
    {
        (a + Vector128.Create(constants)).CopyTo(schedule);
        (b + Vector128.Create(constants[4..])).CopyTo(schedule[4..]);
        (c + Vector128.Create(constants[8..])).CopyTo(schedule[8..]);
        (d + Vector128.Create(constants[12..])).CopyTo(schedule[12..]);
    }

    // The last two of the four words depend on the first two, which are added to them afterwards.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Extend(Vector128<uint> back16, Vector128<uint> back12, Vector128<uint> back8, Vector128<uint> back4)
    {
        Vector128<uint> back15 = WordVectors.Extract(back16, back12, 1);
        Vector128<uint> back7 = WordVectors.Extract(back8, back4, 1);
        Vector128<uint> back2 = WordVectors.Extract(back4, Vector128<uint>.Zero, 2);
        Vector128<uint> words = back16 + Sigma0(back15) + back7 + Sigma1(back2);
        return words + Sigma1(WordVectors.Extract(Vector128<uint>.Zero, words, 2));
    }

    // FIPS 180-4 section 4.1.2.
    private static Vector128<uint> Sigma0(Vector128<uint> x) => WordVectors.RotateRight(x, 7) ^ WordVectors.RotateRight(x, 18) ^ (x >> 3);

    private static Vector128<uint> Sigma1(Vector128<uint> x) => WordVectors.RotateRight(x, 17) ^ WordVectors.RotateRight(x, 19) ^ (x >> 10);

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

    // What depends on the round before is added last.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(uint a, uint b, uint c, ref uint d, uint e, uint f, uint g, ref uint h, uint word)
    {
        h = h + word + (g ^ (e & (f ^ g))) + Sum(e, 6, 11, 25);
        d += h;
        h = h + ((b & c) + (a & (b ^ c))) + Sum(a, 2, 13, 22);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sum(uint x, int first, int second, int third) =>
        BitOperations.RotateRight(x, first) ^ BitOperations.RotateRight(x, second) ^ BitOperations.RotateRight(x, third);
}
