using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Primitives;
using Xunit;

namespace IntercomAgent.Tests.Unit.Primitives;

public sealed class HmacTests
{
    private const int Seed = 2104;

    private delegate byte[] OtherHmac(byte[] key, byte[] message);

    [Fact]
    public void Gives_the_published_results_of_HMAC_SHA1() => Gives(DigestVectors.HmacSha1, key => new Hmac<Sha1>(key));

    [Fact]
    public void Gives_the_published_results_of_HMAC_SHA_256() => Gives(DigestVectors.HmacSha256, key => new Hmac<Sha256>(key));

    [Fact]
    public void HMAC_SHA1_agrees_with_another_implementation_at_every_length() =>
        Agrees(key => new Hmac<Sha1>(key), HMACSHA1.HashData);

    [Fact]
    public void HMAC_SHA_256_agrees_with_another_implementation_at_every_length() =>
        Agrees(key => Hmac.Create(DigestAlgorithm.Sha256, key), HMACSHA256.HashData);

    [Fact]
    public void HMAC_SHA_384_agrees_with_another_implementation_at_every_length() =>
        Agrees(key => Hmac.Create(DigestAlgorithm.Sha384, key), HMACSHA384.HashData);

    [Fact]
    public void A_disposed_HMAC_knows_its_key_no_more()
    {
        foreach (Func<byte[], Hmac> create in (Func<byte[], Hmac>[])[
            key => new Hmac<Sha1>(key),
            key => Hmac.Create(DigestAlgorithm.Sha256, key),
            key => Hmac.Create(DigestAlgorithm.Sha384, key)])
        {
            Hmac hmac = create([1, 2, 3]);
            byte[] before = Code(hmac, [], []);
            hmac.Dispose();
            hmac.Dispose();
            Assert.NotEqual(before, Code(hmac, [], []));
        }
    }

    [Fact]
    public void A_code_makes_no_garbage()
    {
        using Hmac<Sha1> sha1 = new([1, 2, 3]);
        using Hmac sha256 = Hmac.Create(DigestAlgorithm.Sha256, [1, 2, 3]);
        byte[] message = new byte[172];
        byte[] code = new byte[32];
        foreach (Hmac hmac in (Hmac[])[sha1, sha256])
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            hmac.Update(message);
            hmac.Finish(code);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static void Gives(IEnumerable<(byte[] Key, byte[] Message, string Code)> vectors, Func<byte[], Hmac> create)
    {
        foreach ((byte[] key, byte[] message, string code) in vectors)
        {
            using Hmac hmac = create(key);
            Assert.StartsWith(code, Convert.ToHexStringLower(Code(hmac, message, [])), StringComparison.Ordinal);
        }
    }

    // Keys of every length as well, and each of them for two messages one after another.
    private static void Agrees(Func<byte[], Hmac> create, OtherHmac other)
    {
        Random random = new(Seed);
        for (int length = 0; length <= 300; length++)
        {
            byte[] key = new byte[length];
            byte[] message = new byte[length];
            random.NextBytes(key);
            random.NextBytes(message);
            int middle = random.Next(length + 1);
            using Hmac hmac = create(key);
            Assert.Equal(other(key, message), Code(hmac, message[..middle], message[middle..]));
            Assert.Equal(other(key, []), Code(hmac, [], []));
        }
    }

    private static byte[] Code(Hmac hmac, byte[] piece, byte[] rest)
    {
        hmac.Update(piece);
        hmac.Update(rest);
        byte[] code = new byte[hmac.Length];
        hmac.Finish(code);
        return code;
    }
}
