using System;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Primitives;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Xunit;
using OtherInteger = Org.BouncyCastle.Math.BigInteger;
using OtherPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace IntercomAgent.Tests.Unit.Primitives;

public sealed class P256SignaturesTests
{
    private static readonly ECDomainParameters Other = new(CustomNamedCurves.GetByName("P-256"));
    private static readonly BigInteger N = ModularNumbers.Order256;
    private static readonly byte[] Key = ModularNumbers.Bytes(BigInteger.Pow(3, 150) % N);
    private static readonly byte[] Hash = [.. Enumerable.Range(1, 32).Select(value => (byte)(value * 7))];

    /// <summary>RFC 6979 appendix A.2.5: the nonces with SHA-256.</summary>
    [Theory]
    [InlineData(
        "AF2BDBE1AA9B6EC1E2ADE1D694F41FC71A831D0268E9891562113D8A62ADD1BF",
        "A6E3C57DD01ABE90086538398355DD4C3B17AA873382B0F24D6129493D8AAD60")]
    [InlineData(
        "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08",
        "D16B6AE827F17175E040871A1C7EC3500192C4C92677336EC2537ACAEE0008E0")]
    public void The_published_nonces_are_made(string hash, string nonce)
    {
        byte[] key = Convert.FromHexString("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721");
        byte[] made = new byte[EcdsaNonces.Length];
        using EcdsaNonces nonces = new(key, Convert.FromHexString(hash), new byte[EcdsaNonces.StateLength]);
        nonces.Next(made);
        Assert.Equal(nonce, Convert.ToHexString(made));
    }

    /// <summary>RFC 6979 section 3.2, step h: the numbers after one that is of no use, here with another implementation's HMAC.</summary>
    [Fact]
    public void Nonces_after_the_first_follow_the_chain()
    {
        byte[] k = new byte[32];
        byte[] v = new byte[32];
        v.AsSpan().Fill(1);
        k = HMACSHA256.HashData(k, (byte[])[.. v, 0, .. Key, .. Hash]);
        v = HMACSHA256.HashData(k, v);
        k = HMACSHA256.HashData(k, (byte[])[.. v, 1, .. Key, .. Hash]);
        v = HMACSHA256.HashData(k, v);

        using EcdsaNonces nonces = new(Key, Hash, new byte[EcdsaNonces.StateLength]);
        byte[] made = new byte[EcdsaNonces.Length];
        for (int count = 0; count < 5; count++)
        {
            v = HMACSHA256.HashData(k, v);
            nonces.Next(made);
            Assert.Equal(v, made);
            k = HMACSHA256.HashData(k, (byte[])[.. v, 0]);
            v = HMACSHA256.HashData(k, v);
        }
    }

    [Fact]
    public void Signatures_agree_with_another_implementation()
    {
        const int Seed = 6979;
        Random random = new(Seed);
        ModularNumbers keys = new(Seed, N, 0);
        ModularNumbers hashes = new(Seed + 1, BigInteger.Pow(2, 256), 0);
        for (int step = 0; step < 200; step++)
        {
            string where = $"seed {Seed}, step {step}";
            BigInteger scalar = keys.Next();
            byte[] key = ModularNumbers.Bytes(scalar.IsZero ? 1 : scalar);
            byte[] hash = ModularNumbers.Bytes(hashes.Next());
            byte[] signature = Sign(key, hash);
            byte[] publicKey = PublicKey(key);

            ECDsaSigner signer = new(new HMacDsaKCalculator(new Sha256Digest()));
            signer.Init(true, new ECPrivateKeyParameters(new OtherInteger(1, key), Other));
            OtherInteger[] expected = signer.GenerateSignature(hash);
            Assert.True(StandardDsaEncoding.Instance.Encode(Other.N, expected[0], expected[1]).AsSpan().SequenceEqual(signature), where);

            Assert.True(P256Signatures.Verify(publicKey, hash, signature), where);
            hash[random.Next(hash.Length)] ^= (byte)(1 << random.Next(8));
            Assert.False(P256Signatures.Verify(publicKey, hash, signature), where);
        }
    }

    [Fact]
    public void Signatures_whose_multiples_are_at_a_bound_agree_with_another_implementation()
    {
        // The point is u G + v Q with v = r / s and u = e / s. Chosen are u and v, from which the signature follows. Q is d G, so that
        // v d = ±u adds a point to itself or to its negative.
        byte[] publicKey = PublicKey(Key);
        BigInteger d = new(Key, isUnsigned: true, isBigEndian: true);
        BigInteger half = N / 2;
        foreach (BigInteger v in (BigInteger[])[1, 2, 15, 16, 17, 31, 32, 33, half, half + 1, N - 1, N - 2, N - 17, BigInteger.Pow(2, 255)])
        {
            BigInteger same = v * d % N;
            foreach (BigInteger u in (BigInteger[])[0, 1, 2, 16, 32, N - 1, N - 2, same, N - same, same * 2 % N, BigInteger.Pow(2, 255)])
            {
                AssertVerifies(publicKey, u, v, $"{u:X}, {v:X}");
            }
        }

        // Q is the generator or its negative: every addition of equal digits meets the same point.
        foreach (BigInteger scalar in (BigInteger[])[1, 2, N - 1, N - 2, BigInteger.Pow(2, 20), BigInteger.Pow(2, 40)])
        {
            byte[] key = PublicKey(ModularNumbers.Bytes(scalar));
            foreach (BigInteger u in (BigInteger[])[0, 1, 5, 1 + BigInteger.Pow(2, 20), half, N - 3, N - 1])
            {
                AssertVerifies(key, u, 1, $"key {scalar:X}, {u:X}");
                AssertVerifies(key, u, half, $"key {scalar:X}, {u:X}");
                AssertVerifies(key, u, u.IsZero ? 1 : u, $"key {scalar:X}, {u:X}");
            }
        }
    }

