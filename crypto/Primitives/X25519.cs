using System;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// The function X25519 (RFC 7748 section 5): keys and secrets of 32 bytes, in the same time for every private key. Nothing is allocated.
/// </summary>
internal readonly struct X25519 : IKeyAgreement
{
    private const int KeyLength = Field25519.Length;

    // RFC 7748 section 5: (486662 - 2) / 4.
    private const uint A24 = 121665;

    /// <inheritdoc/>
    public static int PrivateKeyLength => KeyLength;

    /// <inheritdoc/>
    public static int PublicKeyLength => KeyLength;

    /// <inheritdoc/>
    public static int SecretLength => KeyLength;

    /// <inheritdoc/>
    public static void GeneratePrivateKey(IRandomSource random, Span<byte> privateKey) => random.Fill(privateKey);

    /// <inheritdoc/>
    public static void ComputePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        Span<byte> k = stackalloc byte[KeyLength];
        Clamp(privateKey, k);
        EdwardsGenerator25519.Multiply(k, publicKey);
        CryptographicOperations.ZeroMemory(k);
    }

    /// <inheritdoc/>
    public static bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerPublicKey, Span<byte> secret)
    {
        if (peerPublicKey.Length != KeyLength)
        {
            return false;
        }

        // RFC 7748 section 6.1: a point of low order gives zero, whatever the private key is.
        Multiply(privateKey, peerPublicKey, secret);
        return !CryptographicOperations.FixedTimeEquals(secret, stackalloc byte[KeyLength]);
    }

    /// <summary>The function itself: the u coordinate of the scalar's multiple of a point.</summary>
    /// <param name="scalar">32 bytes, the lowest first.</param>
    /// <param name="u">The point's u coordinate, 32 bytes, the lowest first.</param>
    /// <param name="product">Receives 32 bytes.</param>
    internal static void Multiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> u, Span<byte> product)
    {
        Span<byte> k = stackalloc byte[KeyLength];
        Clamp(scalar, k);

        // RFC 7748 section 5: the ladder, with the names that stand there.
        Field25519 x1 = Field25519.Read(u);
        Field25519 x2 = Field25519.One;
        Field25519 z2 = default;
        Field25519 x3 = x1;
        Field25519 z3 = Field25519.One;
        ulong swap = 0;
        for (int bit = 254; bit >= 0; bit--)
        {
            ulong current = 0UL - (ulong)((k[bit / 8] >> (bit % 8)) & 1);
            swap ^= current;
            Field25519.SwapWhere(swap, ref x2, ref x3);
            Field25519.SwapWhere(swap, ref z2, ref z3);
            swap = current;
            Step(x1, ref x2, ref z2, ref x3, ref z3);
        }

        Field25519.SwapWhere(swap, ref x2, ref x3);
        Field25519.SwapWhere(swap, ref z2, ref z3);
        Field25519.Invert(z2, out z2);
        Field25519.Multiply(x2, z2, out x2);
        x2.Write(product);
        CryptographicOperations.ZeroMemory(k);
    }

    // RFC 7748 section 5: a multiple of 8 between 2^254 and 2^255.
    private static void Clamp(ReadOnlySpan<byte> scalar, Span<byte> k)
    {
        scalar.CopyTo(k);
        k[0] &= 0xF8;
        k[^1] = (byte)((k[^1] & 0x7F) | 0x40);
    }

    // A doubling and an addition whose difference is known.
    private static void Step(in Field25519 x1, ref Field25519 x2, ref Field25519 z2, ref Field25519 x3, ref Field25519 z3)
    {
        Field25519 a = x2 + z2;
        Field25519 b = x2 - z2;
        Field25519.Multiply(x3 - z3, a, out Field25519 da);
        Field25519.Multiply(x3 + z3, b, out Field25519 cb);
        Field25519.Square(a, out Field25519 aa);
        Field25519.Square(b, out Field25519 bb);
        Field25519.Square(da + cb, out x3);
        Field25519.Square(da - cb, out z3);
        Field25519.Multiply(z3, x1, out z3);
        Field25519 e = aa - bb;
        Field25519.Multiply(aa, bb, out x2);
        Field25519.Multiply(e, A24, out z2);
        Field25519.Multiply(e, aa + z2, out z2);
    }
}
