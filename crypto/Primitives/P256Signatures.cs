using System;
using System.Security.Cryptography;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>ECDSA with P-256 (FIPS 186-5 section 6.4). Nothing is allocated.</summary>
internal static class P256Signatures
{
    /// <summary>The length of a hash in bytes; of longer ones the first bytes count.</summary>
    public const int HashLength = P256Scalar.Length;

    // p - n, the highest byte first: a smaller x coordinate has a second one, n more, that is the same modulo n.
    private static ReadOnlySpan<byte> PrimeLessOrder =>
    [
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x43, 0x19, 0x05, 0x53, 0x58, 0xE8, 0x61, 0x7B, 0x0C, 0x46, 0x35, 0x3D, 0x03, 0x9C, 0xDA, 0xAE,
    ];

    // n, the highest byte first.
    private static ReadOnlySpan<byte> Order =>
    [
        0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
    ];

    /// <summary>
    /// Signs a hash, in the same time for every private key; an expensive operation. The nonce follows from both (RFC 6979, with SHA-256).
    /// </summary>
    /// <param name="privateKey">A private key of <see cref="P256"/>.</param>
    /// <param name="hash"><see cref="HashLength"/> bytes or more.</param>
    /// <param name="signature">Receives DER, at most <see cref="EcdsaSignature.MaximumLength"/> bytes.</param>
    /// <returns>The length of the signature.</returns>
    public static int Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> hash, Span<byte> signature)
    {
        _ = P256Scalar.TryRead(privateKey, out P256Scalar d);
        P256Scalar.ReadReduced(hash, out P256Scalar e);
        Span<byte> state = stackalloc byte[EcdsaNonces.StateLength];
        Span<byte> nonce = stackalloc byte[EcdsaNonces.Length];
        Span<byte> r = stackalloc byte[P256Scalar.Length];
        Span<byte> s = stackalloc byte[P256Scalar.Length];
        e.Write(s);
        using EcdsaNonces nonces = new(privateKey, s, state);
        do
        {
            nonces.Next(nonce);
        }
        while (!TrySign(d, e, nonce, r, s));

        CryptographicOperations.ZeroMemory(nonce);
        return EcdsaSignature.Write(r, s, signature);
    }

    /// <summary>
    /// Whether the signature is of this hash and by this key; an expensive operation. Anything may be wrong with all three.
    /// </summary>
    /// <param name="publicKey">A public key of <see cref="P256"/>.</param>
    /// <param name="hash"><see cref="HashLength"/> bytes or more.</param>
    /// <param name="signature">DER.</param>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        Span<byte> r = stackalloc byte[P256Scalar.Length];
        Span<byte> s = stackalloc byte[P256Scalar.Length];
        if (hash.Length < HashLength
            || !P256AffinePoint.TryRead(publicKey, out P256AffinePoint q)
            || !EcdsaSignature.TryRead(signature, r, s)
            || !P256Scalar.TryRead(r, out P256Scalar scalarR)
            || !P256Scalar.TryRead(s, out P256Scalar scalarS))
        {
            return false;
        }

        P256Scalar.ReadReduced(hash, out P256Scalar e);
        P256Scalar.Invert(scalarS, out P256Scalar inverse);
        P256Scalar.Multiply(e, inverse, out P256Scalar u);
        P256Scalar.Multiply(scalarR, inverse, out P256Scalar v);
        Span<byte> u1 = stackalloc byte[P256Scalar.Length];
        Span<byte> u2 = stackalloc byte[P256Scalar.Length];
        u.Write(u1);
        v.Write(u2);
        P256Multiplication.AddPublicMultiples(u1, q, u2, out P256Point point);
        return !point.IsInfinity && HasX(point, r);
    }

    // False if a half of the signature is zero, which happens once in 2^256 times.
    private static bool TrySign(in P256Scalar d, in P256Scalar e, ReadOnlySpan<byte> nonce, Span<byte> r, Span<byte> s)
    {
        P256Generator.Multiply(nonce, out P256Point point);
        point.ToAffine(out P256AffinePoint affine);
        affine.X.Write(r);
        P256Scalar.ReadReduced(r, out P256Scalar scalarR);
        scalarR.Write(r);

        _ = P256Scalar.TryRead(nonce, out P256Scalar k);
        P256Scalar.Invert(k, out k);
        P256Scalar.Multiply(scalarR, d, out P256Scalar scalarS);
        P256Scalar.Multiply(e + scalarS, k, out scalarS);
        scalarS.Write(s);
        return (scalarR.ZeroMask | scalarS.ZeroMask) == 0;
    }

    // Whether the x coordinate is r modulo n. Multiplying r with Z² saves the inversion of Z.
    private static bool HasX(in P256Point point, ReadOnlySpan<byte> r)
    {
        _ = P256Field.TryRead(r, out P256Field x);
        P256Field.Square(point.Z, out P256Field squareZ);
        P256Field.Multiply(x, squareZ, out P256Field candidate);
        if (P256Field.AreEqual(candidate, point.X))
        {
            return true;
        }

        _ = P256Field.TryRead(Order, out P256Field order);
        P256Field.Multiply(x + order, squareZ, out candidate);
        return r.SequenceCompareTo(PrimeLessOrder) < 0 && P256Field.AreEqual(candidate, point.X);
    }
}