    [Fact]
    public void A_coordinate_above_the_order_counts_modulo_the_order()
    {
        // A point with x between n and p, which nobody meets by chance: r = x - n, and the key is chosen so that R is u G + v Q.
        BigInteger x = N;
        OtherPoint? point = null;
        while (point is null)
        {
            x++;
            try
            {
                point = Other.Curve.DecodePoint([0x02, .. ModularNumbers.Bytes(x)]);
            }
            catch (ArgumentException)
            {
                // No point of the curve has this x.
            }
        }

        // With s = r, v is 1: Q = R - u G, u = e / r.
        BigInteger r = x - N;
        BigInteger e = new BigInteger(Hash, isUnsigned: true, isBigEndian: true) % N;
        BigInteger u = e * BigInteger.ModPow(r, N - 2, N) % N;
        byte[] publicKey = point.Subtract(Other.G.Multiply(new OtherInteger(1, ModularNumbers.Bytes(u)))).Normalize().GetEncoded(false);
        byte[] signature = Der(r, r);

        Assert.True(OtherVerifies(publicKey, Hash, r, r));
        Assert.True(P256Signatures.Verify(publicKey, Hash, signature));
        Assert.False(P256Signatures.Verify(publicKey, Hash, Der(r + 1, r)));
    }

    [Fact]
    public void Numbers_out_of_range_are_no_signature()
    {
        byte[] publicKey = PublicKey(Key);
        byte[] signature = Sign(Key, Hash);
        (BigInteger r, BigInteger s) = Numbers(signature);
        Assert.True(P256Signatures.Verify(publicKey, Hash, Der(r, s)));

        // The other signature of the same hash and nonce is one too (ECDSA does not say which).
        Assert.True(P256Signatures.Verify(publicKey, Hash, Der(r, N - s)));
        foreach (BigInteger wrong in (BigInteger[])[0, N, N + 1, N - 1, ModularNumbers.Prime256, BigInteger.Pow(2, 256) - 1, 1])
        {
            Assert.False(P256Signatures.Verify(publicKey, Hash, Der(wrong, s)), $"r {wrong:X}");
            Assert.False(P256Signatures.Verify(publicKey, Hash, Der(r, wrong)), $"s {wrong:X}");
            Assert.False(P256Signatures.Verify(publicKey, Hash, Der(wrong, wrong)), $"both {wrong:X}");
        }

        Assert.False(P256Signatures.Verify(publicKey, Hash, Der(s, r)));
        foreach (BigInteger tooLong in (BigInteger[])[r + N, r + BigInteger.Pow(2, 256), BigInteger.Pow(2, 300)])
        {
            Assert.False(P256Signatures.Verify(publicKey, Hash, DerOfAny(tooLong, s)), $"r {tooLong:X}");
            Assert.False(P256Signatures.Verify(publicKey, Hash, DerOfAny(r, tooLong)), $"s {tooLong:X}");
        }

        // Negative numbers that are r and s modulo n.
        Assert.False(P256Signatures.Verify(publicKey, Hash, DerOfAny(r - N, s)));
        Assert.False(P256Signatures.Verify(publicKey, Hash, DerOfAny(r, s - N)));
        Assert.False(P256Signatures.Verify(publicKey, Hash.AsSpan(1), signature));
        Assert.False(P256Signatures.Verify(publicKey.AsSpan(1), Hash, signature));
    }

