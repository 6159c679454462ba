using System;
using System.Globalization;
using System.Numerics;

namespace IntercomAgent.Tests.Unit.Primitives;

/// <summary>
/// Numbers that an arithmetic modulo a prime may get wrong: most limbs are zeros or ones, in the form in which the arithmetic holds them
/// (the number times a power of 2, for Montgomery's) or in that of the number itself; some are next to a bound, some are any.
/// </summary>
internal sealed class ModularNumbers(int seed, BigInteger modulus, int montgomeryBits)
{
    private readonly Random _random = new(seed);
    private readonly BigInteger _toNumber = BigInteger.ModPow(BigInteger.Pow(2, montgomeryBits), modulus - 2, modulus);

    /// <summary>The prime p of P-256 (SP 800-186 section 3.2.1.3).</summary>
    public static BigInteger Prime256 { get; } =
        BigInteger.Pow(2, 256) - BigInteger.Pow(2, 224) + BigInteger.Pow(2, 192) + BigInteger.Pow(2, 96) - 1;

    /// <summary>The order n of its generator.</summary>
    public static BigInteger Order256 { get; } = BigInteger.Parse(
        "0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>A number in 32 bytes, the highest first.</summary>
    public static byte[] Bytes(BigInteger number)
    {
        byte[] bytes = new byte[32];
        byte[] digits = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        digits.CopyTo(bytes, bytes.Length - digits.Length);
        return bytes;
    }

    /// <summary>The next number, below the modulus.</summary>
    public BigInteger Next()
    {
        BigInteger number = _random.Next(8) switch
        {
            0 => _random.Next(3),
            1 => modulus - 1 - _random.Next(3),
            2 => BigInteger.Pow(2, 256) - modulus + _random.Next(-2, 3),
            3 => BigInteger.Pow(2, _random.Next(256)) + _random.Next(-1, 2),
            _ => Limbs(),
        };
        number = ((number % modulus) + modulus) % modulus;
        return _random.Next(2) == 0 ? number : number * _toNumber % modulus;
    }

    private BigInteger Limbs()
    {
        int bits = _random.Next(3) switch { 0 => 51, 1 => 53, _ => 64 };
        BigInteger number = 0;
        for (int place = 0; place < 256; place += bits)
        {
            ulong limb = _random.Next(3) switch { 0 => 0, 1 => ulong.MaxValue, _ => (ulong)_random.NextInt64() };
            number += new BigInteger(limb & (ulong.MaxValue >> (64 - bits))) << place;
        }

        return number & (BigInteger.Pow(2, 256) - 1);
    }
}
