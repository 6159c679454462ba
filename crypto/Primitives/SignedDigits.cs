using System;
using System.Buffers.Binary;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// A scalar as the sum of 52 signed digits times powers of 32 (Booth's recoding): each lies between -16 and 16, so that half of the
/// multiples of a point make a table for all of them.
/// </summary>
internal static class SignedDigits
{
    /// <summary>The number of digits: 260 bits.</summary>
    public const int Count = 52;

    /// <summary>The bits that a digit stands for.</summary>
    public const int Bits = 5;

    /// <summary>The largest digit.</summary>
    public const int Maximum = 16;

    /// <summary>Takes a scalar of 32 bytes apart, the lowest digit first, in the same time for every scalar.</summary>
    /// <param name="scalar">The highest byte first.</param>
    /// <param name="digits">Receives <see cref="Count"/> digits; where the scalar is secret, the caller wipes them.</param>
    public static void Read(ReadOnlySpan<byte> scalar, Span<sbyte> digits)
    {
        ulong w3 = BinaryPrimitives.ReadUInt64BigEndian(scalar);
        ulong w2 = BinaryPrimitives.ReadUInt64BigEndian(scalar[8..]);
        ulong w1 = BinaryPrimitives.ReadUInt64BigEndian(scalar[16..]);
        ulong w0 = BinaryPrimitives.ReadUInt64BigEndian(scalar[24..]);

        // A digit looks at its five bits and at the highest bit below them, and counts its own highest bit as negative: there the digit
        // above counts one more. The bits beside the scalar are zeros.
        ulong window = w0 << 1;
        for (int index = 0; index < Count; index++)
        {
            int bits = (int)window & 0x3F;
            digits[index] = (sbyte)(((bits + 1) >> 1) - (bits & 0x20));
            window = (w0 >> 4) & 0x3F;
            w0 = (w0 >> Bits) | (w1 << (64 - Bits));
            w1 = (w1 >> Bits) | (w2 << (64 - Bits));
            w2 = (w2 >> Bits) | (w3 << (64 - Bits));
            w3 >>= Bits;
        }
    }
}
