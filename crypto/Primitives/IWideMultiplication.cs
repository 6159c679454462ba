using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// How the processor multiplies two words into the upper word of their product, in the same time for all of them. A type parameter, so
/// that a native program, which learns only when it runs what an x64 processor can do, asks once for each large multiplication.
/// </summary>
internal interface IWideMultiplication
{
    /// <summary>Bits 64 to 127 of the product.</summary>
    static abstract ulong High(ulong left, ulong right);
}

/// <summary>The instruction MULX of x64, where <see cref="Bmi2.X64.IsSupported"/>.</summary>
internal readonly struct MulxMultiplication : IWideMultiplication
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong High(ulong left, ulong right) => Bmi2.X64.MultiplyNoFlags(left, right);
}

/// <summary>The runtime's own way: the instruction UMULH on arm64, four multiplications of half words elsewhere.</summary>
internal readonly struct PlainMultiplication : IWideMultiplication
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong High(ulong left, ulong right) => Math.BigMul(left, right, out _);
}
