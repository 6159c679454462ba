using System;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Dtls;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dtls;

public sealed class KeyShareTests
{
    [Theory]
    [InlineData((int)NamedGroup.X25519, 32, 32)]
    [InlineData((int)NamedGroup.Secp256r1, 65, 32)]
    [InlineData((int)NamedGroup.Secp384r1, 97, 48)]
    public void Two_sides_agree_on_a_secret(int group, int publicLength, int secretLength)
    {
        KeyShare left = KeyShare.Generate((NamedGroup)group, new SeededRandom(1));
        KeyShare right = KeyShare.Generate((NamedGroup)group, new SeededRandom(2));

        byte[]? secret = left.Agree(right.PublicKey);

        Assert.Equal(publicLength, left.PublicKey.Length);
        Assert.Equal(secretLength, secret!.Length);
        Assert.Equal(secret, right.Agree(left.PublicKey));
    }

    [Fact]
    public void Another_implementation_agrees_on_the_same_secret_with_its_leading_zeros()
    {
        // One secret in 256 begins with a zero, which RFC 8422 section 5.10 keeps.
        using ECDiffieHellman other = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        ECParameters otherKey = other.ExportParameters(false);
        byte[] otherPublic = [4, .. otherKey.Q.X!, .. otherKey.Q.Y!];
        int zeros = 0;
        for (int seed = 1; seed <= 2000 && zeros == 0; seed++)
        {
            KeyShare own = KeyShare.Generate(NamedGroup.Secp256r1, new SeededRandom(seed));
            using ECDiffieHellman ownKey = ECDiffieHellman.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = own.PublicKey[1..33], Y = own.PublicKey[33..] },
            });
            using ECDiffieHellmanPublicKey ownPublic = ownKey.PublicKey;
            byte[] secret = own.Agree(otherPublic)!;
            Assert.Equal(other.DeriveRawSecretAgreement(ownPublic), secret);
            zeros += secret[0] == 0 ? 1 : 0;
        }

        Assert.True(zeros > 0);
    }

    [Fact]
    public void What_is_no_key_of_the_curve_is_refused()
    {
        // The zero point and the point of order 2, and wrong lengths (RFC 7748 section 6.1).
        byte[] one = new byte[32];
        one[0] = 1;
        Assert.Null(X25519().Agree(new byte[32]));
        Assert.Null(X25519().Agree(one));
        Assert.Null(X25519().Agree(new byte[31]));
        Assert.Null(X25519().Agree([]));

        KeyShare own = KeyShare.Generate(NamedGroup.Secp256r1, new SeededRandom(1));
        byte[] valid = KeyShare.Generate(NamedGroup.Secp256r1, new SeededRandom(2)).PublicKey;
        byte[] offCurve = (byte[])valid.Clone();
        offCurve[^1] ^= 1;
        byte[] compressed = [2, .. valid[1..33]];
        byte[] hybrid = [6, .. valid[1..]];
        byte[] tooLarge = [4, .. new byte[64]];
        tooLarge.AsSpan(1).Fill(0xFF);
        Assert.Null(own.Agree(offCurve));
        Assert.Null(own.Agree(compressed));
        Assert.Null(own.Agree(hybrid));
        Assert.Null(own.Agree(tooLarge));
        Assert.Null(own.Agree([0]));
        Assert.Null(own.Agree([]));
        Assert.NotNull(own.Agree(valid));
    }

    private static KeyShare X25519() => KeyShare.Generate(NamedGroup.X25519, new SeededRandom(1));
}
