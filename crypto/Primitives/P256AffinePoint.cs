using System;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>A point of P-256 other than infinity, by its coordinates, which are small elements.</summary>
internal struct P256AffinePoint
{
    /// <summary>The length of the uncompressed form in bytes.</summary>
    public const int EncodedLength = 1 + (2 * P256Field.Length);

    /// <summary>The first byte of the uncompressed form (SEC 1 section 2.3.3).</summary>
    public const byte Uncompressed = 4;

    /// <summary>x.</summary>
    public P256Field X;

    /// <summary>y.</summary>
    public P256Field Y;

    // SP 800-186 section 3.2.1.3: y² = x³ - 3 x + b.
    private static ReadOnlySpan<byte> B =>
    [
        0x5A, 0xC6, 0x35, 0xD8, 0xAA, 0x3A, 0x93, 0xE7, 0xB3, 0xEB, 0xBD, 0x55, 0x76, 0x98, 0x86, 0xBC,
        0x65, 0x1D, 0x06, 0xB0, 0xCC, 0x53, 0xB0, 0xF6, 0x3B, 0xCE, 0x3C, 0x3E, 0x27, 0xD2, 0x60, 0x4B,
    ];

    private readonly bool IsOnCurve
    {
        get
        {
            _ = P256Field.TryRead(B, out P256Field b);
            P256Field.Square(Y, out P256Field squareY);
            P256Field.Square(X, out P256Field cube);
            P256Field.Multiply(cube, X, out cube);
            P256Field.Subtract(cube + b, X, 3, out P256Field right);
            return P256Field.AreEqual(squareY, right);
        }
    }

    /// <summary>
    /// Reads the uncompressed form, the only one that RFC 8422 section 5.1.2 leaves; false if it is no point of the curve or infinity.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> encoded, out P256AffinePoint point)
    {
        point = default;
        return encoded.Length == EncodedLength
            && encoded[0] == Uncompressed
            && P256Field.TryRead(encoded[1..], out point.X)
            && P256Field.TryRead(encoded[(1 + P256Field.Length)..], out point.Y)
            && point.IsOnCurve;
    }

    /// <summary>Writes the uncompressed form.</summary>
    public readonly void Write(Span<byte> encoded)
    {
        encoded[0] = Uncompressed;
        X.Write(encoded[1..]);
        Y.Write(encoded[(1 + P256Field.Length)..]);
    }

    /// <summary>Changes the sign of y where the mask is all ones.</summary>
    public void NegateWhere(ulong mask) => NegateWhere(mask, ref Y);

    /// <summary>Changes the sign of a small element where the mask is all ones.</summary>
    internal static void NegateWhere(ulong mask, ref P256Field element)
    {
        P256Field.Subtract(default, element, 1, out P256Field negative);
        P256Field.Select(mask, negative, element, out element);
    }
}
