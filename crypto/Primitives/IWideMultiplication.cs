using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// How the processor multiplies two words into the upper word of their product, in the same time for all of them. A type parameter, so
/// that a native program, which learns only when it runs what a processor can do, asks once for each large multiplication.
/// </summary>
internal interface IWideMultiplication
{
    /// <summary>
    /// Bits 64 to 127 of the product, or a number that is less by 1 or 2: what is missing has to be counted with the lower bits.
    /// </summary>
    static abstract ulong High(ulong left, ulong right);
}

/// <summary>The instruction MULX of x64. A native program has it only where it was built for processors with AVX.</summary>
internal readonly struct MulxMultiplication : IWideMultiplication
{
    /// <summary>Whether the processor has the instruction.</summary>
    public static bool IsSupported => Bmi2.X64.IsSupported;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong High(ulong left, ulong right) => Bmi2.X64.MultiplyNoFlags(left, right);
}

/// <summary>The instruction UMULH of arm64.</summary>
internal readonly struct UmulhMultiplication : IWideMultiplication
{
    /// <summary>Whether the processor has the instruction.</summary>
    public static bool IsSupported => ArmBase.Arm64.IsSupported;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong High(ulong left, ulong right) => ArmBase.Arm64.MultiplyHigh(left, right);
}

/// <summary>
/// Multiplications of half words, for all other processors. The product of the lower halves, and what the middle ones leave below bit 64,
/// are not looked at: together they are less than 3 in the upper word.
/// </summary>
internal readonly struct PlainMultiplication : IWideMultiplication
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong High(ulong left, ulong right)
    {
        ulong upperLeft = left >> 32, lowerLeft = (uint)left;
        ulong upperRight = right >> 32, lowerRight = (uint)right;
        return (upperLeft * upperRight) + ((upperLeft * lowerRight) >> 32) + ((lowerLeft * upperRight) >> 32);
    }
}
