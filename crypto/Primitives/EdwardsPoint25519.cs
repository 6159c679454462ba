using System;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// A point of the Edwards curve -x² + y² = 1 + d x² y² that is another form of X25519's (RFC 7748 section 4.1), in extended coordinates:
/// (X / Z, Y / Z) with X Y = Z T. Its formulas hold for all points, and adding up a table's points takes less time than the ladder. All
/// take the same time for every point. The coordinates are small elements.
/// </summary>
internal struct EdwardsPoint25519
{
    private Field25519 _x;
    private Field25519 _y;
    private Field25519 _z;
    private Field25519 _t;

    /// <summary>The neutral point.</summary>
    public static EdwardsPoint25519 Neutral => new() { _y = Field25519.One, _z = Field25519.One };

    /// <summary>RFC 7748 section 4.1: the base point.</summary>
    public static EdwardsPoint25519 BasePoint
    {
        get
        {
            EdwardsPoint25519 point = new() { _x = Field25519.Read(BaseX), _y = Field25519.Read(BaseY), _z = Field25519.One };
            Field25519.Multiply(point._x, point._y, out point._t);
            return point;
        }
    }

    /// <summary>Z, for inverting those of many points together.</summary>
    public readonly Field25519 Z => _z;

    private static ReadOnlySpan<byte> BaseX =>
    [
        0x1A, 0xD5, 0x25, 0x8F, 0x60, 0x2D, 0x56, 0xC9, 0xB2, 0xA7, 0x25, 0x95, 0x60, 0xC7, 0x2C, 0x69,
        0x5C, 0xDC, 0xD6, 0xFD, 0x31, 0xE2, 0xA4, 0xC0, 0xFE, 0x53, 0x6E, 0xCD, 0xD3, 0x36, 0x69, 0x21,
    ];

    // 4/5.
    private static ReadOnlySpan<byte> BaseY =>
    [
        0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
        0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
    ];

    // RFC 7748 section 4.1: -121665/121666.
    private static ReadOnlySpan<byte> D =>
    [
        0xA3, 0x78, 0x59, 0x13, 0xCA, 0x4D, 0xEB, 0x75, 0xAB, 0xD8, 0x41, 0x41, 0x4D, 0x0A, 0x70, 0x00,
        0x98, 0xE8, 0x79, 0x77, 0x79, 0x40, 0xC7, 0x8C, 0x73, 0xFE, 0x6F, 0x2B, 0xEE, 0x6C, 0x03, 0x52,
    ];

    /// <summary>Doubles the point.</summary>
    public void Double()
    {
        // "dbl-2008-hwcd" of the Explicit-Formulas Database, with the signs of X, Y and Z changed, which is the same point.
        Field25519.Square(_x, out Field25519 a);
        Field25519.Square(_y, out Field25519 b);
        Field25519.Square(_z, out Field25519 c);
        Field25519.Multiply(_x + _x, _y, out Field25519 e);
        Field25519 f = ((c + a) + (c - b)).Carry();
        Field25519 g = b - a;
        Field25519 h = a + b;
        Field25519.Multiply(e, f, out _x);
        Field25519.Multiply(g, h, out _y);
        Field25519.Multiply(f, g, out _z);
        Field25519.Multiply(e, h, out _t);
    }

    /// <summary>Adds any point.</summary>
    public void Add(in EdwardsMultiple25519 other)
    {
        // "madd-2008-hwcd-3", with all coordinates of the sum divided by 4.
        Field25519.Multiply(_y - _x, other.HalfDifference, out Field25519 a);
        Field25519.Multiply(_y + _x, other.HalfSum, out Field25519 b);
        Field25519.Multiply(_t, other.Product, out Field25519 c);
        Field25519 e = b - a;
        Field25519 f = _z - c;
        Field25519 g = _z + c;
        Field25519 h = b + a;
        Field25519.Multiply(e, f, out _x);
        Field25519.Multiply(g, h, out _y);
        Field25519.Multiply(f, g, out _z);
        Field25519.Multiply(e, h, out _t);
    }

    /// <summary>Divides Z out, whose inverse is known, and brings the point into the form in which it can be added.</summary>
    public readonly void ToMultiple(in Field25519 inverse, out EdwardsMultiple25519 multiple)
    {
        Field25519.Multiply(_x, inverse, out Field25519 x);
        Field25519.Multiply(_y, inverse, out Field25519 y);
        Field25519.Multiply(y + x, Field25519.Half, out multiple.HalfSum);
        Field25519.Multiply(y - x, Field25519.Half, out multiple.HalfDifference);
        Field25519.Multiply(x, y, out multiple.Product);
        Field25519.Multiply(multiple.Product, Field25519.Read(D), out multiple.Product);
    }

    /// <summary>The u coordinate of the point in X25519's form, of any point but the neutral one: 32 bytes, the lowest first.</summary>
    public readonly void WriteU(Span<byte> u)
    {
        // RFC 7748 section 4.1: (1 + y) / (1 - y).
        Field25519.Invert(_z - _y, out Field25519 quotient);
        Field25519.Multiply(_z + _y, quotient, out quotient);
        quotient.Write(u);
    }
}
