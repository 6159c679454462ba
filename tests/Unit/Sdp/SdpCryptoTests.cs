using System;
using System.Text;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Sdp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sdp;

/// <summary>One line of <c>a=crypto</c>, the examples of RFC 4568 among them.</summary>
public sealed class SdpCryptoTests
{
    private const string Key = "inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";

    [Theory]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR|2^20|1:32", 1, "AES_CM_128_HMAC_SHA1_80")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20|1:32", 1, "AES_CM_128_HMAC_SHA1_80")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_32 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj|2^20|1:32", 1, "AES_CM_128_HMAC_SHA1_32")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2|1066:4", 1, "AES_CM_128_HMAC_SHA1_80")]
    [InlineData(
        "1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4 FEC_ORDER=FEC_SRTP", 1, "AES_CM_128_HMAC_SHA1_80")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR|2^20|1:4", 1, "AES_CM_128_HMAC_SHA1_80")]
    public void The_examples_of_RFC_4568_are_read(string value, int tag, string suite)
    {
        using SdpCrypto? crypto = Read(value);

        Assert.Equal((tag, suite), (crypto?.Tag, crypto?.Key?.Profile.SuiteName));
    }

    [Fact]
    public void Its_example_with_another_cipher_and_two_keys_is_none_of_ours() => Assert.True(Read(
        "2 F8_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5QUJjZGVm|2^20|1:4;"
        + "inline:QUJjZGVmMTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5|2^20|2:4 FEC_ORDER=FEC_SRTP") is { Tag: 2, Key: null });

    [Theory]
    [InlineData("7 AEAD_AES_128_GCM inline:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==", "AEAD_AES_128_GCM")]
    [InlineData("8 AEAD_AES_256_GCM inline:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "AEAD_AES_256_GCM")]
    [InlineData("123456789 aes_cm_128_hmac_sha1_32 INLINE:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR", "AES_CM_128_HMAC_SHA1_32")]
    [InlineData("0 \t AES_CM_128_HMAC_SHA1_80  \t" + Key + " ", "AES_CM_128_HMAC_SHA1_80")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 " + Key + "|1048576", "AES_CM_128_HMAC_SHA1_80")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 " + Key + "|281474976710656", "AES_CM_128_HMAC_SHA1_80")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 " + Key + "|2^48|1:1", "AES_CM_128_HMAC_SHA1_80")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 " + Key + "|255:1", "AES_CM_128_HMAC_SHA1_80")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 " + Key + "|1:128", "AES_CM_128_HMAC_SHA1_80")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 " + Key + " WSH=64 -new=5 fec_order=srtp_fec", "AES_CM_128_HMAC_SHA1_80")]
    public void So_is_whatever_its_grammar_allows_and_we_can_do(string value, string suite) =>
        Assert.Equal(suite, Read(value)?.Key?.Profile.SuiteName);

    [Theory]
    [InlineData("AES_192_CM_HMAC_SHA1_80 " + Key)]
    [InlineData("AES_CM_128_HMAC_SHA1_8 " + Key)]
    [InlineData("AES_CM_128_HMAC_SHA1_80")]
    [InlineData("")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 uri:https://example.org/key")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 inline:")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 inline")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + ";" + Key)]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|2^19")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|2^49")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|2^020")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|2^99999999999999999999")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|2^")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|0")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|1048575")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|281474976710657")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|9223372036854775808")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|-1")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|1:0")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|1:129")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|0:1")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|01:1")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|256:1")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|:1")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|1:4|2^20")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|2^20|1:4|")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + "|2^20|1:4|5")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + " UNENCRYPTED_SRTP")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + " UNENCRYPTED_SRTCP")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + " UNAUTHENTICATED_SRTP")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + " WSH=64 unencrypted_srtp")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + " KDR=1")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + " WSH=63")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + " FEC_KEY=" + Key)]
    [InlineData("AES_CM_128_HMAC_SHA1_80 " + Key + " SOMETHING_NEW")]
    [InlineData("AEAD_AES_128_GCM " + Key)]
    public void What_breaks_a_rule_or_asks_for_less_than_we_do_has_no_key(string rest) =>
        Assert.True(Read("1 " + rest) is { Tag: 1, Key: null });

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("1234567890")]
    [InlineData("-1")]
    [InlineData("a")]
    public void Without_a_tag_it_is_nothing(string tag) => Assert.Null(Read($"{tag} AES_CM_128_HMAC_SHA1_80 {Key}"));

    [Fact]
    public void Noise_is_read_or_refused()
    {
        byte[] alphabet = Encoding.ASCII.GetBytes("0129 \t|:;=^+/-_aAzZ");
        for (int seed = 1; seed <= 20_000; seed++)
        {
            Random random = new(seed);
            byte[] value = Encoding.ASCII.GetBytes("1 AES_CM_128_HMAC_SHA1_80 " + Key + "|2^20|1:4 WSH=64");
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                value[random.Next(value.Length)] = random.Next(4) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
            }

            using SdpCrypto? crypto = SdpCrypto.Read(value.AsSpan(random.Next(3)));
            Assert.True(crypto is null || crypto.Tag is >= 0 and < 1_000_000_000, $"seed {seed}");
        }
    }

    private static SdpCrypto? Read(string value) => SdpCrypto.Read(Encoding.ASCII.GetBytes(value));
}
