using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>The message schedule of SHA-1 (FIPS 180-4 section 6.1.2), with the constants of the rounds added to it.</summary>
internal interface ISha1Schedule
{
    /// <summary>Whether this processor has the instructions.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Expands a block.</summary>
    /// <param name="block">64 bytes.</param>
    /// <param name="schedule">Receives W and K for all 80 rounds.</param>
    static abstract void Expand(ReadOnlySpan<byte> block, Span<uint> schedule);
}

/// <summary>Word by word.</summary>
internal readonly struct PortableSha1Schedule : ISha1Schedule
{
    /// <inheritdoc/>
    public static bool IsSupported => true;

    /// <inheritdoc/>
    public static void Expand(ReadOnlySpan<byte> block, Span<uint> schedule)
    {
        for (int t = 0; t < 16; t++)
        {
            schedule[t] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * t)..]);
        }

        for (int t = 16; t < Sha1Rounds.Count; t++)
        {
            schedule[t] = BitOperations.RotateLeft(schedule[t - 3] ^ schedule[t - 8] ^ schedule[t - 14] ^ schedule[t - 16], 1);
        }

        for (int t = 0; t < Sha1Rounds.Count; t++)
        {
            schedule[t] += Sha1Rounds.Constant(t);
        }
    }
}

/// <summary>Four words at a time: SSSE3.</summary>
internal readonly struct X86Sha1Schedule : ISha1Schedule
{
    /// <inheritdoc/>
    public static bool IsSupported => Ssse3.IsSupported;

    /// <inheritdoc/>
    public static void Expand(ReadOnlySpan<byte> block, Span<uint> schedule)
    {
        // Of spans of known length nothing is checked again.
        ReadOnlySpan<byte> bytes = block[..(16 * sizeof(uint))];
        Span<uint> words = schedule[..Sha1Rounds.Count];

        // Each variable holds four words of W, and its next value the four words 32 places further on.
        Vector128<uint> a = Load(bytes, 0, words);
        Vector128<uint> b = Load(bytes, 4, words);
        Vector128<uint> c = Load(bytes, 8, words);
        Vector128<uint> d = Load(bytes, 12, words);
        Vector128<uint> e = Store(ExtendFirst(a, b, c, d), 16, words);
        Vector128<uint> f = Store(ExtendFirst(b, c, d, e), 20, words);
        Vector128<uint> g = Store(ExtendFirst(c, d, e, f), 24, words);
        Vector128<uint> h = Store(ExtendFirst(d, e, f, g), 28, words);
        a = Store(Extend(a, b, e, g, h), 32, words);
        b = Store(Extend(b, c, f, h, a), 36, words);
        c = Store(Extend(c, d, g, a, b), 40, words);
        d = Store(Extend(d, e, h, b, c), 44, words);
        e = Store(Extend(e, f, a, c, d), 48, words);
        f = Store(Extend(f, g, b, d, e), 52, words);
        g = Store(Extend(g, h, c, e, f), 56, words);
        h = Store(Extend(h, a, d, f, g), 60, words);
        a = Store(Extend(a, b, e, g, h), 64, words);
        b = Store(Extend(b, c, f, h, a), 68, words);
        c = Store(Extend(c, d, g, a, b), 72, words);
        _ = Store(Extend(d, e, h, b, c), 76, words);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Load(ReadOnlySpan<byte> block, int t, Span<uint> schedule)
    {
        Vector128<byte> networkOrder = Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
        return Store(Ssse3.Shuffle(Vector128.Create(block[(4 * t)..]), networkOrder).AsUInt32(), t, schedule);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Store(Vector128<uint> words, int t, Span<uint> schedule)
    {
        (words + Vector128.Create(Sha1Rounds.Constant(t))).CopyTo(schedule[t..]);
        return words;
    }

    // The standard's own rule. The last of the four words depends on the first, which is added to it afterwards.
    private static Vector128<uint> ExtendFirst(
        Vector128<uint> back16, Vector128<uint> back12, Vector128<uint> back8, Vector128<uint> back4)
    {
        Vector128<uint> back14 = Ssse3.AlignRight(back12, back16, 8);
        Vector128<uint> back3 = Sse2.ShiftRightLogical128BitLane(back4, 4);
        Vector128<uint> words = back16 ^ back14 ^ back8 ^ back3;
        return RotateLeft(words, 1) ^ RotateLeft(Sse2.ShiftLeftLogical128BitLane(words, 12), 2);
    }

    // The rule applied to itself reaches twice as far back, so that no word depends on its neighbour.
    private static Vector128<uint> Extend(
        Vector128<uint> back32, Vector128<uint> back28, Vector128<uint> back16, Vector128<uint> back8, Vector128<uint> back4)
    {
        Vector128<uint> back6 = Ssse3.AlignRight(back4, back8, 8);
        return RotateLeft(back6 ^ back16 ^ back28 ^ back32, 2);
    }

    private static Vector128<uint> RotateLeft(Vector128<uint> words, int count) => (words << count) | (words >> (32 - count));
}
