namespace IntercomAgent.Crypto.Primitives;

/// <summary>A point (x, y) of the Edwards curve of X25519, as a table holds it to be added to others.</summary>
internal struct EdwardsMultiple25519
{
    /// <summary>(y + x) / 2.</summary>
    public Field25519 HalfSum;

    /// <summary>(y - x) / 2.</summary>
    public Field25519 HalfDifference;

    /// <summary>d x y.</summary>
    public Field25519 Product;

    /// <summary>Changes the sign of x where the mask is all ones.</summary>
    public void NegateWhere(ulong mask)
    {
        Field25519.SwapWhere(mask, ref HalfSum, ref HalfDifference);
        Field25519.Select(mask, default(Field25519) - Product, Product, out Product);
    }

    /// <summary>Makes this the neutral point, where the mask is all ones and the fields are zeros.</summary>
    public void NeutralizeWhere(ulong mask)
    {
        Field25519.Select(mask, Field25519.Half, HalfSum, out HalfSum);
        Field25519.Select(mask, Field25519.Half, HalfDifference, out HalfDifference);
    }
}
