using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// Keys on P-256 (RFC 5480) and the agreement of two of them (RFC 8422 section 5.10). Private keys are 32 bytes and public ones uncompressed
/// points of 65; what depends on a private key takes the same time for every one. Nothing is allocated.
/// </summary>
internal static class P256
{
    /// <summary>The length of a private key in bytes.</summary>
    public const int PrivateKeyLength = P256Scalar.Length;

    /// <summary>The length of a public key in bytes.</summary>
    public const int PublicKeyLength = P256AffinePoint.EncodedLength;

    /// <summary>The length of the secret that two keys agree on, in bytes.</summary>
    public const int SecretLength = P256Field.Length;

    /// <summary>Makes a private key: an even choice from 1 to the order less 1 (FIPS 186-5 appendix A.2.2). The caller wipes it.</summary>
    public static void GeneratePrivateKey(IRandomSource random, Span<byte> privateKey)
    {
        do
        {
            random.Fill(privateKey);
        }
        while (!IsPrivateKey(privateKey));
    }

    /// <summary>Whether the bytes are a private key: a number from 1 to the order less 1.</summary>
    public static bool IsPrivateKey(ReadOnlySpan<byte> bytes) => bytes.Length == PrivateKeyLength && P256Scalar.TryRead(bytes, out _);

    /// <summary>Whether the bytes are a public key: a point of the curve other than infinity.</summary>
    public static bool IsPublicKey(ReadOnlySpan<byte> bytes) => P256AffinePoint.TryRead(bytes, out _);

    /// <summary>Computes the public key of a private key; an expensive operation.</summary>
    public static void ComputePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        P256Generator.Multiply(privateKey, out P256Point point);
        point.ToAffine(out P256AffinePoint affine);
        affine.Write(publicKey);
    }

    /// <summary>
    /// Computes the secret, the x coordinate with its leading zeros, that a private key and a peer's public key lead to; an expensive
    /// operation. False if the latter is none.
    /// </summary>
    public static bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerPublicKey, Span<byte> secret)
    {
        if (!P256AffinePoint.TryRead(peerPublicKey, out P256AffinePoint peer))
        {
            return false;
        }

        P256Multiplication.Multiply(peer, privateKey, out P256Point shared);
        shared.ToAffine(out P256AffinePoint affine);
        affine.X.Write(secret);
        return true;
    }
}
