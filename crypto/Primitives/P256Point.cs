namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// A point of P-256 in Jacobian coordinates: (X / Z², Y / Z³), or infinity where Z is zero. The coordinates are small elements. Points are
/// doubled and added to in place, because copies would cost as much time as the sums in the formulas.
/// </summary>
internal struct P256Point
{
    /// <summary>X.</summary>
    public P256Field X;

    /// <summary>Y.</summary>
    public P256Field Y;

    /// <summary>Z.</summary>
    public P256Field Z;

    /// <summary>A point by its affine coordinates.</summary>
    public P256Point(in P256AffinePoint point)
    {
        X = point.X;
        Y = point.Y;
        Z = P256Field.One;
    }

    /// <summary>Whether this is infinity. For public points.</summary>
    public readonly bool IsInfinity => Z.ZeroMask != 0;

    /// <summary>Doubles any point, in the same time for all.</summary>
    public void Double()
    {
        // The formulas "dbl-2001-b" of the Explicit-Formulas Database: with the curve's -3, the slope is a product.
        P256Field.Square(Z, out P256Field delta);
        P256Field.Square(Y, out P256Field gamma);
        P256Field.Multiply(X, gamma, out P256Field beta);
        P256Field.Multiply(X - delta, (X + delta).Times(3), out P256Field alpha);
        P256Field.Multiply(Y.Times(2), Z, out Z);
        P256Field.Square(alpha, out X);
        P256Field.Subtract(X, beta, 8, out X);
        P256Field.Multiply(alpha, beta.Times(4) - X, out Y);
        P256Field.Square(gamma, out gamma);
        P256Field.Subtract(Y, gamma, 8, out Y);
    }

    /// <summary>
    /// Adds another point, in the same time for all. Either may be infinity, and they may cancel out, but the same point twice gives
    /// infinity: the caller knows that this does not happen.
    /// </summary>
    public void AddOther(in P256Point other)
    {
        P256Field.Square(Z, out P256Field squareZ);
        P256Field.Square(other.Z, out P256Field otherSquareZ);
        P256Field.Multiply(X, otherSquareZ, out P256Field u);
        P256Field.Multiply(other.X, squareZ, out P256Field otherU);
        P256Field.Multiply(Y, other.Z, out P256Field s);
        P256Field.Multiply(s, otherSquareZ, out s);
        P256Field.Multiply(other.Y, Z, out P256Field otherS);
        P256Field.Multiply(otherS, squareZ, out otherS);
        P256Field.Multiply(Z, other.Z, out P256Field z);
        Add(u, s, otherU, otherS, z, out P256Point sum);
        Select(other.Z.ZeroMask, this, sum, out sum);
        Select(Z.ZeroMask, other, sum, out this);
    }

    /// <summary>
    /// As <see cref="AddOther(in P256Point)"/>, with a point by its affine coordinates, or none where the mask is all ones.
    /// </summary>
    public void AddOther(in P256AffinePoint other, ulong isNone)
    {
        P256Field.Square(Z, out P256Field squareZ);
        P256Field.Multiply(other.X, squareZ, out P256Field otherU);
        P256Field.Multiply(other.Y, Z, out P256Field otherS);
        P256Field.Multiply(otherS, squareZ, out otherS);
        Add(X, Y, otherU, otherS, Z, out P256Point sum);
        Select(Z.ZeroMask, new P256Point(other), sum, out sum);
        Select(isNone, this, sum, out this);
    }

    /// <summary>Adds any point, also the same. How long that takes tells of the points: for public ones.</summary>
    public void AddPublic(in P256Point other)
    {
        P256Point before = this;
        AddOther(other);
        if (IsInfinity && !before.IsInfinity && !other.IsInfinity && HasSameY(before, other))
        {
            this = before;
            Double();
        }
    }

    /// <summary>As <see cref="AddPublic(in P256Point)"/>, with a point by its affine coordinates.</summary>
    public void AddPublic(in P256AffinePoint other)
    {
        P256Point before = this;
        AddOther(other, isNone: 0);
        if (IsInfinity && HasSameY(before, new P256Point(other)))
        {
            this = before;
            Double();
        }
    }

    /// <summary>Changes the sign of Y where the mask is all ones.</summary>
    public void NegateWhere(ulong mask) => P256AffinePoint.NegateWhere(mask, ref Y);

    /// <summary>Divides Z out. The point is not infinity.</summary>
    public readonly void ToAffine(out P256AffinePoint affine)
    {
        P256Field.Invert(Z, out P256Field inverse);
        ToAffine(inverse, out affine);
    }

    /// <summary>Divides Z out, whose inverse is known.</summary>
    public readonly void ToAffine(in P256Field inverse, out P256AffinePoint affine)
    {
        P256Field.Square(inverse, out P256Field square);
        P256Field.Multiply(X, square, out affine.X);
        P256Field.Multiply(square, inverse, out P256Field cube);
        P256Field.Multiply(Y, cube, out affine.Y);
    }

    // The formulas "add-2007-bl", of points that have been brought to the same Z, where their coordinates are u and s.
    private static void Add(
        in P256Field u, in P256Field s, in P256Field otherU, in P256Field otherS, in P256Field z, out P256Point sum)
    {
        P256Field h = otherU - u;
        P256Field r = otherS - s;
        P256Field.Square(h, out P256Field squareH);
        P256Field.Multiply(squareH, h, out P256Field cubeH);
        P256Field.Multiply(u, squareH, out P256Field v);
        P256Field.Square(r, out P256Field squareR);
        P256Field.Subtract(squareR - cubeH, v, 2, out sum.X);
        P256Field.Multiply(r, v - sum.X, out sum.Y);
        P256Field.Multiply(s, cubeH, out cubeH);
        P256Field.Subtract(sum.Y, cubeH, 1, out sum.Y);
        P256Field.Multiply(z, h, out sum.Z);
    }

    private static bool HasSameY(in P256Point one, in P256Point other)
    {
        P256Field.Square(other.Z, out P256Field cube);
        P256Field.Multiply(cube, other.Z, out cube);
        P256Field.Multiply(one.Y, cube, out P256Field y);
        P256Field.Square(one.Z, out cube);
        P256Field.Multiply(cube, one.Z, out cube);
        P256Field.Multiply(other.Y, cube, out P256Field otherY);
        return P256Field.AreEqual(y, otherY);
    }

    private static void Select(ulong mask, in P256Point one, in P256Point other, out P256Point selected)
    {
        P256Field.Select(mask, one.X, other.X, out selected.X);
        P256Field.Select(mask, one.Y, other.Y, out selected.Y);
        P256Field.Select(mask, one.Z, other.Z, out selected.Z);
    }
}
