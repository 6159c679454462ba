using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>Multiplication of polynomials over GF(2), the arithmetic beneath GHASH.</summary>
internal interface ICarrylessMultiplication
{
    /// <summary>The product of two polynomials of 64 bits: its low half in element 0, its high half in element 1.</summary>
    static abstract Vector128<ulong> Multiply(ulong x, ulong y);
}

/// <summary>
/// Carry-less multiplication by ordinary multiplications, after BearSSL's ctmul64: three of four bits are masked out, so that
/// carries run into the gaps and are thrown away. No table and no branch depends on the key, which a table of multiples of the
/// hash key (the usual portable GHASH) cannot say of itself; and it is fast enough.
/// </summary>
internal readonly struct PortableMultiplication : ICarrylessMultiplication
{
    private const ulong Bits0 = 0x1111_1111_1111_1111;
    private const ulong Bits1 = 0x2222_2222_2222_2222;
    private const ulong Bits2 = 0x4444_4444_4444_4444;
    private const ulong Bits3 = 0x8888_8888_8888_8888;

    // The high half is the low half of the product of the reversed factors, reversed, one place further down.
    public static Vector128<ulong> Multiply(ulong x, ulong y) =>
        Vector128.Create(MultiplyLow(x, y), Reverse(MultiplyLow(Reverse(x), Reverse(y))) >> 1);

    private static ulong MultiplyLow(ulong x, ulong y)
    {
        ulong x0 = x & Bits0, x1 = x & Bits1, x2 = x & Bits2, x3 = x & Bits3;
        ulong y0 = y & Bits0, y1 = y & Bits1, y2 = y & Bits2, y3 = y & Bits3;
        ulong z0 = (x0 * y0) ^ (x1 * y3) ^ (x2 * y2) ^ (x3 * y1);
        ulong z1 = (x0 * y1) ^ (x1 * y0) ^ (x2 * y3) ^ (x3 * y2);
        ulong z2 = (x0 * y2) ^ (x1 * y1) ^ (x2 * y0) ^ (x3 * y3);
        ulong z3 = (x0 * y3) ^ (x1 * y2) ^ (x2 * y1) ^ (x3 * y0);
        return (z0 & Bits0) | (z1 & Bits1) | (z2 & Bits2) | (z3 & Bits3);
    }

    /// <summary>The bits in the opposite order.</summary>
    private static ulong Reverse(ulong value)
    {
        if (ArmBase.Arm64.IsSupported)
        {
            return ArmBase.Arm64.ReverseElementBits(value);
        }

        value = ((value >> 1) & 0x5555_5555_5555_5555) | ((value & 0x5555_5555_5555_5555) << 1);
        value = ((value >> 2) & 0x3333_3333_3333_3333) | ((value & 0x3333_3333_3333_3333) << 2);
        value = ((value >> 4) & 0x0F0F_0F0F_0F0F_0F0F) | ((value & 0x0F0F_0F0F_0F0F_0F0F) << 4);
        return BinaryPrimitives.ReverseEndianness(value);
    }
}
