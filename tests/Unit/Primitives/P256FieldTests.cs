using System;
using System.Numerics;
using IntercomAgent.Crypto.Primitives;
using Xunit;

namespace IntercomAgent.Tests.Unit.Primitives;

/// <summary>The numbers modulo p and n of P-256, beside those of another implementation.</summary>
public sealed class P256FieldTests
{
    private const int Steps = 20_000;

    // An inversion costs as much as 270 products.
    private const int StepsPerInversion = 20;

    [Fact]
    public void Sums_and_products_of_coordinates_agree_with_another_implementation()
    {
        const int Seed = 256;
        ModularNumbers numbers = new(Seed, ModularNumbers.Prime256, 265);
        Element a = new(numbers.Next());
        for (int step = 0; step < Steps; step++)
        {
            Element b = new(numbers.Next());
            Element c = new(numbers.Next());
            string where = $"seed {Seed}, step {step}";

            Element product = a.Times(b);
            AssertSame(product, where);
            AssertSame(a.Squared(), where);
            AssertSame(a.Less(b, 1), where);
            AssertSame(a.Less(b, 8), where);

            // Factors: a sum, a difference, their multiples, and what is subtracted from them.
            AssertSame(a.Plus(b).Times(b.Minus(c)), where);
            AssertSame(a.Minus(b).Squared(), where);
            AssertSame(a.Plus(c).Multiple(3).Times(a.Minus(c)), where);
            AssertSame(a.Multiple(4).Minus(b).Times(c.Plus(c)), where);
            AssertSame(a.Minus(b).Less(c, 2), where);
            Assert.True(P256Field.AreEqual(a.Value, b.Value) == (a.Number == b.Number), where);
            Assert.True(a.Value.ZeroMask == (a.Number.IsZero ? ulong.MaxValue : 0), where);
            if (step % StepsPerInversion == 0)
            {
                P256Field.Invert(a.Value, out P256Field inverse);
                AssertSame(new Element(BigInteger.ModPow(a.Number, ModularNumbers.Prime256 - 2, ModularNumbers.Prime256), inverse), where);
            }

            // Sometimes a result goes on: it may exceed p, which what is read from bytes never does.
            a = step % 4 == 0 ? new Element(numbers.Next()) : a.Minus(b).Less(product, 8);
        }
    }

    [Fact]
    public void The_product_is_the_same_whatever_the_processor_multiplies_with()
    {
        const int Seed = 64;
        ModularNumbers numbers = new(Seed, ModularNumbers.Prime256, 265);
        for (int step = 0; step < 2000; step++)
        {
            Element a = new(numbers.Next());
            Element b = new(numbers.Next());
            LimbProduct.Multiply<PlainMultiplication, P256Field>(a.Value, b.Value, out P256Field product);
            LimbProduct.Square<PlainMultiplication, P256Field>(b.Value, out P256Field square);
            Assert.True(product == a.Times(b).Value && square == b.Squared().Value, $"seed {Seed}, step {step}");
        }
    }

    [Fact]
    public void Zero_has_no_inverse_and_remains_zero()
    {
        P256Field.Invert(default, out P256Field field);
        Assert.Equal(ulong.MaxValue, field.ZeroMask);
        P256Scalar.Invert(default, out P256Scalar scalar);
        Assert.Equal(ulong.MaxValue, scalar.ZeroMask);

        // Zero that comes of p less itself is the same zero.
        P256Field.Subtract(P256Field.One, P256Field.One, 1, out field);
        Assert.Equal(ulong.MaxValue, field.ZeroMask);
        Assert.Equal(0UL, P256Field.One.ZeroMask);
    }

    [Fact]
    public void Coordinates_are_read_below_p_only()
    {
        foreach ((BigInteger number, bool isBelow) in ((BigInteger, bool)[])[
            (0, true), (1, true), (ModularNumbers.Prime256 - 1, true), (ModularNumbers.Prime256, false),
            (ModularNumbers.Prime256 + 1, false), (BigInteger.Pow(2, 256) - 1, false),
            (BigInteger.Pow(2, 256) - BigInteger.Pow(2, 224), true), (BigInteger.Pow(2, 255), true), (ModularNumbers.Order256, true)])
        {
            Assert.Equal(isBelow, P256Field.TryRead(ModularNumbers.Bytes(number), out P256Field element));
            if (isBelow)
            {
                AssertSame(new Element(number, element), $"{number:X}");
            }
        }
    }

