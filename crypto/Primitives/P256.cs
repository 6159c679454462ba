using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// Keys on P-256 (RFC 5480) and the agreement of two of them. Private keys are 32 bytes and public ones uncompressed points; what depends
/// on a private key takes the same time for every one. Nothing is allocated.
/// </summary>
internal readonly struct P256 : IKeyAgreement
{
    /// <inheritdoc/>
    public static int PrivateKeyLength => P256Scalar.Length;

    /// <inheritdoc/>
    public static int PublicKeyLength => P256AffinePoint.EncodedLength;

    /// <inheritdoc/>
    public static int SecretLength => P256Field.Length;

    /// <inheritdoc/>
    public static void GeneratePrivateKey(IRandomSource random, Span<byte> privateKey)
    {
        // FIPS 186-5 appendix A.2.2: a number from 1 to the order less 1, drawn until it is one.
        do
        {
            random.Fill(privateKey);
        }
        while (!IsPrivateKey(privateKey));
    }

    /// <summary>Whether the bytes are a private key.</summary>
    public static bool IsPrivateKey(ReadOnlySpan<byte> bytes) => bytes.Length == PrivateKeyLength && P256Scalar.TryRead(bytes, out _);

    /// <summary>Whether the bytes are a public key: a point of the curve other than infinity.</summary>
    public static bool IsPublicKey(ReadOnlySpan<byte> bytes) => P256AffinePoint.TryRead(bytes, out _);

    /// <inheritdoc/>
    public static void ComputePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        P256Generator.Multiply(privateKey, out P256Point point);
        point.ToAffine(out P256AffinePoint affine);
        affine.Write(publicKey);
    }

    /// <inheritdoc/>
    public static bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerPublicKey, Span<byte> secret)
    {
        if (!P256AffinePoint.TryRead(peerPublicKey, out P256AffinePoint peer))
        {
            return false;
        }

        // RFC 8422 section 5.10: the x coordinate with its leading zeros.
        P256Multiplication.Multiply(peer, privateKey, out P256Point shared);
        shared.ToAffine(out P256AffinePoint affine);
        affine.X.Write(secret);
        return true;
    }
}
