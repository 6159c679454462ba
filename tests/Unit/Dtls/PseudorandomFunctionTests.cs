using System;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Primitives;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dtls;

public sealed class PseudorandomFunctionTests
{
    // The vectors that the TLS working group's mailing list agreed on for TLS 1.2
    // (https://mailarchive.ietf.org/arch/msg/tls/fzVCzk-z3FShgGJ6DOXqM1ydxms).
    [Fact]
    public void The_vector_for_SHA_256_comes_out()
    {
        byte[] output = new byte[100];
        using PseudorandomFunction function = new(DigestAlgorithm.Sha256, Convert.FromHexString("9bbe436ba940f017b17652849a71db35"));
        function.Expand(
            "test label"u8,
            Convert.FromHexString("a0ba9f936cda311827a6f796ffd5198c"),
            [],
            output);

        Assert.Equal(
            "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af"
            + "0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701"
            + "87347b66",
            Convert.ToHexStringLower(output));
    }

    [Fact]
    public void The_vector_for_SHA_384_comes_out()
    {
        byte[] output = new byte[148];
        using PseudorandomFunction function = new(DigestAlgorithm.Sha384, Convert.FromHexString("b80b733d6ceefcdc71566ea48e5567df"));
        function.Expand(
            "test label"u8,
            Convert.FromHexString("cd665cf6a8447dd6ff8b27555edb7465"),
            [],
            output);

        Assert.Equal(
            "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0"
            + "e534cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d918425"
            + "9b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e0990703d73e56f",
            Convert.ToHexStringLower(output));
    }

    [Fact]
    public void A_seed_in_two_parts_is_one_seed()
    {
        byte[] whole = new byte[40];
        byte[] parts = new byte[40];
        using PseudorandomFunction function = new(DigestAlgorithm.Sha256, [1, 2]);
        function.Expand("x"u8, [3, 4, 5], [], whole);
        function.Expand("x"u8, [3], [4, 5], parts);

        Assert.Equal(whole, parts);
    }
}
