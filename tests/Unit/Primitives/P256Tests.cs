using System;
using System.Numerics;
using IntercomAgent.Crypto.Primitives;
using Org.BouncyCastle.Crypto.EC;
using Xunit;
using OtherInteger = Org.BouncyCastle.Math.BigInteger;
using OtherPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace IntercomAgent.Tests.Unit.Primitives;

public sealed class P256Tests
{
    private static readonly Org.BouncyCastle.Asn1.X9.X9ECParameters Other = CustomNamedCurves.GetByName("P-256");

    /// <summary>RFC 5903 section 8.1.</summary>
    [Fact]
    public void The_published_keys_agree_on_the_published_secret()
    {
        byte[] i = Convert.FromHexString("C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433");
        byte[] r = Convert.FromHexString("C6EF9C5D78AE012A011164ACB397CE2088685D8F06BF9BE0B283AB46476BEE53");
        byte[] initiator = PublicKey(i);
        byte[] responder = PublicKey(r);
        byte[] secret = new byte[P256.SecretLength];

        Assert.Equal(
            "04DAD0B65394221CF9B051E1FECA5787D098DFE637FC90B9EF945D0C3772581180"
                + "5271A0461CDB8252D61F1C456FA3E59AB1F45B33ACCF5F58389E0577B8990BB3",
            Convert.ToHexString(initiator));
        Assert.Equal(
            "04D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF63"
                + "56FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB",
            Convert.ToHexString(responder));
        Assert.True(P256.TryAgree(i, responder, secret));
        Assert.Equal("D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE", Convert.ToHexString(secret));
        Assert.True(P256.TryAgree(r, initiator, secret));
        Assert.Equal("D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE", Convert.ToHexString(secret));
    }

    /// <summary>NIST CAVS 14.1, KAS ECC CDH Primitive, P-256, count 0.</summary>
    [Fact]
    public void The_secret_of_the_validation_suite_is_computed()
    {
        byte[] key = Convert.FromHexString("7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534");
        byte[] peer = Convert.FromHexString("04"
            + "700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287"
            + "db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac");
        byte[] secret = new byte[P256.SecretLength];

        Assert.True(P256.TryAgree(key, peer, secret));
        Assert.Equal("46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b", Convert.ToHexStringLower(secret));
    }

    // The scalars at both ends are those that could lead to the addition of a point to itself.
    [Fact]
    public void Keys_at_the_bounds_and_with_long_runs_of_bits_agree_with_another_implementation()
    {
        byte[] peer = PublicKey(ModularNumbers.Bytes(ModularNumbers.Order256 / 3));
        for (int distance = 1; distance <= 100; distance++)
        {
            AssertAgrees(distance, peer);
            AssertAgrees(ModularNumbers.Order256 - distance, peer);
        }

        for (int bit = 1; bit < 256; bit++)
        {
            AssertAgrees(BigInteger.Pow(2, bit), peer);
            AssertAgrees((BigInteger.Pow(2, bit) - 1) % ModularNumbers.Order256, peer);
            AssertAgrees((BigInteger.Pow(2, 255) - BigInteger.Pow(2, bit) + BigInteger.Pow(2, 254)) % ModularNumbers.Order256, peer);
        }
    }

    [Fact]
    public void Any_keys_agree_with_another_implementation()
    {
        const int Seed = 5903;
        ModularNumbers numbers = new(Seed, ModularNumbers.Order256, 0);
        byte[] peer = PublicKey([.. new byte[31], 1]);
        for (int step = 0; step < 300; step++)
        {
            BigInteger scalar = numbers.Next();
            if (!scalar.IsZero)
            {
                AssertAgrees(scalar, peer);
                peer = PublicKey(ModularNumbers.Bytes(scalar));
            }
        }
    }

    [Fact]
    public void What_is_no_point_of_the_curve_is_no_public_key()
    {
        byte[] valid = PublicKey(ModularNumbers.Bytes(12345));
        Assert.True(P256.IsPublicKey(valid));
        for (int index = 0; index < valid.Length; index++)
        {
            byte[] changed = (byte[])valid.Clone();
            changed[index] ^= (byte)(1 << (index % 8));
            Assert.False(P256.IsPublicKey(changed), $"byte {index}");
            Assert.False(P256.TryAgree(ModularNumbers.Bytes(1), changed, new byte[P256.SecretLength]), $"byte {index}");
            Assert.False(P256.IsPublicKey(valid.AsSpan(0, index)), $"{index} bytes");
        }

        Assert.False(P256.IsPublicKey([.. valid, 0]));
        Assert.False(P256.IsPublicKey([0x04, .. new byte[64]]));
    }

