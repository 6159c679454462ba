using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// SHA-1 without instructions of its own: Raspberry Pi 4 and older, and PCs, whose instructions .NET does not know. The message
/// schedule (FIPS 180-4 section 6.1.2) is made four words at a time.
/// </summary>
internal readonly struct VectorSha1 : ICompressionFunction
{
    /// <inheritdoc/>
    public static bool IsSupported => WordVectors.IsSupported;

    /// <inheritdoc/>
    public static int Words => Sha1.Words;

    /// <inheritdoc/>
    public static ReadOnlySpan<uint> InitialState => Sha1.InitialState;

    /// <inheritdoc/>
    public static void Compress(Span<uint> state, ReadOnlySpan<byte> blocks)
    {
        Span<uint> schedule = stackalloc uint[Sha1Rounds.Count];
        for (; blocks.Length >= ICompressionFunction.BlockLength; blocks = blocks[ICompressionFunction.BlockLength..])
        {
            Expand(blocks, schedule);
            Sha1Rounds.Apply(schedule, state);
        }

        // What was hashed may be a key.
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(schedule));
    }

    // Each variable holds four words of W, and its next value the four words 32 places further on.
    private static void Expand(ReadOnlySpan<byte> block, Span<uint> schedule)
    {
        // Of spans whose length is known here, nothing is checked again.
        block = block[..ICompressionFunction.BlockLength];
        schedule = schedule[..Sha1Rounds.Count];
        Vector128<uint> a = Store(WordVectors.Load(block), 0, schedule);
        Vector128<uint> b = Store(WordVectors.Load(block[16..]), 4, schedule);
        Vector128<uint> c = Store(WordVectors.Load(block[32..]), 8, schedule);
        Vector128<uint> d = Store(WordVectors.Load(block[48..]), 12, schedule);
        Vector128<uint> e = Store(ExtendFirst(a, b, c, d), 16, schedule);
        Vector128<uint> f = Store(ExtendFirst(b, c, d, e), 20, schedule);
        Vector128<uint> g = Store(ExtendFirst(c, d, e, f), 24, schedule);
        Vector128<uint> h = Store(ExtendFirst(d, e, f, g), 28, schedule);
        a = Store(Extend(a, b, e, g, h), 32, schedule);
        b = Store(Extend(b, c, f, h, a), 36, schedule);
        c = Store(Extend(c, d, g, a, b), 40, schedule);
        d = Store(Extend(d, e, h, b, c), 44, schedule);
        e = Store(Extend(e, f, a, c, d), 48, schedule);
        f = Store(Extend(f, g, b, d, e), 52, schedule);
        g = Store(Extend(g, h, c, e, f), 56, schedule);
        h = Store(Extend(h, a, d, f, g), 60, schedule);
        a = Store(Extend(a, b, e, g, h), 64, schedule);
        b = Store(Extend(b, c, f, h, a), 68, schedule);
        c = Store(Extend(c, d, g, a, b), 72, schedule);
        _ = Store(Extend(d, e, h, b, c), 76, schedule);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Store(Vector128<uint> words, int t, Span<uint> schedule)
    {
        (words + Vector128.Create(Sha1Rounds.Constant(t))).CopyTo(schedule[t..]);
        return words;
    }

    // The standard's own rule. The last of the four words depends on the first, which is added to it afterwards.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> ExtendFirst(
        Vector128<uint> back16, Vector128<uint> back12, Vector128<uint> back8, Vector128<uint> back4)
    {
        Vector128<uint> back14 = WordVectors.Extract(back16, back12, 2);
        Vector128<uint> back3 = WordVectors.Extract(back4, Vector128<uint>.Zero, 1);
        Vector128<uint> words = back16 ^ back14 ^ back8 ^ back3;
        Vector128<uint> first = WordVectors.Extract(Vector128<uint>.Zero, words, 1);
        return WordVectors.RotateLeft(words, 1) ^ WordVectors.RotateLeft(first, 2);
    }

    // The rule applied to itself reaches twice as far back, so that no word depends on its neighbours.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Extend(
        Vector128<uint> back32, Vector128<uint> back28, Vector128<uint> back16, Vector128<uint> back8, Vector128<uint> back4)
    {
        Vector128<uint> back6 = WordVectors.Extract(back8, back4, 2);
        return WordVectors.RotateLeft(back6 ^ back16 ^ back28 ^ back32, 2);
    }
}
