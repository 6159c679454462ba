using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// A number modulo 2^255 - 19, the coordinate of X25519 (RFC 7748 section 4.1), in five limbs of 51 bits, the lowest first. Everything
/// here takes the same time for every value.
/// <para>
/// What comes of a product or from outside is <i>small</i>: its limbs are below 2^51 + 2^18. The sum and the difference of two small
/// elements are <i>factors</i>, with limbs below 2^53. They may be multiplied, but not be added again.
/// </para>
/// </summary>
internal readonly record struct Field25519 : IFiveLimbs<Field25519>
{
    /// <summary>The length of a number in bytes.</summary>
    public const int Length = 32;

    private const int Bits = 51;
    private const ulong Mask = (1UL << Bits) - 1;

    // What reaches 2^255 comes back at the bottom 19 times.
    private const ulong Wrap = 19;

    private readonly ulong _l0;
    private readonly ulong _l1;
    private readonly ulong _l2;
    private readonly ulong _l3;
    private readonly ulong _l4;

    private Field25519(ulong l0, ulong l1, ulong l2, ulong l3, ulong l4)
    {
        _l0 = l0;
        _l1 = l1;
        _l2 = l2;
        _l3 = l3;
        _l4 = l4;
    }

    /// <summary>The number 1.</summary>
    public static Field25519 One => new(1, 0, 0, 0, 0);

    /// <summary>1/2.</summary>
    public static Field25519 Half => new(Mask - 8, Mask, Mask, Mask, Mask >> 1);

    /// <inheritdoc/>
    public static int LimbBits => Bits;

    /// <inheritdoc/>
    public static int FactorBits => 53;

    ulong IFiveLimbs<Field25519>.L0 => _l0;

    ulong IFiveLimbs<Field25519>.L1 => _l1;

    ulong IFiveLimbs<Field25519>.L2 => _l2;

    ulong IFiveLimbs<Field25519>.L3 => _l3;

    ulong IFiveLimbs<Field25519>.L4 => _l4;

    /// <summary>The sum of two small elements: a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Field25519 operator +(in Field25519 left, in Field25519 right) =>
        new(left._l0 + right._l0, left._l1 + right._l1, left._l2 + right._l2, left._l3 + right._l3, left._l4 + right._l4);

    /// <summary>The difference of two small elements: a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Field25519 operator -(in Field25519 left, in Field25519 right) => new(
        left._l0 + (2 * (Mask - 18)) - right._l0,
        left._l1 + (2 * Mask) - right._l1,
        left._l2 + (2 * Mask) - right._l2,
        left._l3 + (2 * Mask) - right._l3,
        left._l4 + (2 * Mask) - right._l4);

    /// <summary>
    /// Reads 32 bytes, the lowest first. RFC 7748 section 5: the highest bit is not looked at, and the number may exceed the prime.
    /// </summary>
    public static Field25519 Read(ReadOnlySpan<byte> bytes)
    {
        ulong w0 = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        ulong w1 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        ulong w2 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        ulong w3 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        return new Field25519(
            w0 & Mask,
            ((w0 >> 51) | (w1 << 13)) & Mask,
            ((w1 >> 38) | (w2 << 26)) & Mask,
            ((w2 >> 25) | (w3 << 39)) & Mask,
            (w3 >> 12) & Mask);
    }

    /// <summary>The product of two factors: small. Like all results here, it may take the place of an operand.</summary>
    public static void Multiply(in Field25519 left, in Field25519 right, out Field25519 product) =>
        WideMultiplication.Multiply(left, right, out product);

    /// <summary>A factor multiplied with itself: small.</summary>
    public static void Square(in Field25519 factor, out Field25519 square) => WideMultiplication.Square(factor, out square);

    /// <summary>A factor multiplied with a number below 2^18: small.</summary>
    public static void Multiply(in Field25519 factor, uint number, out Field25519 product)
    {
        // Four bits remain above the number and a limb's lower half, so that the halves can be multiplied without the upper word.
        const int HalfBits = 26;
        const ulong HalfMask = (1UL << HalfBits) - 1;
        ulong u0 = (factor._l0 >> HalfBits) * number;
        ulong u1 = (factor._l1 >> HalfBits) * number;
        ulong u2 = (factor._l2 >> HalfBits) * number;
        ulong u3 = (factor._l3 >> HalfBits) * number;
        ulong u4 = (factor._l4 >> HalfBits) * number;
        const int UpperBits = Bits - HalfBits;
        const ulong UpperMask = (1UL << UpperBits) - 1;
        product = Carry(
            ((factor._l0 & HalfMask) * number) + ((u0 & UpperMask) << HalfBits) + (Wrap * (u4 >> UpperBits)),
            ((factor._l1 & HalfMask) * number) + ((u1 & UpperMask) << HalfBits) + (u0 >> UpperBits),
            ((factor._l2 & HalfMask) * number) + ((u2 & UpperMask) << HalfBits) + (u1 >> UpperBits),
            ((factor._l3 & HalfMask) * number) + ((u3 & UpperMask) << HalfBits) + (u2 >> UpperBits),
            ((factor._l4 & HalfMask) * number) + ((u4 & UpperMask) << HalfBits) + (u3 >> UpperBits));
    }

    /// <summary>The first element where the mask is all ones, the second where it is zero.</summary>
    public static void Select(ulong mask, in Field25519 one, in Field25519 other, out Field25519 selected) => selected = new Field25519(
        other._l0 ^ ((one._l0 ^ other._l0) & mask),
        other._l1 ^ ((one._l1 ^ other._l1) & mask),
        other._l2 ^ ((one._l2 ^ other._l2) & mask),
        other._l3 ^ ((one._l3 ^ other._l3) & mask),
        other._l4 ^ ((one._l4 ^ other._l4) & mask));

    /// <summary>Exchanges the elements where the mask is all ones.</summary>
    public static void SwapWhere(ulong mask, ref Field25519 one, ref Field25519 other)
    {
        ulong d0 = (one._l0 ^ other._l0) & mask;
        ulong d1 = (one._l1 ^ other._l1) & mask;
        ulong d2 = (one._l2 ^ other._l2) & mask;
        ulong d3 = (one._l3 ^ other._l3) & mask;
        ulong d4 = (one._l4 ^ other._l4) & mask;
        one = new Field25519(one._l0 ^ d0, one._l1 ^ d1, one._l2 ^ d2, one._l3 ^ d3, one._l4 ^ d4);
        other = new Field25519(other._l0 ^ d0, other._l1 ^ d1, other._l2 ^ d2, other._l3 ^ d3, other._l4 ^ d4);
    }

    /// <summary>The same number, small, of the sum of two factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Field25519 Carry() => Carry(_l0, _l1, _l2, _l3, _l4);

    /// <summary>
    /// The inverse of a factor, small; zero for zero. By Fermat's little theorem it is the power 2^255 - 21, by a fixed chain of products.
    /// </summary>
    public static void Invert(in Field25519 factor, out Field25519 inverse)
    {
        // onesK is the factor to the power 2^K - 1, whose exponent is K ones.
        RaiseAndMultiply(factor, 1, factor, out Field25519 ones2);
        RaiseAndMultiply(ones2, 1, factor, out Field25519 ones3);
        RaiseAndMultiply(ones3, 2, ones2, out Field25519 ones5);
        RaiseAndMultiply(ones5, 5, ones5, out Field25519 ones10);
        RaiseAndMultiply(ones10, 10, ones10, out Field25519 ones20);
        RaiseAndMultiply(ones20, 20, ones20, out Field25519 ones40);
        RaiseAndMultiply(ones40, 10, ones10, out Field25519 ones50);
        RaiseAndMultiply(ones50, 50, ones50, out Field25519 ones100);
        RaiseAndMultiply(ones100, 100, ones100, out Field25519 ones200);
        RaiseAndMultiply(ones200, 50, ones50, out Field25519 ones250);

        // 2^255 - 21 is 250 ones and 01011.
        RaiseAndMultiply(ones250, 2, factor, out inverse);
        RaiseAndMultiply(inverse, 3, ones2, out inverse);
    }

    /// <summary>Writes the number of a small element, below the prime, in 32 bytes, the lowest first.</summary>
    public void Write(Span<byte> bytes)
    {
        // After the carries the number is below 2^255 + 2^19. With 19 more it reaches 2^255 just if it is not below the prime; that many
        // times the prime is taken away.
        Field25519 carried = Carry(_l0, _l1, _l2, _l3, _l4);
        ulong excess = (carried._l0 + Wrap) >> Bits;
        excess = (carried._l1 + excess) >> Bits;
        excess = (carried._l2 + excess) >> Bits;
        excess = (carried._l3 + excess) >> Bits;
        excess = (carried._l4 + excess) >> Bits;
        ulong l0 = carried._l0 + (Wrap * excess);
        ulong l1 = carried._l1 + (l0 >> Bits);
        ulong l2 = carried._l2 + (l1 >> Bits);
        ulong l3 = carried._l3 + (l2 >> Bits);
        ulong l4 = (carried._l4 + (l3 >> Bits)) & Mask;
        l0 &= Mask;
        l1 &= Mask;
        l2 &= Mask;
        l3 &= Mask;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, l0 | (l1 << 51));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], (l1 >> 13) | (l2 << 38));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], (l2 >> 26) | (l3 << 25));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], (l3 >> 39) | (l4 << 12));
    }

    // Brings ten columns to five and their limbs back to 51 bits. No column exceeds 2^58.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Field25519 IFiveLimbs<Field25519>.Reduce<T>(
        ulong c0, ulong c1, ulong c2, ulong c3, ulong c4, ulong c5, ulong c6, ulong c7, ulong c8, ulong c9) =>
        Carry(c0 + (Wrap * c5), c1 + (Wrap * c6), c2 + (Wrap * c7), c3 + (Wrap * c8), c4 + (Wrap * c9));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Field25519 Carry(ulong c0, ulong c1, ulong c2, ulong c3, ulong c4)
    {
        c1 += c0 >> Bits;
        c2 += c1 >> Bits;
        c3 += c2 >> Bits;
        c4 += c3 >> Bits;
        return new Field25519((c0 & Mask) + (Wrap * (c4 >> Bits)), c1 & Mask, c2 & Mask, c3 & Mask, c4 & Mask);
    }

    // The factor to the power 2^squarings, times another factor.
    private static void RaiseAndMultiply(in Field25519 factor, int squarings, in Field25519 multiplier, out Field25519 product)
    {
        Field25519 power = factor;
        for (; squarings > 0; squarings--)
        {
            Square(power, out power);
        }

        Multiply(power, multiplier, out product);
    }
}
