using System;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Wire;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Math.EC.Multiplier;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// The curves P-256 and P-384 (RFC 5480), with what key exchange and signatures compute on them. The arithmetic is BouncyCastle's, but
/// not its key generators, signers and agreements: those normalize points with its SecureRandom, which loads OpenSSL.
/// </summary>
internal sealed class EllipticCurve
{
    private const byte UncompressedPoint = 4;

    // Its table of the generator's multiples is made once a curve, and is looked up in constant time.
    private readonly FixedPointCombMultiplier _generatorMultiplier = new();

    private EllipticCurve(DerObjectIdentifier name)
    {
        Name = name;
        Parameters = new ECDomainParameters(CustomNamedCurves.GetByOid(name));
    }

    /// <summary>P-256.</summary>
    public static EllipticCurve Secp256r1 => field ??= new EllipticCurve(SecObjectIdentifiers.SecP256r1);

    /// <summary>P-384: made when a peer first asks for it.</summary>
    public static EllipticCurve Secp384r1 => field ??= new EllipticCurve(SecObjectIdentifiers.SecP384r1);

    /// <summary>The object identifier by which keys name their curve.</summary>
    public DerObjectIdentifier Name { get; }

    /// <summary>The curve in BouncyCastle's form.</summary>
    public ECDomainParameters Parameters { get; }

    /// <summary>The number of points, a prime.</summary>
    public BigInteger Order => Parameters.N;

    /// <summary>The length of a coordinate, and of the order, in bytes.</summary>
    public int FieldLength => Parameters.Curve.FieldElementEncodingLength;

    /// <summary>The length of an uncompressed point in bytes.</summary>
    public int PointLength => 1 + (2 * FieldLength);

    /// <summary>A private key: an even choice from 1 to the order less 1 (FIPS 186-5 appendix A.2.2).</summary>
    public BigInteger GenerateScalar(IRandomSource random)
    {
        byte[] bytes = new byte[FieldLength];
        BigInteger scalar;
        do
        {
            random.Fill(bytes);
            scalar = new BigInteger(1, bytes);
        }
        while (!IsScalar(scalar));

        CryptographicOperations.ZeroMemory(bytes);
        return scalar;
    }

    /// <summary>Whether the number can be a private key.</summary>
    public bool IsScalar(BigInteger number) => number.SignValue > 0 && number.CompareTo(Order) < 0;

    /// <summary>The public key of a private key, as an uncompressed point; an expensive operation.</summary>
    public byte[] PublicKey(BigInteger privateKey)
    {
        (ECFieldElement x, ECFieldElement y) = ToAffine(MultiplyGenerator(privateKey));
        byte[] encoded = new byte[PointLength];
        encoded[0] = UncompressedPoint;
        x.EncodeTo(encoded.AsSpan(1));
        y.EncodeTo(encoded.AsSpan(1 + FieldLength));
        return encoded;
    }

    /// <summary>The x coordinate of a multiple of the generator, for ECDSA; an expensive operation.</summary>
    public BigInteger GeneratorMultipleX(BigInteger scalar) => ToAffine(MultiplyGenerator(scalar)).X.ToBigInteger();

    /// <summary>
    /// The x coordinate of the point that the private key and a peer's point lead to, with its leading zeros; an expensive operation.
    /// </summary>
    public byte[] Agree(BigInteger privateKey, ECPoint peer) => ToAffine(peer.Multiply(privateKey)).X.GetEncoded();

    /// <summary>Reads an uncompressed point, the only form that RFC 8422 section 5.1.2 leaves; null if it is no point of the curve.</summary>
    public ECPoint? TryDecode(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length != PointLength || encoded[0] != UncompressedPoint)
        {
            return null;
        }

        try
        {
            return Parameters.Curve.DecodePoint(encoded.ToArray());
        }
        catch (ArgumentException)
        {
            // How BouncyCastle says that the coordinates are too large or lie beside the curve.
            return null;
        }
    }

    private ECPoint MultiplyGenerator(BigInteger scalar) => _generatorMultiplier.Multiply(Parameters.G, scalar);

    // Both curves compute with Jacobian coordinates: the point is (X / Z², Y / Z³). Z tells of the scalar, so its inversion must take the
    // same time for every Z. BouncyCastle's does on these two curves: a fixed number of division steps without branches. That is why there
    // is no need to blind Z with a random factor, as its Normalize does for any curve. The points are never infinity: the curves have
    // prime order, and all scalars lie between zero and it.
    private static (ECFieldElement X, ECFieldElement Y) ToAffine(ECPoint point)
    {
        ECFieldElement inverse = point.GetZCoord(0).Invert();
        ECFieldElement square = inverse.Square();
        return (point.XCoord.Multiply(square), point.YCoord.Multiply(square).Multiply(inverse));
    }
}
