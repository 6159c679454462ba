using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>A number in five limbs, the lowest first, each with room above its bits for sums without a carry.</summary>
/// <typeparam name="TNumber">The number itself.</typeparam>
internal interface IFiveLimbs<TNumber>
    where TNumber : struct, IFiveLimbs<TNumber>
{
    /// <summary>The bits of a limb.</summary>
    static abstract int LimbBits { get; }

    /// <summary>The bits that a limb of a factor may have: some more, so that sums can be multiplied.</summary>
    static abstract int FactorBits { get; }

    /// <summary>The lowest limb.</summary>
    ulong L0 { get; }

    /// <summary>The second limb.</summary>
    ulong L1 { get; }

    /// <summary>The third limb.</summary>
    ulong L2 { get; }

    /// <summary>The fourth limb.</summary>
    ulong L3 { get; }

    /// <summary>The highest limb.</summary>
    ulong L4 { get; }

    /// <summary>Brings the ten columns of a product back to a number.</summary>
    static abstract TNumber Reduce<T>(
        ulong c0, ulong c1, ulong c2, ulong c3, ulong c4, ulong c5, ulong c6, ulong c7, ulong c8, ulong c9)
        where T : IWideMultiplication;
}

/// <summary>
/// The product of two numbers in limbs, before its reduction: ten columns of a limb's bits and what exceeds them. A product of two limbs is
/// cut at as many bits as a factor's limb has or, where the upper part is computed as too small by 2 at most, a little above; both parts
/// are added to their columns, where there is room for all of them: no carry is passed on, and no column reaches 2^62. Of the lower parts
/// only the sum is wanted, which is the sum of the whole products less the upper parts, modulo 2^64.
/// </summary>
internal static class LimbProduct
{
    /// <summary>Multiplies any two factors.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Multiply<T, TNumber>(in TNumber a, in TNumber b, out TNumber product)
        where T : IWideMultiplication
        where TNumber : struct, IFiveLimbs<TNumber>
    {
        Debug.Assert(IsFactor(a) && IsFactor(b), "A limb is too large for a factor.");
        ulong a0 = a.L0, a1 = a.L1, a2 = a.L2, a3 = a.L3, a4 = a.L4;

        // One limb of the second factor at a time. Going through the columns one after another keeps more numbers in use: it is slower.
        ulong right = b.L0;
        ulong shifted = right << (64 - TNumber.FactorBits);
        ulong h0 = T.High(a0, shifted);
        ulong l0 = a0 * right;
        ulong h1 = T.High(a1, shifted);
        ulong l1 = a1 * right;
        ulong h2 = T.High(a2, shifted);
        ulong l2 = a2 * right;
        ulong h3 = T.High(a3, shifted);
        ulong l3 = a3 * right;
        ulong h4 = T.High(a4, shifted);
        ulong l4 = a4 * right;

        right = b.L1;
        shifted = right << (64 - TNumber.FactorBits);
        h1 += T.High(a0, shifted);
        l1 += a0 * right;
        h2 += T.High(a1, shifted);
        l2 += a1 * right;
        h3 += T.High(a2, shifted);
        l3 += a2 * right;
        h4 += T.High(a3, shifted);
        l4 += a3 * right;
        ulong h5 = T.High(a4, shifted);
        ulong l5 = a4 * right;

        right = b.L2;
        shifted = right << (64 - TNumber.FactorBits);
        h2 += T.High(a0, shifted);
        l2 += a0 * right;
        h3 += T.High(a1, shifted);
        l3 += a1 * right;
        h4 += T.High(a2, shifted);
        l4 += a2 * right;
        h5 += T.High(a3, shifted);
        l5 += a3 * right;
        ulong h6 = T.High(a4, shifted);
        ulong l6 = a4 * right;

        right = b.L3;
        shifted = right << (64 - TNumber.FactorBits);
        h3 += T.High(a0, shifted);
        l3 += a0 * right;
        h4 += T.High(a1, shifted);
        l4 += a1 * right;
        h5 += T.High(a2, shifted);
        l5 += a2 * right;
        h6 += T.High(a3, shifted);
        l6 += a3 * right;
        ulong h7 = T.High(a4, shifted);
        ulong l7 = a4 * right;

        right = b.L4;
        shifted = right << (64 - TNumber.FactorBits);
        h4 += T.High(a0, shifted);
        l4 += a0 * right;
        h5 += T.High(a1, shifted);
        l5 += a1 * right;
        h6 += T.High(a2, shifted);
        l6 += a2 * right;
        h7 += T.High(a3, shifted);
        l7 += a3 * right;
        ulong h8 = T.High(a4, shifted);
        ulong l8 = a4 * right;

        product = TNumber.Reduce<T>(
            Lower<TNumber>(l0, h0),
            Upper<TNumber>(h0) + Lower<TNumber>(l1, h1),
            Upper<TNumber>(h1) + Lower<TNumber>(l2, h2),
            Upper<TNumber>(h2) + Lower<TNumber>(l3, h3),
            Upper<TNumber>(h3) + Lower<TNumber>(l4, h4),
            Upper<TNumber>(h4) + Lower<TNumber>(l5, h5),
            Upper<TNumber>(h5) + Lower<TNumber>(l6, h6),
            Upper<TNumber>(h6) + Lower<TNumber>(l7, h7),
            Upper<TNumber>(h7) + Lower<TNumber>(l8, h8),
            Upper<TNumber>(h8));
    }

