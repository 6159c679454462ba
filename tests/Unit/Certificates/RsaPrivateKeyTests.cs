using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IntercomAgent.Crypto.Certificates;
using Xunit;

namespace IntercomAgent.Tests.Unit.Certificates;

public sealed class RsaPrivateKeyTests
{
    private static readonly RsaPrivateKey Key = RsaPrivateKey.Generate(new SeededRandom(1));

    [Fact]
    public void A_new_key_is_one_that_another_implementation_takes()
    {
        using RSA other = RSA.Create();
        other.ImportPkcs8PrivateKey(Key.ToPkcs8(), out int read);

        Assert.Equal(Key.ToPkcs8().Length, read);
        Assert.Equal(2048, other.KeySize);
        Assert.True(other.VerifyData("x"u8, other.SignData("x"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pss), HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
    }

    [Theory]
    [InlineData((int)SignatureScheme.RsaPssRsaeSha256)]
    [InlineData((int)SignatureScheme.RsaPkcs1Sha256)]
    public void Another_implementation_verifies_what_it_signs(int scheme)
    {
        using RSA other = RSA.Create();
        other.ImportPkcs8PrivateKey(Key.ToPkcs8(), out _);
        RSASignaturePadding padding = scheme == (int)SignatureScheme.RsaPkcs1Sha256 ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss;
        for (int seed = 1; seed <= 20; seed++)
        {
            byte[] data = new byte[seed];
            byte[] signature = Key.Begin((SignatureScheme)scheme, data, new SeededRandom(seed)).Finish();
            Assert.True(other.VerifyData(data, signature, HashAlgorithmName.SHA256, padding), $"seed {seed}");
        }
    }

    [Fact]
    public void A_signature_of_PKCS_1_does_not_depend_on_what_blinds_it()
    {
        Assert.Equal(
            Key.Begin(SignatureScheme.RsaPkcs1Sha256, "x"u8, new SeededRandom(1)).Finish(),
            Key.Begin(SignatureScheme.RsaPkcs1Sha256, "x"u8, new SeededRandom(2)).Finish());
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(3072)]
    public void Another_implementations_key_is_read_and_signs(int bits)
    {
        using RSA other = RSA.Create(bits);
        RsaPrivateKey? key = RsaPrivateKey.TryRead(other.ExportPkcs8PrivateKey());
        byte[] signature = key!.Begin(SignatureScheme.RsaPssRsaeSha256, "x"u8, new SeededRandom(1)).Finish();

        Assert.True(other.VerifyData("x"u8, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
    }

    [Fact]
    public void What_is_no_key_or_one_of_another_length_is_refused()
    {
        using RSA tooShort = RSA.Create(1024);
        using RSA tooLong = RSA.Create(4096);
        using ECDsa elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Null(RsaPrivateKey.TryRead(tooShort.ExportPkcs8PrivateKey()));
        Assert.Null(RsaPrivateKey.TryRead(tooLong.ExportPkcs8PrivateKey()));
        Assert.Null(RsaPrivateKey.TryRead(elliptic.ExportPkcs8PrivateKey()));
        Assert.Null(RsaPrivateKey.TryRead([]));
    }

    [Fact]
    public void A_key_with_a_byte_changed_is_refused_or_signs_all_the_same()
    {
        // Parts that no signature needs may be wrong: the private exponent, and versions.
        byte[] pkcs8 = Key.ToPkcs8();
        int refused = 0;
        for (int index = 0; index < pkcs8.Length; index += 23)
        {
            byte[] changed = (byte[])pkcs8.Clone();
            changed[index] ^= 0x10;
            if (RsaPrivateKey.TryRead(changed) is { } read)
            {
                byte[] signature = read.Begin(SignatureScheme.RsaPkcs1Sha256, "x"u8, new SeededRandom(1)).Finish();
                Assert.Equal(Key.Begin(SignatureScheme.RsaPkcs1Sha256, "x"u8, new SeededRandom(1)).Finish(), signature);
            }
            else
            {
                refused++;
            }
        }

        Assert.True(refused > pkcs8.Length / 23 / 2);
    }

    [Fact]
    public void Its_certificate_is_one_that_another_implementation_reads_and_its_identity_comes_back()
    {
        DtlsIdentity identity = DtlsIdentity.Create(new SeededRandom(1), 1_800_000_000, CertificateKind.Rsa2048);
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(identity.Certificate);
        using RSA key = certificate.GetRSAPublicKey()!;
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        _ = chain.ChainPolicy.CustomTrustStore.Add(certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000).UtcDateTime;

        Assert.True(chain.Build(certificate));
        Assert.Equal("1.2.840.113549.1.1.11", certificate.SignatureAlgorithm.Value);
        Assert.Equal(2048, key.KeySize);
        DtlsIdentity? read = DtlsIdentity.TryReadPem(identity.ToPem(), out string? problem);
        Assert.Null(problem);
        Assert.Equal((CertificateKind.Rsa2048, identity.Fingerprint), (read!.Kind, read.Fingerprint));
    }
}
