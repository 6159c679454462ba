using System;
using IntercomAgent.Crypto.Primitives;
using Org.BouncyCastle.Math;
using Xunit;

namespace IntercomAgent.Tests.Unit.Primitives;

public sealed class MontgomeryModulusTests
{
    [Fact]
    public void Powers_are_those_of_another_implementation()
    {
        Random random = new(1);
        int[] lengths = [1, 2, 33, 63, 64, 65, 127, 128, 129, 1000, 1024, 1536];
        foreach (int bits in lengths)
        {
            for (int count = 0; count < 20; count++)
            {
                BigInteger modulus = Number(random, bits).SetBit(bits - 1).SetBit(0);
                BigInteger number = Number(random, bits).Mod(modulus);
                BigInteger exponent = Number(random, bits).Mod(modulus);
                Assert.Equal(number.ModPow(exponent, modulus).Mod(modulus), new MontgomeryModulus(modulus).Power(number, exponent));
            }
        }
    }

    [Fact]
    public void The_ends_of_the_range_come_out_right()
    {
        BigInteger modulus = BigInteger.One.ShiftLeft(1024).Subtract(BigInteger.ValueOf(105));
        BigInteger last = modulus.Subtract(BigInteger.One);
        MontgomeryModulus arithmetic = new(modulus);

        Assert.Equal(BigInteger.One, arithmetic.Power(last, BigInteger.Zero));
        Assert.Equal(BigInteger.One, arithmetic.Power(BigInteger.Zero, BigInteger.Zero));
        Assert.Equal(BigInteger.Zero, arithmetic.Power(BigInteger.Zero, last));
        Assert.Equal(last, arithmetic.Power(last, BigInteger.One));
        Assert.Equal(BigInteger.One, arithmetic.Power(last, BigInteger.Two));
        Assert.Equal(BigInteger.One, arithmetic.Power(BigInteger.One, last));
        Assert.Equal(last.ModPow(last, modulus), arithmetic.Power(last, last));
    }

    private static BigInteger Number(Random random, int bits)
    {
        byte[] bytes = new byte[(bits + 7) / 8];
        random.NextBytes(bytes);
        bytes[0] &= (byte)(0xFF >> ((8 * bytes.Length) - bits));
        return new BigInteger(1, bytes);
    }
}