    /// <summary>Squares a factor: products of different limbs come twice and are computed once.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Square<T, TNumber>(in TNumber a, out TNumber square)
        where T : IWideMultiplication
        where TNumber : struct, IFiveLimbs<TNumber>
    {
        Debug.Assert(IsFactor(a), "A limb is too large for a factor.");
        ulong a0 = a.L0, a1 = a.L1, a2 = a.L2, a3 = a.L3, a4 = a.L4;
        int shift = 64 - TNumber.FactorBits;
        ulong s0 = a0 << shift, s1 = a1 << shift, s2 = a2 << shift, s3 = a3 << shift, s4 = a4 << shift;
        ulong left = a0;
        ulong h0 = T.High(left, s0);
        ulong l0 = left * a0;
        left *= 2;
        ulong h1 = T.High(left, s1);
        ulong l1 = left * a1;
        ulong h2 = T.High(left, s2);
        ulong l2 = left * a2;
        ulong h3 = T.High(left, s3);
        ulong l3 = left * a3;
        ulong h4 = T.High(left, s4);
        ulong l4 = left * a4;

        left = a1;
        h2 += T.High(left, s1);
        l2 += left * a1;
        left *= 2;
        h3 += T.High(left, s2);
        l3 += left * a2;
        h4 += T.High(left, s3);
        l4 += left * a3;
        ulong h5 = T.High(left, s4);
        ulong l5 = left * a4;

        left = a2;
        h4 += T.High(left, s2);
        l4 += left * a2;
        left *= 2;
        h5 += T.High(left, s3);
        l5 += left * a3;
        ulong h6 = T.High(left, s4);
        ulong l6 = left * a4;

        left = a3;
        h6 += T.High(left, s3);
        l6 += left * a3;
        left *= 2;
        ulong h7 = T.High(left, s4);
        ulong l7 = left * a4;

        left = a4;
        ulong h8 = T.High(left, s4);
        ulong l8 = left * a4;

        square = TNumber.Reduce<T>(
            Lower<TNumber>(l0, h0),
            Upper<TNumber>(h0) + Lower<TNumber>(l1, h1),
            Upper<TNumber>(h1) + Lower<TNumber>(l2, h2),
            Upper<TNumber>(h2) + Lower<TNumber>(l3, h3),
            Upper<TNumber>(h3) + Lower<TNumber>(l4, h4),
            Upper<TNumber>(h4) + Lower<TNumber>(l5, h5),
            Upper<TNumber>(h5) + Lower<TNumber>(l6, h6),
            Upper<TNumber>(h6) + Lower<TNumber>(l7, h7),
            Upper<TNumber>(h7) + Lower<TNumber>(l8, h8),
            Upper<TNumber>(h8));
    }

    private static bool IsFactor<TNumber>(in TNumber limbs)
        where TNumber : struct, IFiveLimbs<TNumber> => (limbs.L0 | limbs.L1 | limbs.L2 | limbs.L3 | limbs.L4) < 1UL << TNumber.FactorBits;

    // What is above the cut, as its column counts it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Upper<TNumber>(ulong upper)
        where TNumber : struct, IFiveLimbs<TNumber> => upper << (TNumber.FactorBits - TNumber.LimbBits);

    // The sum of what is below the cut, which is less than 15 times that, from whole products and the sum of what is above.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Lower<TNumber>(ulong products, ulong upper)
        where TNumber : struct, IFiveLimbs<TNumber> => products - (upper << TNumber.FactorBits);
}
