using System;
using System.Numerics;
using IntercomAgent.Crypto.Primitives;
using Xunit;
using OtherX25519 = Org.BouncyCastle.Math.EC.Rfc7748.X25519;

namespace IntercomAgent.Tests.Unit.Primitives;

public sealed class X25519Tests
{
    private static readonly BigInteger Prime = BigInteger.Pow(2, 255) - 19;

    /// <summary>RFC 7748 section 5.2.</summary>
    [Theory]
    [InlineData(
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")]
    [InlineData(
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")]
    public void The_published_products_are_computed(string scalar, string u, string product)
    {
        byte[] result = new byte[32];
        X25519.Multiply(Convert.FromHexString(scalar), Convert.FromHexString(u), result);
        Assert.Equal(product, Convert.ToHexStringLower(result));
    }

    /// <summary>RFC 7748 section 5.2.</summary>
    [Fact]
    public void A_thousand_products_of_products_end_as_published()
    {
        byte[] k = new byte[32];
        k[0] = 9;
        byte[] u = (byte[])k.Clone();
        for (int count = 1; count <= 1000; count++)
        {
            byte[] product = new byte[32];
            X25519.Multiply(k, u, product);
            u = k;
            k = product;
            if (count == 1)
            {
                Assert.Equal("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079", Convert.ToHexStringLower(k));
            }
        }

        Assert.Equal("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51", Convert.ToHexStringLower(k));
    }

    /// <summary>RFC 7748 section 6.1.</summary>
    [Fact]
    public void The_published_keys_agree_on_the_published_secret()
    {
        byte[] alice = Convert.FromHexString("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        byte[] bob = Convert.FromHexString("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        byte[] alicePublic = new byte[32];
        byte[] bobPublic = new byte[32];
        byte[] secret = new byte[32];

        X25519.ComputePublicKey(alice, alicePublic);
        X25519.ComputePublicKey(bob, bobPublic);

        Assert.Equal("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", Convert.ToHexStringLower(alicePublic));
        Assert.Equal("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", Convert.ToHexStringLower(bobPublic));
        Assert.True(X25519.TryAgree(alice, bobPublic, secret));
        Assert.Equal("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742", Convert.ToHexStringLower(secret));
        Assert.True(X25519.TryAgree(bob, alicePublic, secret));
        Assert.Equal("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742", Convert.ToHexStringLower(secret));
    }

    [Fact]
    public void Agrees_with_another_implementation_on_keys_of_all_kinds()
    {
        const int Seed = 7748;
        Random random = new(Seed);
        ModularNumbers numbers = new(Seed, Prime, 0);
        for (int step = 0; step < 1000; step++)
        {
            byte[] scalar = new byte[32];
            random.NextBytes(scalar);
            if (step % 8 == 0)
            {
                scalar.AsSpan().Fill((byte)(step % 16 == 0 ? 0x00 : 0xFF));
            }

            // The highest bit is not part of the number.
            byte[] u = ModularNumbers.Bytes(numbers.Next());
            u.AsSpan().Reverse();
            u[31] |= (byte)(random.Next(2) << 7);
            AssertAgrees(scalar, u, $"seed {Seed}, step {step}");
            byte[] publicKey = new byte[32];
            byte[] expected = new byte[32];
            X25519.ComputePublicKey(scalar, publicKey);
            OtherX25519.ScalarMultBase(scalar, 0, expected, 0);
            Assert.Equal(expected, publicKey);
        }
    }

    [Fact]
    public void Numbers_that_are_not_below_the_prime_count_modulo_the_prime()
    {
        byte[] scalar = new byte[32];
        new SeededRandom(1).Fill(scalar);
        for (int excess = 0; excess < 19; excess++)
        {
            byte[] u = ModularNumbers.Bytes(Prime + excess);
            u.AsSpan().Reverse();
            AssertAgrees(scalar, u, $"the prime and {excess}");
        }
    }

    [Fact]
    public void Points_of_low_order_are_refused()
    {
        // The u coordinates of the points of order 1, 2, 4 and 8, of the curve and of its twist.
        BigInteger order8 = BigInteger.Parse("325606250916557431795983626356110631294008115727848805560023387167927233504");
        BigInteger otherOrder8 = BigInteger.Parse("39382357235489614581723060781553021112529911719440698176882885853963445705823");
        byte[] scalar = new byte[32];
        new SeededRandom(1).Fill(scalar);
        foreach (BigInteger number in (BigInteger[])[0, 1, Prime - 1, Prime, Prime + 1, order8, otherOrder8])
        {
            byte[] u = ModularNumbers.Bytes(number);
            u.AsSpan().Reverse();
            Assert.False(X25519.TryAgree(scalar, u, new byte[32]), $"{number}");
        }
    }

    [Fact]
    public void Sums_and_products_agree_with_another_implementation()
    {
        const int Seed = 25519;
        ModularNumbers numbers = new(Seed, Prime, 0);
        BigInteger a = numbers.Next();
        Field25519 left = Read(a);
        for (int step = 0; step < 20_000; step++)
        {
            string where = $"seed {Seed}, step {step}";
            BigInteger b = numbers.Next();
            Field25519 right = Read(b);

            Field25519.Multiply(left + right, left - right, out Field25519 product);
            AssertSame((a + b) * (a - b), product, where);
            LimbProduct.Multiply<PlainMultiplication, Field25519>(left + right, left - right, out Field25519 plain);
            AssertSame((a + b) * (a - b), plain, where);
            Field25519.Square(left - right, out Field25519 square);
            AssertSame((a - b) * (a - b), square, where);
            LimbProduct.Square<PlainMultiplication, Field25519>(left - right, out plain);
            AssertSame((a - b) * (a - b), plain, where);
            Field25519.Square(right, out square);
            AssertSame(b * b, square, where);
            Field25519.Multiply(left - right, 121665, out Field25519 multiple);
            AssertSame((a - b) * 121665, multiple, where);
            if (step % 20 == 0)
            {
                Field25519.Invert(right, out Field25519 inverse);
                AssertSame(BigInteger.ModPow(b, Prime - 2, Prime), inverse, where);
            }

            // Sometimes a product goes on: its limbs may exceed 51 bits.
            (a, left) = step % 4 == 0 ? (b, right) : ((a + b) * (a - b) % Prime, product);
        }
    }

    private static Field25519 Read(BigInteger number)
    {
        byte[] bytes = ModularNumbers.Bytes(number);
        bytes.AsSpan().Reverse();
        return Field25519.Read(bytes);
    }

    private static void AssertSame(BigInteger expected, in Field25519 element, string where)
    {
        Span<byte> bytes = stackalloc byte[Field25519.Length];
        element.Write(bytes);
        Assert.True(new BigInteger(bytes, isUnsigned: true) == ((expected % Prime) + Prime) % Prime, where);
    }

    private static void AssertAgrees(byte[] scalar, byte[] u, string where)
    {
        byte[] expected = new byte[32];
        bool expectedAgreement = OtherX25519.CalculateAgreement(scalar, 0, u, 0, expected, 0);
        byte[] secret = new byte[32];
        Assert.True(X25519.TryAgree(scalar, u, secret) == expectedAgreement, where);
        Assert.True(secret.AsSpan().SequenceEqual(expected), where);
    }
}
