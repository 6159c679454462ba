using System;
using IntercomAgent.Crypto.Wire;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Math.EC.Multiplier;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// Keys on P-384 (RFC 5480), for the few peers that want them. The arithmetic is BouncyCastle's, but not its key generators and
/// agreements: those normalize points with its SecureRandom, which loads OpenSSL.
/// </summary>
internal readonly struct P384 : IKeyAgreement
{
    private const byte UncompressedPoint = 4;
    private const int FieldLength = 48;

    /// <inheritdoc/>
    public static int PrivateKeyLength => FieldLength;

    /// <inheritdoc/>
    public static int PublicKeyLength => 1 + (2 * FieldLength);

    /// <inheritdoc/>
    public static int SecretLength => FieldLength;

    // Made when a peer first asks for the curve.
    private static ECDomainParameters Curve => field ??= new ECDomainParameters(CustomNamedCurves.GetByOid(SecObjectIdentifiers.SecP384r1));

    // Its table of the generator's multiples is made once, and is looked up in constant time.
    private static FixedPointCombMultiplier GeneratorMultiplier => field ??= new FixedPointCombMultiplier();

    /// <inheritdoc/>
    public static void GeneratePrivateKey(IRandomSource random, Span<byte> privateKey)
    {
        // FIPS 186-5 appendix A.2.2: a number from 1 to the order less 1, drawn until it is one.
        BigInteger scalar;
        do
        {
            random.Fill(privateKey);
            scalar = new BigInteger(1, privateKey);
        }
        while (scalar.SignValue == 0 || scalar.CompareTo(Curve.N) >= 0);
    }

    /// <summary>Whether the bytes are a public key: a point of the curve other than infinity.</summary>
    public static bool IsPublicKey(ReadOnlySpan<byte> bytes) => TryDecode(bytes) is not null;

    /// <inheritdoc/>
    public static void ComputePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        (ECFieldElement x, ECFieldElement y) = ToAffine(GeneratorMultiplier.Multiply(Curve.G, new BigInteger(1, privateKey)));
        publicKey[0] = UncompressedPoint;
        x.EncodeTo(publicKey[1..]);
        y.EncodeTo(publicKey[(1 + FieldLength)..]);
    }

    /// <inheritdoc/>
    public static bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerPublicKey, Span<byte> secret)
    {
        if (TryDecode(peerPublicKey) is not { } peer)
        {
            return false;
        }

        // RFC 8422 section 5.10: the x coordinate with its leading zeros.
        ToAffine(peer.Multiply(new BigInteger(1, privateKey))).X.EncodeTo(secret);
        return true;
    }

    /// <summary>
    /// Whether the signature, in DER, is of this hash and by this key; an expensive operation. A malformed signature throws.
    /// </summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        if (TryDecode(publicKey) is not { } point)
        {
            return false;
        }

        // Unlike signing, this part of BouncyCastle needs no random numbers.
        BigInteger[] numbers = StandardDsaEncoding.Instance.Decode(Curve.N, signature.ToArray());
        ECDsaSigner signer = new();
        signer.Init(false, new ECPublicKeyParameters(point, Curve));
        return signer.VerifySignature(hash.ToArray(), numbers[0], numbers[1]);
    }

    // Reads an uncompressed point, the only form that RFC 8422 section 5.1.2 leaves; null if it is no point of the curve.
    private static ECPoint? TryDecode(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length != PublicKeyLength || encoded[0] != UncompressedPoint)
        {
            return null;
        }

        try
        {
            return Curve.Curve.DecodePoint(encoded.ToArray());
        }
        catch (ArgumentException)
        {
            // How BouncyCastle says that the coordinates are too large or lie beside the curve.
            return null;
        }
    }

    // The curve computes with Jacobian coordinates: the point is (X / Z², Y / Z³). Z tells of the scalar, so its inversion must take the
    // same time for every Z. BouncyCastle's does on this curve: a fixed number of division steps without branches. That is why there is
    // no need to blind Z with a random factor, as its Normalize does for any curve. The points are never infinity: the curve has prime
    // order, and all scalars lie between zero and it.
    private static (ECFieldElement X, ECFieldElement Y) ToAffine(ECPoint point)
    {
        ECFieldElement inverse = point.GetZCoord(0).Invert();
        ECFieldElement square = inverse.Square();
        return (point.XCoord.Multiply(square), point.YCoord.Multiply(square).Multiply(inverse));
    }
}
