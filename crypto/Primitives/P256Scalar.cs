using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// A number modulo the order n of P-256's generator (SP 800-186 section 3.2.1.3) in Montgomery form, x · 2^265: private keys, nonces and
/// the halves of signatures. Everything here takes the same time for every value. As with coordinates, the sum of two products may be
/// multiplied, but not be added again.
/// </summary>
internal readonly record struct P256Scalar : IFiveLimbs<P256Scalar>
{
    /// <summary>The length of a scalar in bytes.</summary>
    public const int Length = P256Limbs.Length;

    private const ulong N0 = 0x19CAC2FC632551;
    private const ulong N1 = 0x156D38BCF4279D;
    private const ulong N2 = 0x1FFFFFFFEF39BE;
    private const ulong N3 = 0x1FFFFFFFF;
    private const ulong N4 = 0xFFFFFFFF000;

    // -1 / n modulo 2^53.
    private const ulong NegativeInverse = 0x11C8AAEE00BC4F;

    private static readonly P256Limbs Order = new(N0, N1, N2, N3, N4);

    // 2^530 modulo n: multiplied with it, a number takes its Montgomery form.
    private static readonly P256Scalar MontgomerySquare = new(
        new P256Limbs(0x3622A6A7FB73C, 0x11455766E5C1F0, 0xC5961906AB8C6, 0x1E0B2591C95B5F, 0xB6556AE9587));

    // Multiplied with this, the Montgomery form becomes the number.
    private static readonly P256Scalar PlainOne = new(new P256Limbs(1, 0, 0, 0, 0));

    private readonly P256Limbs _limbs;

    private P256Scalar(in P256Limbs limbs) => _limbs = limbs;

    /// <inheritdoc/>
    public static int LimbBits => P256Limbs.Bits;

    /// <inheritdoc/>
    public static int FactorBits => P256Limbs.FactorBits;

    ulong IFiveLimbs<P256Scalar>.L0 => _limbs.L0;

    ulong IFiveLimbs<P256Scalar>.L1 => _limbs.L1;

    ulong IFiveLimbs<P256Scalar>.L2 => _limbs.L2;

    ulong IFiveLimbs<P256Scalar>.L3 => _limbs.L3;

    ulong IFiveLimbs<P256Scalar>.L4 => _limbs.L4;

    /// <summary>All ones if a product is zero, else zero.</summary>
    public ulong ZeroMask => _limbs.ReduceOnce(Order).ZeroMask;

    // n - 2, the highest byte first.
    private static ReadOnlySpan<byte> OrderLessTwo =>
    [
        0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x4F,
    ];

    /// <summary>The sum of two products.</summary>
    public static P256Scalar operator +(in P256Scalar left, in P256Scalar right) => new(new P256Limbs(
        left._limbs.L0 + right._limbs.L0,
        left._limbs.L1 + right._limbs.L1,
        left._limbs.L2 + right._limbs.L2,
        left._limbs.L3 + right._limbs.L3,
        left._limbs.L4 + right._limbs.L4));

    /// <summary>The product.</summary>
    public static void Multiply(in P256Scalar left, in P256Scalar right, out P256Scalar product) =>
        WideMultiplication.Multiply(left, right, out product);

    /// <summary>The scalar multiplied with itself.</summary>
    public static void Square(in P256Scalar scalar, out P256Scalar square) => WideMultiplication.Square(scalar, out square);

    /// <summary>Reads 32 bytes, the highest first; false if their number is not one from 1 to n - 1.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out P256Scalar scalar)
    {
        P256Limbs number = P256Limbs.Read(bytes);
        _ = number.Subtract(Order, out ulong below);
        Multiply(new P256Scalar(number), MontgomerySquare, out scalar);
        return (below & ~number.ZeroMask) != 0;
    }

    /// <summary>Reads 32 bytes, the highest first, as the number that they are modulo n.</summary>
    public static void ReadReduced(ReadOnlySpan<byte> bytes, out P256Scalar scalar) =>
        Multiply(new P256Scalar(P256Limbs.Read(bytes)), MontgomerySquare, out scalar);

    /// <summary>
    /// The inverse; zero for zero. By Fermat's little theorem it is the power n - 2, of whose exponent four bits are taken at a time.
    /// </summary>
    public static void Invert(in P256Scalar scalar, out P256Scalar inverse)
    {
        Span<P256Scalar> powers = stackalloc P256Scalar[16];
        powers[1] = scalar;
        for (int index = 2; index < powers.Length; index++)
        {
            Multiply(powers[index - 1], scalar, out powers[index]);
        }

        // The exponent is public, so what depends on it may take its time. Its first four bits are ones.
        inverse = powers[15];
        for (int index = 1; index < 2 * Length; index++)
        {
            Square(inverse, out inverse);
            Square(inverse, out inverse);
            Square(inverse, out inverse);
            Square(inverse, out inverse);
            int bits = (OrderLessTwo[index / 2] >> (4 * (1 - (index % 2)))) & 0xF;
            if (bits != 0)
            {
                Multiply(inverse, powers[bits], out inverse);
            }
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(powers));
    }

    /// <summary>Writes the number, below n, in 32 bytes, the highest first.</summary>
    public void Write(Span<byte> bytes)
    {
        Multiply(this, PlainOne, out P256Scalar plain);
        plain._limbs.ReduceOnce(Order).Write(bytes);
    }

    // Montgomery's reduction, as with coordinates.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static P256Scalar IFiveLimbs<P256Scalar>.Reduce<TMultiplication>(
        ulong c0, ulong c1, ulong c2, ulong c3, ulong c4, ulong c5, ulong c6, ulong c7, ulong c8, ulong c9)
    {
        Clear<TMultiplication>(c0, ref c1, ref c2, ref c3, ref c4, ref c5);
        Clear<TMultiplication>(c1, ref c2, ref c3, ref c4, ref c5, ref c6);
        Clear<TMultiplication>(c2, ref c3, ref c4, ref c5, ref c6, ref c7);
        Clear<TMultiplication>(c3, ref c4, ref c5, ref c6, ref c7, ref c8);
        Clear<TMultiplication>(c4, ref c5, ref c6, ref c7, ref c8, ref c9);
        return new P256Scalar(P256Limbs.Carry((long)c5, (long)c6, (long)c7, (long)c8, (long)c9));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear<TMultiplication>(ulong c0, ref ulong c1, ref ulong c2, ref ulong c3, ref ulong c4, ref ulong c5)
        where TMultiplication : IWideMultiplication
    {
        const int Shift = 64 - P256Limbs.Bits;
        ulong multiple = (c0 * NegativeInverse) & P256Limbs.Mask;
        ulong shifted = multiple << Shift;
        ulong upper0 = TMultiplication.High(shifted, N0);
        ulong upper1 = TMultiplication.High(shifted, N1);
        ulong upper2 = TMultiplication.High(shifted, N2);
        ulong upper3 = TMultiplication.High(shifted, N3);
        ulong upper4 = TMultiplication.High(shifted, N4);
        c1 += ((c0 + Lower(multiple * N0, upper0)) >> P256Limbs.Bits) + upper0 + Lower(multiple * N1, upper1);
        c2 += upper1 + Lower(multiple * N2, upper2);
        c3 += upper2 + Lower(multiple * N3, upper3);
        c4 += upper3 + Lower(multiple * N4, upper4);
        c5 += upper4;
    }

    // What a product has besides its upper part, which counts 2^53.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Lower(ulong product, ulong upper) => product - (upper << P256Limbs.Bits);
}
