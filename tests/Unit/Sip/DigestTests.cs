using System;
using System.Text;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>Digest authentication: the published vectors, and which challenges are answered.</summary>
public sealed class DigestTests
{
    private const string Rfc7616Nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
    private const string Rfc7616ClientNonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

    [Theory]
    [InlineData("MD5", "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    public void Gives_the_responses_of_RFC_7616_section_3_9_1(string algorithm, string expected)
    {
        DigestChallenge challenge = Read(
            $"Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, nonce=\"{Rfc7616Nonce}\", "
            + "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
        Assert.Equal(expected, Compute(challenge, "Circle of Life", Rfc7616ClientNonce));
    }

    // The RFC's own numbers are those of another hash; these are the ones of its erratum 4897.
    [Fact]
    public void Gives_the_response_of_RFC_7616_section_3_9_2()
    {
        DigestChallenge challenge = Read(
            "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", "
            + "opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", charset=UTF-8, userhash=true");
        Assert.True(challenge.HidesUser);
        byte[] response = DigestResponse.Compute(
            challenge, "Jäsøn Doe"u8, "Secret, or not?"u8, "GET"u8, "/doe.json"u8, "00000001"u8, "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v"u8, default);
        Assert.Equal("3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5", Encoding.ASCII.GetString(response));
        Assert.Equal(
            "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b",
            Encoding.ASCII.GetString(DigestResponse.Hash(challenge.Algorithm, "Jäsøn Doe:api@example.org"u8)));
    }

    [Fact]
    public void Protects_the_body_where_nothing_less_will_do()
    {
        DigestChallenge challenge = Read("Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"");
        byte[] response = DigestResponse.Compute(challenge, "u"u8, "p"u8, "INVITE"u8, "sip:a@b"u8, "00000001"u8, "c"u8, "offer"u8);
        Assert.Equal(
            Md5($"{Md5("u:r:p")}:n:00000001:c:auth-int:{Md5($"INVITE:sip:a@b:{Md5("offer")}")}"), Encoding.ASCII.GetString(response));
    }

    [Fact]
    public void Gives_the_response_of_RFC_2617_section_3_5()
    {
        DigestChallenge challenge = Read(
            "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", "
            + "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"");
        Assert.Equal("6629fae49393a05397450978507c4ef1", Compute(challenge, "Circle Of Life", "0a4f113b"));
    }

    [Fact]
    public void Knows_the_legacy_form_without_qop_and_the_session_form()
    {
        DigestChallenge legacy = Read("Digest realm=\"r\", nonce=\"n\"");
        Assert.Equal(Md5($"{Md5("Mufasa:r:p")}:n:{Md5("GET:/dir/index.html")}"), Compute(legacy, "p", "c"));
        DigestChallenge session = Read("Digest realm=\"r\", nonce=\"n\", algorithm=MD5-sess, qop=auth");
        Assert.Equal(
            Md5($"{Md5(Md5("Mufasa:r:p") + ":n:c")}:n:00000001:c:auth:{Md5("GET:/dir/index.html")}"), Compute(session, "p", "c"));
    }

    [Theory]
    [InlineData("Basic realm=\"r\"")]
    [InlineData("Digest realm=\"r\"")]
    [InlineData("Digest nonce=\"n\"")]
    [InlineData("Digest realm=\"r\", nonce=\"n\", algorithm=SHA-512")]
    [InlineData("Digest realm=\"r\", nonce=\"n\", qop=\"auth-conf\"")]
    [InlineData("Digest realm=\"r\", nonce=\"n\r\n x\"")]
    [InlineData("Digest")]
    public void Ignores_challenges_that_it_does_not_support(string challenge) =>
        Assert.False(DigestChallenge.TryRead(Encoding.ASCII.GetBytes(challenge), false, out _));

    private static DigestChallenge Read(string text)
    {
        Assert.True(DigestChallenge.TryRead(Encoding.ASCII.GetBytes(text), false, out DigestChallenge challenge));
        DigestAlgorithm expected = text.Contains("SHA-512-256") ? DigestAlgorithm.Sha512Truncated256
            : text.Contains("SHA-256") ? DigestAlgorithm.Sha256
            : DigestAlgorithm.Md5;
        Assert.Equal(expected, challenge.Algorithm);
        return challenge;
    }

    private static string Compute(DigestChallenge challenge, string password, string clientNonce) => Encoding.ASCII.GetString(
        DigestResponse.Compute(
            challenge,
            "Mufasa"u8,
            Encoding.ASCII.GetBytes(password),
            "GET"u8,
            "/dir/index.html"u8,
            "00000001"u8,
            Encoding.ASCII.GetBytes(clientNonce),
            default));

    private static string Md5(string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(Encoding.ASCII.GetBytes(text)));
}