    [Fact]
    public void A_signature_has_one_encoding()
    {
        byte[] r = [0x12, .. new byte[31]];
        byte[] s = new byte[32];
        s[31] = 0x80;
        byte[] signature = new byte[EcdsaSignature.MaximumLength];
        signature = signature[..EcdsaSignature.Write(r, s, signature)];
        Assert.Equal("3026" + "0220" + "12" + new string('0', 62) + "02020080", Convert.ToHexString(signature));
        Assert.True(Reads(signature));

        Assert.True(Reads([0x30, 6, 2, 1, 0, 2, 1, 0x7F]));
        Assert.False(Reads([0x30, 6, 2, 1, 0, 2, 1, 0x80]));
        Assert.False(Reads([0x30, 7, 2, 2, 0, 0, 2, 1, 1]));
        Assert.False(Reads([0x30, 7, 2, 2, 0, 0x7F, 2, 1, 1]));
        Assert.True(Reads([0x30, 7, 2, 2, 0, 0x80, 2, 1, 1]));
        Assert.False(Reads([0x30, 5, 2, 0, 2, 1, 1]));
        Assert.False(Reads([0x30, 7, 2, 1, 1, 2, 1, 1, 0]));
        Assert.False(Reads([0x30, 6, 2, 1, 1, 2, 1, 1, 0]));
        Assert.False(Reads([0x30, 0x81, 6, 2, 1, 1, 2, 1, 1]));
        Assert.False(Reads([0x30, 0x80, 2, 1, 1, 2, 1, 1, 0, 0]));
        Assert.False(Reads([0x30, 7, 2, 0x81, 1, 1, 2, 1, 1]));
        Assert.False(Reads([0x31, 6, 2, 1, 1, 2, 1, 1]));
        Assert.False(Reads([0x30, 6, 3, 1, 1, 2, 1, 1]));
        Assert.False(Reads([0x30, 3, 2, 1, 1]));
        Assert.False(Reads([]));
        for (int length = 0; length < signature.Length; length++)
        {
            Assert.False(Reads(signature.AsSpan(0, length)));
        }
    }

    [Fact]
    public void A_signature_with_a_bit_changed_is_none_and_noise_never_throws()
    {
        byte[] publicKey = PublicKey(Key);
        byte[] signature = Sign(Key, Hash);
        for (int index = 0; index < signature.Length; index++)
        {
            byte[] changed = (byte[])signature.Clone();
            changed[index] ^= (byte)(1 << (index % 8));
            Assert.False(P256Signatures.Verify(publicKey, Hash, changed), $"byte {index}");
        }

        const int Seed = 3279;
        Random random = new(Seed);
        for (int step = 0; step < 2000; step++)
        {
            byte[] noise = new byte[random.Next(80)];
            random.NextBytes(noise);
            Assert.False(P256Signatures.Verify(publicKey, Hash, noise), $"seed {Seed}, step {step}");
        }
    }

    private static bool Reads(ReadOnlySpan<byte> signature) => EcdsaSignature.TryRead(signature, new byte[32], new byte[32]);

    // Chooses hash and signature so that their verification computes u G + v Q, and compares with another implementation.
    private static void AssertVerifies(byte[] publicKey, BigInteger u, BigInteger v, string where)
    {
        OtherPoint sum = Other.G.Multiply(new OtherInteger(1, ModularNumbers.Bytes(u)))
            .Add(Other.Curve.DecodePoint(publicKey).Multiply(new OtherInteger(1, ModularNumbers.Bytes(v)))).Normalize();
        BigInteger r = sum.IsInfinity ? 1 : new BigInteger(sum.AffineXCoord.GetEncoded(), isUnsigned: true, isBigEndian: true) % N;
        BigInteger s = r * BigInteger.ModPow(v, N - 2, N) % N;
        byte[] hash = ModularNumbers.Bytes(u * s % N);

        Assert.True(P256Signatures.Verify(publicKey, hash, Der(r, s)) == !sum.IsInfinity, where);
        Assert.True(OtherVerifies(publicKey, hash, r, s) == !sum.IsInfinity, where);
        Assert.False(P256Signatures.Verify(publicKey, hash, Der(r == N - 1 ? 1 : r + 1, s)), where);
    }

    private static bool OtherVerifies(byte[] publicKey, byte[] hash, BigInteger r, BigInteger s)
    {
        ECDsaSigner signer = new();
        signer.Init(false, new ECPublicKeyParameters(Other.Curve.DecodePoint(publicKey), Other));
        return signer.VerifySignature(hash, new OtherInteger(1, ModularNumbers.Bytes(r)), new OtherInteger(1, ModularNumbers.Bytes(s)));
    }

    private static byte[] PublicKey(byte[] privateKey)
    {
        byte[] publicKey = new byte[P256.PublicKeyLength];
        P256.ComputePublicKey(privateKey, publicKey);
        return publicKey;
    }

    private static byte[] Sign(byte[] key, byte[] hash)
    {
        byte[] signature = new byte[EcdsaSignature.MaximumLength];
        return signature[..P256Signatures.Sign(key, hash, signature)];
    }

    private static (BigInteger R, BigInteger S) Numbers(byte[] signature)
    {
        byte[] r = new byte[32];
        byte[] s = new byte[32];
        Assert.True(EcdsaSignature.TryRead(signature, r, s));
        return (new BigInteger(r, isUnsigned: true, isBigEndian: true), new BigInteger(s, isUnsigned: true, isBigEndian: true));
    }

    private static byte[] Der(BigInteger r, BigInteger s)
    {
        byte[] signature = new byte[EcdsaSignature.MaximumLength];
        return signature[..EcdsaSignature.Write(ModularNumbers.Bytes(r), ModularNumbers.Bytes(s), signature)];
    }

    private static byte[] DerOfAny(BigInteger r, BigInteger s)
    {
        byte[] first = r.ToByteArray(isBigEndian: true);
        byte[] second = s.ToByteArray(isBigEndian: true);
        return [0x30, (byte)(4 + first.Length + second.Length), 2, (byte)first.Length, .. first, 2, (byte)second.Length, .. second];
    }
}
