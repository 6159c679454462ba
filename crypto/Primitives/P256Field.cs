using System;
using System.Runtime.CompilerServices;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// A coordinate of P-256: a number modulo p = 2^256 - 2^224 + 2^192 + 2^96 - 1 (SP 800-186 section 3.2.1.3) in Montgomery form, x · 2^265.
/// Everything here takes the same time for every value.
/// <para>
/// Sums are not reduced at once. What comes of a product, of <see cref="Subtract"/> or from outside is <i>small</i>: below 1.5 p, with
/// limbs below 2^53. The sums and multiples of small elements are <i>factors</i>: below 16 p, with limbs below 2^56. They may be
/// multiplied, but not be added again.
/// </para>
/// </summary>
internal readonly record struct P256Field : IFiveLimbs<P256Field>
{
    /// <summary>The length of a coordinate in bytes.</summary>
    public const int Length = P256Limbs.Length;

    // The limbs of p: all ones, 2^43 - 1, 0, 2^33 and this.
    private const ulong TopOfPrime = (1UL << 44) - (1UL << 12);

    // The bits in the highest limb of a number below 2^256.
    private const int TopBits = 256 - (4 * P256Limbs.Bits);

    private static readonly P256Limbs Prime = new(P256Limbs.Mask, (1UL << 43) - 1, 0, 1UL << 33, TopOfPrime);

    // 2^530 modulo p: multiplied with it, a number takes its Montgomery form.
    private static readonly P256Field MontgomerySquare = new(
        new P256Limbs(0xC0000, 0x1FFFFFE0000000, 0x1FFEFFFFFFFBFF, 0xFFFFFFFFFFFFF, 0x13FFFFFFF));

    // Multiplied with this, the Montgomery form becomes the number.
    private static readonly P256Field PlainOne = new(new P256Limbs(1, 0, 0, 0, 0));

    private readonly P256Limbs _limbs;

    private P256Field(in P256Limbs limbs) => _limbs = limbs;

    /// <inheritdoc/>
    public static int LimbBits => P256Limbs.Bits;

    /// <inheritdoc/>
    public static int FactorBits => P256Limbs.FactorBits;

    ulong IFiveLimbs<P256Field>.L0 => _limbs.L0;

    ulong IFiveLimbs<P256Field>.L1 => _limbs.L1;

    ulong IFiveLimbs<P256Field>.L2 => _limbs.L2;

    ulong IFiveLimbs<P256Field>.L3 => _limbs.L3;

    ulong IFiveLimbs<P256Field>.L4 => _limbs.L4;

    /// <summary>The number 1.</summary>
    public static P256Field One => new(new P256Limbs(0x200, 0x10000000000000, 0x1FFFFFFFFFFFFF, 0x1FFBFFFFFFFFFF, 0x1FFFFF));

    /// <summary>All ones if a small element is zero, else zero.</summary>
    public ulong ZeroMask => _limbs.ReduceOnce(Prime).ZeroMask;

    /// <summary>The sum of two small elements: a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static P256Field operator +(in P256Field left, in P256Field right) => new(new P256Limbs(
        left._limbs.L0 + right._limbs.L0,
        left._limbs.L1 + right._limbs.L1,
        left._limbs.L2 + right._limbs.L2,
        left._limbs.L3 + right._limbs.L3,
        left._limbs.L4 + right._limbs.L4));

    /// <summary>A small element, or up to 4 times one, less a small element: a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static P256Field operator -(in P256Field left, in P256Field right)
    {
        // 2 p is added, in limbs so large that none of a small element exceeds them: each has borrowed from the next.
        const ulong Borrowed = 1UL << P256Limbs.Bits;
        return new(new P256Limbs(
            left._limbs.L0 + (2 * P256Limbs.Mask) - right._limbs.L0,
            left._limbs.L1 + (Borrowed + (1UL << 44) - 2) - right._limbs.L1,
            left._limbs.L2 + (Borrowed - 1) - right._limbs.L2,
            left._limbs.L3 + (Borrowed + (1UL << 34) - 1) - right._limbs.L3,
            left._limbs.L4 + ((2 * TopOfPrime) - 1) - right._limbs.L4));
    }

    /// <summary>The product of two factors: small. Like all results here, it may take the place of an operand.</summary>
    public static void Multiply(in P256Field left, in P256Field right, out P256Field product) =>
        WideMultiplication.Multiply(left, right, out product);

    /// <summary>A factor multiplied with itself: small.</summary>
    public static void Square(in P256Field factor, out P256Field square) => WideMultiplication.Square(factor, out square);

    /// <summary>Whether two small elements are the same number. For public numbers.</summary>
    public static bool AreEqual(in P256Field one, in P256Field other) =>
        one._limbs.ReduceOnce(Prime) == other._limbs.ReduceOnce(Prime);

    /// <summary>Reads 32 bytes, the highest first; false if their number is not below p.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out P256Field element)
    {
        P256Limbs number = P256Limbs.Read(bytes);
        _ = number.Subtract(Prime, out ulong below);
        Multiply(new P256Field(number), MontgomerySquare, out element);
        return below != 0;
    }

    /// <summary>The first element where the mask is all ones, the second where it is zero.</summary>
    public static void Select(ulong mask, in P256Field one, in P256Field other, out P256Field selected) =>
        selected = new P256Field(P256Limbs.Select(mask, one._limbs, other._limbs));

    /// <summary>A difference, or a factor below 4 p, less up to 8 times a small element: small again.</summary>
    public static void Subtract(in P256Field minuend, in P256Field subtrahend, long times, out P256Field difference)
    {
        // 16 p keeps the number positive.
        long t0 = (long)minuend._limbs.L0 - (times * (long)subtrahend._limbs.L0) + (16 * (long)P256Limbs.Mask);
        long t1 = (long)minuend._limbs.L1 - (times * (long)subtrahend._limbs.L1) + (1L << 47) - 16;
        long t2 = (long)minuend._limbs.L2 - (times * (long)subtrahend._limbs.L2);
        long t3 = (long)minuend._limbs.L3 - (times * (long)subtrahend._limbs.L3) + (1L << 37);
        long t4 = (long)minuend._limbs.L4 - (times * (long)subtrahend._limbs.L4) + (16 * (long)TopOfPrime);

        // As many p go as the number has 2^256, but for the carry that is still to come: what stays is below 2^256 + 2^230.
        long excess = t4 >> TopBits;
        difference = new P256Field(P256Limbs.Carry(
            t0 + excess, t1 - (excess << 43), t2, t3 - (excess << 33), (t4 & ((1L << TopBits) - 1)) + (excess << 12)));
    }

    /// <summary>A multiple of a small element, up to 4 times, or of the sum of two, up to 3 times: a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public P256Field Times(ulong times) =>
        new(new P256Limbs(_limbs.L0 * times, _limbs.L1 * times, _limbs.L2 * times, _limbs.L3 * times, _limbs.L4 * times));

    /// <summary>
    /// The inverse of a factor, small; zero for zero. By Fermat's little theorem it is the power p - 2, by a fixed chain of products.
    /// </summary>
    public static void Invert(in P256Field factor, out P256Field inverse)
    {
        // onesK is the factor to the power 2^K - 1, whose exponent is K ones.
        RaiseAndMultiply(factor, 1, factor, out P256Field ones2);
        RaiseAndMultiply(ones2, 1, factor, out P256Field ones3);
        RaiseAndMultiply(ones3, 3, ones3, out P256Field ones6);
        RaiseAndMultiply(ones6, 6, ones6, out P256Field ones12);
        RaiseAndMultiply(ones12, 3, ones3, out P256Field ones15);
        RaiseAndMultiply(ones15, 15, ones15, out P256Field ones30);
        RaiseAndMultiply(ones30, 2, ones2, out P256Field ones32);

        // p - 2 is: 32 ones, 31 zeros and a one, 96 zeros and 94 ones, a zero and a one.
        RaiseAndMultiply(ones32, 32, factor, out inverse);
        RaiseAndMultiply(inverse, 128, ones32, out inverse);
        RaiseAndMultiply(inverse, 32, ones32, out inverse);
        RaiseAndMultiply(inverse, 30, ones30, out inverse);
        RaiseAndMultiply(inverse, 2, factor, out inverse);
    }

    /// <summary>Writes the number of a factor, below p, in 32 bytes, the highest first.</summary>
    public void Write(Span<byte> bytes)
    {
        Multiply(this, PlainOne, out P256Field plain);
        plain._limbs.ReduceOnce(Prime).Write(bytes);
    }

    // Montgomery's reduction: adds the multiple of p that makes the five lowest columns zero. Two factors below 16 p give less than
    // (256 / 2^9 + 1) p.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static P256Field IFiveLimbs<P256Field>.Reduce<TMultiplication>(
        ulong c0, ulong c1, ulong c2, ulong c3, ulong c4, ulong c5, ulong c6, ulong c7, ulong c8, ulong c9)
    {
        Clear<TMultiplication>(c0, ref c1, ref c2, ref c3, ref c4, ref c5);
        Clear<TMultiplication>(c1, ref c2, ref c3, ref c4, ref c5, ref c6);
        Clear<TMultiplication>(c2, ref c3, ref c4, ref c5, ref c6, ref c7);
        Clear<TMultiplication>(c3, ref c4, ref c5, ref c6, ref c7, ref c8);
        Clear<TMultiplication>(c4, ref c5, ref c6, ref c7, ref c8, ref c9);
        return new P256Field(P256Limbs.Carry((long)c5, (long)c6, (long)c7, (long)c8, (long)c9));
    }

    // p is -1 modulo 2^96, so the multiple of p that clears a column is the column itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear<TMultiplication>(ulong c0, ref ulong c1, ref ulong c2, ref ulong c3, ref ulong c4, ref ulong c5)
        where TMultiplication : IWideMultiplication
    {
        ulong multiple = c0 & P256Limbs.Mask;
        c1 += (c0 >> P256Limbs.Bits) + ((multiple << 43) & P256Limbs.Mask);
        c2 += multiple >> 10;
        c3 += (multiple << 33) & P256Limbs.Mask;
        ulong upper = TMultiplication.High(multiple, TopOfPrime << (64 - P256Limbs.Bits));
        c4 += (multiple >> 20) + (multiple * TopOfPrime) - (upper << P256Limbs.Bits);
        c5 += upper;
    }

    // The factor to the power 2^squarings, times another factor.
    private static void RaiseAndMultiply(in P256Field factor, int squarings, in P256Field multiplier, out P256Field product)
    {
        P256Field power = factor;
        for (; squarings > 0; squarings--)
        {
            Square(power, out power);
        }

        Multiply(power, multiplier, out product);
    }
}
