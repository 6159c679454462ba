using System.Security.Cryptography;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Crypto.Wire;
using Org.BouncyCastle.Math;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>Finds the primes of an RSA key (FIPS 186-5 appendix A.1.3), with our own random numbers.</summary>
internal static class RsaPrimes
{
    // A round lets through at most one composite in four, and of those that are chosen at random far fewer: FIPS 186-5 appendix B.3
    // is content with five rounds for primes of this length. The others cost little beside the search.
    private const int Rounds = 16;

    /// <summary>
    /// A prime of that length whose two highest bits are set, so that the product of two has twice the length, and whose predecessor
    /// has no divisor in common with the exponent.
    /// </summary>
    public static BigInteger Find(int bits, BigInteger publicExponent, IRandomSource random)
    {
        byte[] bytes = new byte[bits / 8];
        while (true)
        {
            random.Fill(bytes);
            bytes[0] |= 0xC0;
            bytes[^1] |= 1;
            BigInteger candidate = new(1, bytes);
            if (!Primes.HasAnySmallFactors(candidate)
                && candidate.Subtract(BigInteger.One).Gcd(publicExponent).Equals(BigInteger.One)
                && IsProbablyPrime(candidate, random))
            {
                CryptographicOperations.ZeroMemory(bytes);
                return candidate;
            }
        }
    }

    // The test of Miller and Rabin (FIPS 186-5 appendix B.3.1).
    private static bool IsProbablyPrime(BigInteger candidate, IRandomSource random)
    {
        BigInteger last = candidate.Subtract(BigInteger.One);
        int twos = last.GetLowestSetBit();
        BigInteger odd = last.ShiftRight(twos);
        MontgomeryModulus modulus = new(candidate);
        byte[] bytes = new byte[candidate.BitLength / 8];
        for (int round = 0; round < Rounds; round++)
        {
            random.Fill(bytes);
            BigInteger number = new BigInteger(1, bytes).Mod(candidate);
            BigInteger power = modulus.Power(number, odd);
            bool passes = number.CompareTo(BigInteger.One) <= 0 || power.Equals(BigInteger.One) || power.Equals(last);
            for (int square = 1; square < twos && !passes; square++)
            {
                power = power.Square().Mod(candidate);
                passes = power.Equals(last);
            }

            if (!passes)
            {
                return false;
            }
        }

        return true;
    }
}
