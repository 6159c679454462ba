using System;
using IntercomAgent.Crypto.Primitives;
using Xunit;

namespace IntercomAgent.Tests.Unit.Primitives;

public sealed class AesCounterModeTests
{
    private const string Key128 = "2b7e151628aed2a6abf7158809cf4f3c";
    private const string Key256 = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";

    public static TheoryData<string> BackEnds() => AeadCipherTests.BackEnds();

    /// <summary>FIPS 197 appendices C.1 and C.3.</summary>
    [Theory]
    [MemberData(nameof(BackEnds))]
    public void Encrypts_the_blocks_of_the_standard(string backEnd)
    {
        foreach ((string key, string ciphertext) in ((string, string)[])[
            ("000102030405060708090a0b0c0d0e0f", "69c4e0d86a7b0430d8cdb78070b4c55a"),
            ("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "8ea2b7ca516745bfeafc49904b496089")])
        {
            using AesBlocks blocks = Blocks(key, backEnd);
            byte[] block = Convert.FromHexString("00112233445566778899aabbccddeeff");
            blocks.Encrypt(block);
            Assert.Equal(ciphertext, Hex(block));
        }
    }

    /// <summary>NIST SP 800-38A sections F.5.1 and F.5.5.</summary>
    [Theory]
    [MemberData(nameof(BackEnds))]
    public void Encrypts_the_text_of_SP_800_38A(string backEnd)
    {
        const string Plaintext = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
        foreach ((string key, string ciphertext) in ((string, string)[])[
            (Key128, "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
                + "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee"),
            (Key256, "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
                + "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6")])
        {
            using AesBlocks blocks = Blocks(key, backEnd);
            byte[] text = Convert.FromHexString(Plaintext);
            AesCounterMode.Apply(blocks, Convert.FromHexString("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"), text);
            Assert.Equal(ciphertext, Hex(text));
        }
    }

    /// <summary>RFC 3711 appendix B.2: both ends of a key stream of 65282 blocks.</summary>
    [Theory]
    [MemberData(nameof(BackEnds))]
    public void Gives_the_key_stream_of_RFC_3711(string backEnd)
    {
        using AesBlocks blocks = Blocks(Key128, backEnd);
        byte[] keyStream = new byte[1_044_512];
        AesCounterMode.Apply(blocks, Convert.FromHexString("f0f1f2f3f4f5f6f7f8f9fafbfcfd0000"), keyStream);
        Assert.Equal(
            "e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f7"
            + "2a43a2fe4a5f97ab41e95b3bb0a2e8dd477901e4fca894c0",
            Hex(keyStream[..48]));
        Assert.Equal(
            "ec8cdf7398607cb0f2d21675ea9ea1e4362b7c3c67735163"
            + "18a077d7fc5073ae6a2cc3787889374fbeb4c81b17ba6c44",
            Hex(keyStream[^48..]));
    }

    [Theory]
    [MemberData(nameof(BackEnds))]
    public void The_counter_returns_to_zero_and_carries_nothing(string backEnd)
    {
        using AesBlocks blocks = Blocks(Key128, backEnd);
        byte[] keyStream = new byte[32];
        AesCounterMode.Apply(blocks, Convert.FromHexString("000000000000000000000000ffffffff"), keyStream);
        byte[] zero = new byte[16];
        blocks.Encrypt(zero);
        Assert.Equal(Hex(zero), Hex(keyStream[16..]));
    }

    [Theory]
    [MemberData(nameof(BackEnds))]
    public void A_disposed_key_encrypts_no_more(string backEnd)
    {
        AesBlocks blocks = Blocks(Key128, backEnd);
        byte[] before = new byte[16];
        byte[] after = new byte[16];
        blocks.Encrypt(before);
        blocks.Dispose();
        blocks.Dispose();
        blocks.Encrypt(after);
        Assert.NotEqual(Hex(before), Hex(after));
    }

    private static AesBlocks Blocks(string key, string backEnd) =>
        AesBlocks.Create(Convert.FromHexString(key), Enum.Parse<AesBackEnd>(backEnd));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
