using System;
using System.Security.Cryptography;
using System.Text;
using IntercomAgent.Crypto.Certificates;
using Xunit;

namespace IntercomAgent.Tests.Unit.Certificates;

public sealed class EcdsaPrivateKeyTests
{
    /// <summary>RFC 6979 appendix A.2.5: signatures with P-256 and SHA-256.</summary>
    [Theory]
    [InlineData(
        "sample",
        "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
        "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8")]
    [InlineData(
        "test",
        "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367",
        "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083")]
    public void The_published_signatures_are_made(string text, string r, string s)
    {
        using ECDsa published = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = Convert.FromHexString("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"),
            Q = new ECPoint
            {
                X = Convert.FromHexString("60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"),
                Y = Convert.FromHexString("7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"),
            },
        });
        EcdsaPrivateKey key = EcdsaPrivateKey.TryRead(published.ExportPkcs8PrivateKey())!;

        byte[] signature = key.Sign(Encoding.ASCII.GetBytes(text));

        Assert.Equal(published.ExportSubjectPublicKeyInfo().AsSpan(^65), key.PublicKey);
        Assert.Equal(Der(r, s), Convert.ToHexString(signature));
    }

    [Fact]
    public void Another_implementation_reads_the_key_and_verifies_what_it_signs()
    {
        for (int seed = 1; seed <= 50; seed++)
        {
            EcdsaPrivateKey key = EcdsaPrivateKey.Generate(new SeededRandom(seed));
            using ECDsa other = ECDsa.Create();
            byte[] encoded = key.ToPkcs8();
            other.ImportPkcs8PrivateKey(encoded, out int length);

            Assert.Equal(encoded.Length, length);
            Assert.Equal(other.ExportSubjectPublicKeyInfo().AsSpan(^65), key.PublicKey);
            Assert.True(
                other.VerifyData(encoded, key.Sign(encoded), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
                $"seed {seed}");
        }
    }

    [Fact]
    public void Numbers_that_are_no_private_keys_are_drawn_again()
    {
        byte[] order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
        byte[] below = [.. order[..^1], 0x50];
        FixedNumbers random = new([new byte[32], order, below]);

        EcdsaPrivateKey key = EcdsaPrivateKey.Generate(random);

        Assert.True(random.AreUsedUp);

        // The order less 1 is the generator's negative, which has the same x (SEC 2 section 2.4.2).
        Assert.Equal(
            "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296", Convert.ToHexString(key.PublicKey[1..33]));
    }

    private static string Der(string r, string s) => $"30{LengthOf(r) + LengthOf(s) + 4:X2}{Integer(r)}{Integer(s)}";

    // A leading zero keeps a number positive whose first bit is set.
    private static string Integer(string number) => $"02{LengthOf(number):X2}{(LengthOf(number) == 33 ? "00" : string.Empty)}{number}";

    private static int LengthOf(string number) => number[0] >= '8' ? 33 : 32;

    private sealed class FixedNumbers(byte[][] numbers) : Crypto.Wire.IRandomSource
    {
        private int _used;

        public bool AreUsedUp => _used == numbers.Length;

        public void Fill(Span<byte> destination) => numbers[_used++].CopyTo(destination);
    }
}
