using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// Multiples of X25519's base point from a table: see <see cref="P256Generator"/>, whose table has the same places. This one has 25 KB and
/// is made with the first key, in the time of two agreements.
/// </summary>
internal static class EdwardsGenerator25519
{
    private const int Rows = 4;
    private const int Points = SignedDigits.Count / Rows;

    private static readonly EdwardsMultiple25519[] Table = BuildTable();

    /// <summary>The u coordinate of the base point's multiple, in the same time for all scalars that are clamped.</summary>
    /// <param name="scalar">32 bytes, the lowest first.</param>
    /// <param name="u">Receives 32 bytes, the lowest first.</param>
    public static void Multiply(ReadOnlySpan<byte> scalar, Span<byte> u)
    {
        Span<byte> reversed = stackalloc byte[Field25519.Length];
        scalar.CopyTo(reversed);
        reversed.Reverse();
        Span<sbyte> digits = stackalloc sbyte[SignedDigits.Count];
        SignedDigits.Read(reversed, digits);
        CryptographicOperations.ZeroMemory(reversed);

        EdwardsPoint25519 product = EdwardsPoint25519.Neutral;
        for (int row = Rows - 1; row >= 0; row--)
        {
            Double(ref product, SignedDigits.Bits);
            for (int point = 0; point < Points; point++)
            {
                int digit = digits[(point * Rows) + row];
                ulong isNegative = MultiplesTable.Find<EdwardsMultiple25519>(
                    Table.AsSpan(point * SignedDigits.Maximum, SignedDigits.Maximum), digit, out EdwardsMultiple25519 multiple);
                multiple.NegateWhere(isNegative);
                multiple.NeutralizeWhere(P256Limbs.MaskOf(digit == 0));
                product.Add(multiple);
            }
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(digits));
        product.WriteU(u);
    }

    private static EdwardsMultiple25519[] BuildTable()
    {
        EdwardsPoint25519[] firsts = new EdwardsPoint25519[Points];
        EdwardsPoint25519 first = EdwardsPoint25519.BasePoint;
        for (int point = 0; point < Points; point++)
        {
            firsts[point] = first;
            Double(ref first, Rows * SignedDigits.Bits);
        }

        EdwardsMultiple25519[] steps = ToMultiples(firsts);
        EdwardsPoint25519[] multiples = new EdwardsPoint25519[Points * SignedDigits.Maximum];
        for (int index = 0; index < multiples.Length; index++)
        {
            multiples[index] = index % SignedDigits.Maximum == 0 ? EdwardsPoint25519.Neutral : multiples[index - 1];
            multiples[index].Add(steps[index / SignedDigits.Maximum]);
        }

        return ToMultiples(multiples);
    }

    // One inversion serves all points: that of the product of their Z, from which each factor is then taken away again.
    private static EdwardsMultiple25519[] ToMultiples(EdwardsPoint25519[] points)
    {
        Field25519[] products = new Field25519[points.Length];
        Field25519 product = Field25519.One;
        for (int index = 0; index < points.Length; index++)
        {
            products[index] = product;
            Field25519.Multiply(product, points[index].Z, out product);
        }

        EdwardsMultiple25519[] multiples = new EdwardsMultiple25519[points.Length];
        Field25519.Invert(product, out Field25519 inverse);
        for (int index = points.Length - 1; index >= 0; index--)
        {
            Field25519.Multiply(inverse, products[index], out Field25519 own);
            points[index].ToMultiple(own, out multiples[index]);
            Field25519.Multiply(inverse, points[index].Z, out inverse);
        }

        return multiples;
    }

    private static void Double(ref EdwardsPoint25519 point, int times)
    {
        for (; times > 0; times--)
        {
            point.Double();
        }
    }
}
