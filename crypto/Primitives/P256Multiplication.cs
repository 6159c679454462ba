using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// Multiples of points of P-256, computed from a scalar's digits. The additions are of points that differ, which is why they need no
/// case of their own for the same point twice. When the digit d is added at its place 32^i, what has been added up before is a number
/// whose digits are those of the scalar at other places. Two points are the same if the orders' multiple m n is that number less d · 32^i,
/// the number with -d at place i:
/// <list type="bullet">
/// <item>m is not 0: the lowest digit that is not zero keeps the number from being divisible by the next power of 32.</item>
/// <item>m is even otherwise, and so 0, unless the lowest place is among those that have been added: n is odd, and the number, being below
/// 9 n, is divisible by 32. The lowest place comes last.</item>
/// <item>So i is 0, and the number is the scalar less 2 d. It is not below -32 and not above n + 32, so that m is 1, and it is -d modulo 32.
/// But n is 17 modulo 32, and no digit is -17 or 15 with a scalar below n: 15 would need the scalar n + 30.</item>
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
    /// A multiple of the generator and one of a point, added up. How long that takes tells of all three: for the verification of signatures.
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
