using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// The product of two numbers in limbs, before its reduction: ten columns of 53 bits and what exceeds them. A product of two limbs is
/// cut at bit 56 or, where the upper part is computed as too small by 2 at most, a little above; both parts are added to their columns,
/// where there is room for all of them: no carry is passed on. Of the lower parts only the sum is wanted, which is the sum of the whole
/// products less the upper parts, modulo 2^64. Factors have limbs below <see cref="FactorLimit"/>.
/// </summary>
internal static class P256Product
{
    /// <summary>What limbs of factors stay below. With it no column of a product reaches 2^62.</summary>
    public const ulong FactorLimit = 1UL << CutBit;

    private const int CutBit = 56;

    // Shifts what is above the cut into the upper word of a product.
    private const int FactorShift = 64 - CutBit;

    // What is above the cut counts 2^56, and a column 2^53.
    private const int UpperScale = 1 << (CutBit - P256Limbs.Bits);

    /// <summary>Multiplies any two factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply<T>(
        in P256Limbs a, in P256Limbs b, out ulong c0, out ulong c1, out ulong c2, out ulong c3, out ulong c4,
        out ulong c5, out ulong c6, out ulong c7, out ulong c8, out ulong c9)
        where T : IWideMultiplication
    {
        Debug.Assert(IsFactor(a) && IsFactor(b), "A limb is too large for a factor.");
        ulong a0 = a.L0, a1 = a.L1, a2 = a.L2, a3 = a.L3, a4 = a.L4;

        // One limb of the second factor at a time. Going through the columns one after another keeps more numbers in use: it is slower.
        ulong right = b.L0;
        ulong shifted = right << FactorShift;
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
        shifted = right << FactorShift;
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
        shifted = right << FactorShift;
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
        shifted = right << FactorShift;
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
        shifted = right << FactorShift;
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

        c0 = Lower(l0, h0);
        c1 = (UpperScale * h0) + Lower(l1, h1);
        c2 = (UpperScale * h1) + Lower(l2, h2);
        c3 = (UpperScale * h2) + Lower(l3, h3);
        c4 = (UpperScale * h3) + Lower(l4, h4);
        c5 = (UpperScale * h4) + Lower(l5, h5);
        c6 = (UpperScale * h5) + Lower(l6, h6);
        c7 = (UpperScale * h6) + Lower(l7, h7);
        c8 = (UpperScale * h7) + Lower(l8, h8);
        c9 = UpperScale * h8;
    }

    /// <summary>Squares a factor: products of different limbs come twice and are computed once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Square<T>(
        in P256Limbs a, out ulong c0, out ulong c1, out ulong c2, out ulong c3, out ulong c4,
        out ulong c5, out ulong c6, out ulong c7, out ulong c8, out ulong c9)
        where T : IWideMultiplication
    {
        Debug.Assert(IsFactor(a), "A limb is too large for a factor.");
        ulong a0 = a.L0, a1 = a.L1, a2 = a.L2, a3 = a.L3, a4 = a.L4;
        ulong s0 = a0 << FactorShift, s1 = a1 << FactorShift, s2 = a2 << FactorShift, s3 = a3 << FactorShift, s4 = a4 << FactorShift;
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

        c0 = Lower(l0, h0);
        c1 = (UpperScale * h0) + Lower(l1, h1);
        c2 = (UpperScale * h1) + Lower(l2, h2);
        c3 = (UpperScale * h2) + Lower(l3, h3);
        c4 = (UpperScale * h3) + Lower(l4, h4);
        c5 = (UpperScale * h4) + Lower(l5, h5);
        c6 = (UpperScale * h5) + Lower(l6, h6);
        c7 = (UpperScale * h6) + Lower(l7, h7);
        c8 = (UpperScale * h7) + Lower(l8, h8);
        c9 = UpperScale * h8;
    }

    private static bool IsFactor(in P256Limbs limbs) => (limbs.L0 | limbs.L1 | limbs.L2 | limbs.L3 | limbs.L4) < FactorLimit;

    // The sum of what is below the cut, which is less than 15 · 2^56, from whole products and the sum of what is above.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Lower(ulong products, ulong upper) => products - (upper << CutBit);
}