    [Fact]
    public void Coordinates_that_are_not_below_p_are_refused_even_of_a_point()
    {
        // x = 5 lies on the curve, and 5 + p has 256 bits.
        OtherPoint point = Other.Curve.DecodePoint([0x02, .. ModularNumbers.Bytes(5)]);
        byte[] y = point.AffineYCoord.GetEncoded();
        Assert.True(P256.IsPublicKey([0x04, .. ModularNumbers.Bytes(5), .. y]));
        Assert.False(P256.IsPublicKey([0x04, .. ModularNumbers.Bytes(5 + ModularNumbers.Prime256), .. y]));
    }

    [Fact]
    public void Points_are_added_whatever_they_are()
    {
        // Twice one point, a point and its negative, infinity on either side or both, with different Z.
        Assert.True(P256AffinePoint.TryRead(PublicKey(ModularNumbers.Bytes(7)), out P256AffinePoint seven));
        P256Point point = new(seven);
        P256Point doubled = point;
        doubled.Double();
        P256Point threefold = doubled;
        threefold.AddPublic(point);
        P256Point negative = point;
        negative.NegateWhere(ulong.MaxValue);
        P256Point sameWithOtherZ = threefold;
        P256Point minusTwo = doubled;
        minusTwo.NegateWhere(ulong.MaxValue);
        sameWithOtherZ.AddPublic(minusTwo);

        AssertIs(21, threefold);
        AssertIs(14, Sum(point, point));
        AssertIs(14, Sum(point, sameWithOtherZ));
        AssertIs(14, Sum(sameWithOtherZ, point));
        AssertIs(14, SumWithAffine(sameWithOtherZ, seven));
        Assert.True(Sum(point, negative).IsInfinity);
        Assert.True(Sum(sameWithOtherZ, negative).IsInfinity);
        Assert.True(SumWithAffine(negative, seven).IsInfinity);
        AssertIs(7, Sum(point, default));
        AssertIs(7, Sum(default, point));
        AssertIs(7, Sum(default, sameWithOtherZ));
        AssertIs(7, SumWithAffine(default, seven));
        Assert.True(Sum(default, default).IsInfinity);
        P256Point infinity = default;
        infinity.Double();
        Assert.True(infinity.IsInfinity);
        AssertIs(21, Sum(Sum(threefold, Sum(point, negative)), infinity));
    }

    [Fact]
    public void Digits_add_up_to_the_scalar()
    {
        const int Seed = 32;
        ModularNumbers numbers = new(Seed, BigInteger.Pow(2, 256), 0);
        sbyte[] digits = new sbyte[SignedDigits.Count];
        for (int step = 0; step < 1000; step++)
        {
            BigInteger scalar = step == 0 ? BigInteger.Pow(2, 256) - 1 : numbers.Next();
            SignedDigits.Read(ModularNumbers.Bytes(scalar), digits);
            BigInteger sum = 0;
            for (int place = digits.Length - 1; place >= 0; place--)
            {
                Assert.InRange(digits[place], -SignedDigits.Maximum, SignedDigits.Maximum);
                sum = (sum * 32) + digits[place];
            }

            Assert.True(sum == scalar, $"seed {Seed}, step {step}");
        }
    }

    private static P256Point Sum(P256Point one, P256Point other)
    {
        one.AddPublic(other);
        return one;
    }

    private static P256Point SumWithAffine(P256Point one, P256AffinePoint other)
    {
        one.AddPublic(other);
        return one;
    }

    private static void AssertIs(int multiple, P256Point point)
    {
        point.ToAffine(out P256AffinePoint affine);
        byte[] encoded = new byte[P256.PublicKeyLength];
        affine.Write(encoded);
        Assert.Equal(Convert.ToHexString(PublicKey(ModularNumbers.Bytes(multiple))), Convert.ToHexString(encoded));
    }

    private static byte[] PublicKey(byte[] privateKey)
    {
        byte[] publicKey = new byte[P256.PublicKeyLength];
        P256.ComputePublicKey(privateKey, publicKey);
        return publicKey;
    }

    // Both the public key and the secret, which come of different computations.
    private static void AssertAgrees(BigInteger scalar, byte[] peer)
    {
        byte[] key = ModularNumbers.Bytes(scalar);
        OtherInteger number = new(1, key);
        byte[] secret = new byte[P256.SecretLength];
        Assert.True(P256.TryAgree(key, peer, secret));
        Assert.True(Other.G.Multiply(number).Normalize().GetEncoded(false).AsSpan().SequenceEqual(PublicKey(key)), $"{scalar:X}");
        OtherPoint shared = Other.Curve.DecodePoint(peer).Multiply(number).Normalize();
        Assert.True(shared.AffineXCoord.GetEncoded().AsSpan().SequenceEqual(secret), $"{scalar:X}");
    }
}
