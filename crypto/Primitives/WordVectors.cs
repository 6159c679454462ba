using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>Four words of 32 bits at a time, on the vector instructions that every processor we build for has: NEON or SSSE3.</summary>
internal static class WordVectors
{
    /// <summary>Whether this processor has the instructions.</summary>
    public static bool IsSupported => AdvSimd.IsSupported || Ssse3.IsSupported;

    /// <summary>The first four words, which stand in network order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Load(ReadOnlySpan<byte> words)
    {
        Vector128<byte> bytes = Vector128.Create(words);
        return AdvSimd.IsSupported
            ? AdvSimd.ReverseElement8(bytes.AsUInt32())
            : Ssse3.Shuffle(bytes, Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)).AsUInt32();
    }

    /// <summary>Four of the eight words, from word <paramref name="first"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [SuppressMessage("Performance", "CA1857", Justification = "Every caller gives a constant, and this is compiled into the caller.")]
    public static Vector128<uint> Extract(
        Vector128<uint> low, Vector128<uint> high, [ConstantExpected(Max = (byte)3)] byte first) =>
        AdvSimd.IsSupported ? AdvSimd.ExtractVector128(low, high, first) : Ssse3.AlignRight(high, low, (byte)(first * sizeof(uint)));

    /// <summary>Each word turned to the left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateLeft(Vector128<uint> words, int count) => (words << count) | (words >> (32 - count));

    /// <summary>Each word turned to the right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateRight(Vector128<uint> words, int count) => RotateLeft(words, 32 - count);
}
