using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// Multiples of points of P-256, computed from a scalar's digits. The additions need no case of their own for a point that is added to
/// itself, because with a scalar from 1 to n - 1 that cannot happen when the lowest digit is added last. Say that the digit d is added at
/// its place, d · 32^i, to the sum of digits that have been added at theirs. Both are the same point if n divides the number whose digits
/// are those of the sum, and -d at the place i:
/// <list type="bullet">
/// <item>That number is not 0: its lowest digit that is not 0 keeps it from being divisible by the next power of 32.</item>
/// <item>As long as the lowest place is empty, 32 divides it. It is below 9 n, and n is odd: it would have to be 0.</item>
/// <item>When the lowest digit is added, the number is the scalar less 2 d, which would have to be n, being above -32 and below n + 32. It
/// is also a multiple of 32 less d, and n is one plus 17: but no digit is -17.</item>
/// </list>
/// </summary>
internal static class P256Multiplication
{
    /// <summary>The multiple of a point, in the same time for all scalars from 1 to n - 1, of 32 bytes. It is not infinity.</summary>
    public static void Multiply(in P256AffinePoint point, ReadOnlySpan<byte> scalar, out P256Point product)
    {
        Span<P256Point> multiples = stackalloc P256Point[SignedDigits.Maximum];
        Span<sbyte> digits = stackalloc sbyte[SignedDigits.Count];
        FillMultiples(new P256Point(point), multiples);
        SignedDigits.Read(scalar, digits);

        product = default;
        for (int place = SignedDigits.Count - 1; place >= 0; place--)
        {
            DoubleToNextPlace(ref product);
            ulong isNegative = MultiplesTable.Find<P256Point>(multiples, digits[place], out P256Point multiple);
            multiple.NegateWhere(isNegative);
            product.AddOther(multiple);
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(digits));
    }

    /// <summary>
    /// A multiple of the generator and one of a point, added up. How long that takes tells of all three: for verifying signatures.
    /// </summary>
    public static void AddPublicMultiples(
        ReadOnlySpan<byte> generatorScalar, in P256AffinePoint point, ReadOnlySpan<byte> pointScalar, out P256Point sum)
    {
        Span<P256Point> multiples = stackalloc P256Point[SignedDigits.Maximum];
        Span<sbyte> digits = stackalloc sbyte[SignedDigits.Count];
        Span<sbyte> generatorDigits = stackalloc sbyte[SignedDigits.Count];
        FillMultiples(new P256Point(point), multiples);
        SignedDigits.Read(pointScalar, digits);
        SignedDigits.Read(generatorScalar, generatorDigits);

        sum = default;
        for (int place = SignedDigits.Count - 1; place >= 0; place--)
        {
            DoubleToNextPlace(ref sum);
            int digit = digits[place];
            if (digit != 0)
            {
                P256Point multiple = multiples[Math.Abs(digit) - 1];
                multiple.NegateWhere(P256Limbs.MaskOf(digit < 0));
                sum.AddPublic(multiple);
            }

            // The doublings that the generator's multiple needs are the last ones of the point's.
            if (place < P256Generator.Rows)
            {
                P256Generator.AddPublicRow(ref sum, generatorDigits, place);
            }
        }
    }

    /// <summary>Fills the table with the point's multiples by 1, 2, 3, …</summary>
    internal static void FillMultiples(in P256Point point, Span<P256Point> multiples)
    {
        multiples[0] = point;
        for (int index = 1; index < multiples.Length; index++)
        {
            bool isEven = index % 2 == 1;
            multiples[index] = multiples[isEven ? index / 2 : index - 1];
            if (isEven)
            {
                multiples[index].Double();
            }
            else
            {
                multiples[index].AddOther(point);
            }
        }
    }

    /// <summary>Multiplies a sum by 32, so that the next digit can be added.</summary>
    internal static void DoubleToNextPlace(ref P256Point sum)
    {
        for (int bit = 0; bit < SignedDigits.Bits; bit++)
        {
            sum.Double();
        }
    }
}