    [Fact]
    public void Scalars_are_read_from_1_to_the_order_less_1_only()
    {
        foreach ((BigInteger number, bool isScalar) in ((BigInteger, bool)[])[
            (0, false), (1, true), (2, true), (ModularNumbers.Order256 - 1, true), (ModularNumbers.Order256, false),
            (ModularNumbers.Order256 + 1, false), (ModularNumbers.Prime256, false), (BigInteger.Pow(2, 256) - 1, false)])
        {
            Assert.Equal(isScalar, P256Scalar.TryRead(ModularNumbers.Bytes(number), out _));
            P256Scalar.ReadReduced(ModularNumbers.Bytes(number), out P256Scalar reduced);
            AssertSame(number % ModularNumbers.Order256, reduced, $"{number:X}");
        }
    }

    [Fact]
    public void Sums_and_products_of_scalars_agree_with_another_implementation()
    {
        const int Seed = 186;
        BigInteger n = ModularNumbers.Order256;
        ModularNumbers numbers = new(Seed, n, 265);
        for (int step = 0; step < Steps / 4; step++)
        {
            BigInteger a = numbers.Next();
            BigInteger b = numbers.Next();
            string where = $"seed {Seed}, step {step}";
            P256Scalar.ReadReduced(ModularNumbers.Bytes(a), out P256Scalar left);
            P256Scalar.ReadReduced(ModularNumbers.Bytes(b), out P256Scalar right);

            P256Scalar.Multiply(left, right, out P256Scalar result);
            AssertSame(a * b % n, result, where);
            LimbProduct.Multiply<PlainMultiplication, P256Scalar>(left, right, out P256Scalar plain);
            Assert.True(result == plain, where);
            P256Scalar.Square(left, out result);
            AssertSame(a * a % n, result, where);
            LimbProduct.Square<PlainMultiplication, P256Scalar>(left, out plain);
            Assert.True(result == plain, where);
            P256Scalar.Multiply(left + right, right, out result);
            AssertSame((a + b) * b % n, result, where);
            if (step % StepsPerInversion == 0)
            {
                P256Scalar.Invert(left, out result);
                AssertSame(BigInteger.ModPow(a, n - 2, n), result, where);
            }
        }
    }

    private static void AssertSame(in Element element, string where)
    {
        Span<byte> bytes = stackalloc byte[P256Field.Length];
        element.Value.Write(bytes);
        Assert.True(new BigInteger(bytes, isUnsigned: true, isBigEndian: true) == element.Number, where);
    }

    private static void AssertSame(BigInteger expected, in P256Scalar scalar, string where)
    {
        Span<byte> bytes = stackalloc byte[P256Scalar.Length];
        scalar.Write(bytes);
        Assert.True(new BigInteger(bytes, isUnsigned: true, isBigEndian: true) == expected, where);
    }

    /// <summary>An element and the number that it should be.</summary>
    private readonly struct Element
    {
        public Element(BigInteger number)
        {
            Number = number;
            Assert.True(P256Field.TryRead(ModularNumbers.Bytes(number), out P256Field value));
            Value = value;
        }

        public Element(BigInteger number, in P256Field value)
        {
            BigInteger p = ModularNumbers.Prime256;
            Number = ((number % p) + p) % p;
            Value = value;
        }

        public BigInteger Number { get; }

        public P256Field Value { get; }

        public Element Plus(Element other) => new(Number + other.Number, Value + other.Value);

        public Element Minus(Element other) => new(Number - other.Number, Value - other.Value);

        public Element Multiple(uint times) => new(Number * times, Value.Times(times));

        public Element Less(Element other, int times)
        {
            P256Field.Subtract(Value, other.Value, times, out P256Field difference);
            return new(Number - (other.Number * times), difference);
        }

        public Element Times(Element other)
        {
            P256Field.Multiply(Value, other.Value, out P256Field product);
            return new(Number * other.Number, product);
        }

        public Element Squared()
        {
            P256Field.Square(Value, out P256Field square);
            return new(Number * Number, square);
        }
    }
}
