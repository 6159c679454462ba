using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Tests.Unit.Dtls;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Xunit;

namespace IntercomAgent.Tests.Unit.Certificates;

/// <summary>Certificates and signatures of another implementation.</summary>
public sealed class PeerPublicKeyTests
{
    private static readonly byte[] Data = [1, 2, 3, 4];

    [Theory]
    [InlineData("nistP256")]
    [InlineData("nistP384")]
    public void Ecdsa_verifies_with_each_hash_and_nothing_else_does(string curve)
    {
        using ECDsa key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        PeerPublicKey read = PeerPublicKey.TryRead(Certificate(new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256)))!;
        Assert.True(read.IsEcdsa);
        foreach ((SignatureScheme scheme, HashAlgorithmName hash) in new[]
        {
            (SignatureScheme.EcdsaSecp256r1Sha256, HashAlgorithmName.SHA256),
            (SignatureScheme.EcdsaSecp384r1Sha384, HashAlgorithmName.SHA384),
            (SignatureScheme.EcdsaSecp521r1Sha512, HashAlgorithmName.SHA512),
        })
        {
            AssertVerifies(read, scheme, key.SignData(Data, hash, DSASignatureFormat.Rfc3279DerSequence));
        }
    }

    [Fact]
    public void Rsa_verifies_with_each_padding_and_hash_and_nothing_else_does()
    {
        using RSA key = RSA.Create(2048);
        PeerPublicKey read = PeerPublicKey.TryRead(
            Certificate(new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)))!;
        Assert.False(read.IsEcdsa);
        foreach ((SignatureScheme scheme, HashAlgorithmName hash, RSASignaturePadding padding) in new[]
        {
            (SignatureScheme.RsaPkcs1Sha256, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            (SignatureScheme.RsaPkcs1Sha384, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
            (SignatureScheme.RsaPkcs1Sha512, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
            (SignatureScheme.RsaPssRsaeSha256, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            (SignatureScheme.RsaPssRsaeSha384, HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
            (SignatureScheme.RsaPssRsaeSha512, HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
        })
        {
            AssertVerifies(read, scheme, key.SignData(Data, hash, padding));
        }
    }

    [Fact]
    public void Keys_that_are_too_small_or_on_a_curve_of_ones_own_are_refused()
    {
        using RSA small = RSA.Create(1024);
        Assert.Null(PeerPublicKey.TryRead(
            Certificate(new CertificateRequest("CN=x", small, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))));

        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        Assert.Null(PeerPublicKey.TryRead(Certificate(new CertificateRequest("CN=x", other, HashAlgorithmName.SHA256))));

        // Even the parameters of P-256 itself, when they are spelled out.
        ECKeyPairGenerator generator = new();
        ECDomainParameters spelledOut = new(CustomNamedCurves.GetByName("P-256"));
        generator.Init(new ECKeyGenerationParameters(spelledOut, BouncyCastleRandom.From(new SeededRandom(1))));
        Assert.Null(PeerPublicKey.TryRead(SelfSignedCertificate.Build(generator.GenerateKeyPair(), new SeededRandom(2), 0)));
    }

    [Fact]
    public void Cut_changed_and_invented_certificates_never_throw()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] certificate = Certificate(new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256));
        for (int length = 0; length < certificate.Length; length++)
        {
            Assert.Null(PeerPublicKey.TryRead(certificate.AsSpan(0, length)));
            byte[] changed = (byte[])certificate.Clone();
            changed[length] ^= (byte)(1 << (length % 8));
            _ = PeerPublicKey.TryRead(changed);
        }

        const int Seed = 8122;
        Random random = new(Seed);
        for (int count = 0; count < 500; count++)
        {
            byte[] noise = new byte[random.Next(0, 400)];
            random.NextBytes(noise);
            Assert.True(PeerPublicKey.TryRead(noise) is null, $"seed {Seed}, step {count}");
        }
    }

    private static byte[] Certificate(CertificateRequest request)
    {
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1));
        return certificate.RawData;
    }

    // True for just this scheme, and false for a changed or cut signature and for other data.
    private static void AssertVerifies(PeerPublicKey key, SignatureScheme scheme, byte[] signature)
    {
        foreach (SignatureScheme other in SignatureSchemeParameters.Accepted)
        {
            Assert.True(key.Verify(other, Data, signature) == (other == scheme), $"{scheme} as {other}");
        }

        Assert.False(key.Verify(scheme, [1, 2, 3], signature));
        for (int index = 0; index < signature.Length; index += 5)
        {
            byte[] changed = (byte[])signature.Clone();
            changed[index] ^= 0x10;
            Assert.False(key.Verify(scheme, Data, changed));
            Assert.False(key.Verify(scheme, Data, signature.AsSpan(0, index)));
        }
    }
}
