using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// Multiples of the generator of P-256 from a table. It holds the multiples of 13 points, each of which is 2^20 times the one before: a
/// row of every fourth digit of a scalar can be added up without a doubling between them, and five doublings lead to the next row.
/// The table has 17 KB and costs, once, what two or three multiplications of other points cost. Every process pays that at its start,
/// when it computes the public key of its identity; and it is cheaper to have than to load from the program's file.
/// </summary>
internal static class P256Generator
{
    /// <summary>The rows of digits.</summary>
    public const int Rows = 4;

    private const int Points = SignedDigits.Count / Rows;

    private static readonly P256AffinePoint[] Table = BuildTable();

    // SP 800-186 section 3.2.1.3, as an uncompressed point.
    private static ReadOnlySpan<byte> Generator =>
    [
        P256AffinePoint.Uncompressed,
        0x6B, 0x17, 0xD1, 0xF2, 0xE1, 0x2C, 0x42, 0x47, 0xF8, 0xBC, 0xE6, 0xE5, 0x63, 0xA4, 0x40, 0xF2,
        0x77, 0x03, 0x7D, 0x81, 0x2D, 0xEB, 0x33, 0xA0, 0xF4, 0xA1, 0x39, 0x45, 0xD8, 0x98, 0xC2, 0x96,
        0x4F, 0xE3, 0x42, 0xE2, 0xFE, 0x1A, 0x7F, 0x9B, 0x8E, 0xE7, 0xEB, 0x4A, 0x7C, 0x0F, 0x9E, 0x16,
        0x2B, 0xCE, 0x33, 0x57, 0x6B, 0x31, 0x5E, 0xCE, 0xCB, 0xB6, 0x40, 0x68, 0x37, 0xBF, 0x51, 0xF5,
    ];

    /// <summary>The generator's multiple, in the same time for all scalars from 1 to n - 1, of 32 bytes. It is not infinity.</summary>
    public static void Multiply(ReadOnlySpan<byte> scalar, out P256Point product)
    {
        Span<sbyte> digits = stackalloc sbyte[SignedDigits.Count];
        SignedDigits.Read(scalar, digits);

        // The lowest digit comes last: P256Multiplication says why.
        product = default;
        for (int row = Rows - 1; row >= 0; row--)
        {
            P256Multiplication.DoubleToNextPlace(ref product);
            for (int point = Points - 1; point >= 0; point--)
            {
                int digit = digits[(point * Rows) + row];
                ulong isNegative = MultiplesTable.Find(MultiplesOf(point), digit, out P256AffinePoint multiple);
                multiple.NegateWhere(isNegative);
                product.AddOther(multiple, P256Limbs.MaskOf(digit == 0));
            }
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(digits));
    }

    /// <summary>Adds a row of digits to a sum. How long that takes tells of both: for public ones.</summary>
    public static void AddPublicRow(ref P256Point sum, ReadOnlySpan<sbyte> digits, int row)
    {
        for (int point = 0; point < Points; point++)
        {
            int digit = digits[(point * Rows) + row];
            if (digit != 0)
            {
                P256AffinePoint multiple = MultiplesOf(point)[Math.Abs(digit) - 1];
                multiple.NegateWhere(P256Limbs.MaskOf(digit < 0));
                sum.AddPublic(multiple);
            }
        }
    }

    private static ReadOnlySpan<P256AffinePoint> MultiplesOf(int point) =>
        Table.AsSpan(point * SignedDigits.Maximum, SignedDigits.Maximum);

    private static P256AffinePoint[] BuildTable()
    {
        P256Point[] multiples = new P256Point[Points * SignedDigits.Maximum];
        _ = P256AffinePoint.TryRead(Generator, out P256AffinePoint generator);
        P256Point first = new(generator);
        for (int point = 0; point < Points; point++)
        {
            Span<P256Point> row = multiples.AsSpan(point * SignedDigits.Maximum, SignedDigits.Maximum);
            P256Multiplication.FillMultiples(first, row);
            for (int place = 0; place < Rows; place++)
            {
                P256Multiplication.DoubleToNextPlace(ref first);
            }
        }

        return ToAffine(multiples);
    }

    // One inversion serves all points: that of the product of their Z, from which each factor is then taken away again.
    private static P256AffinePoint[] ToAffine(P256Point[] points)
    {
        P256Field[] products = new P256Field[points.Length];
        P256Field product = P256Field.One;
        for (int index = 0; index < points.Length; index++)
        {
            products[index] = product;
            P256Field.Multiply(product, points[index].Z, out product);
        }

        P256AffinePoint[] affine = new P256AffinePoint[points.Length];
        P256Field.Invert(product, out P256Field inverse);
        for (int index = points.Length - 1; index >= 0; index--)
        {
            P256Field.Multiply(inverse, products[index], out P256Field own);
            points[index].ToAffine(own, out affine[index]);
            P256Field.Multiply(inverse, points[index].Z, out inverse);
        }

        return affine;
    }
}
