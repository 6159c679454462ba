using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IntercomAgent.Crypto.Certificates;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
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

    [Theory]
    [InlineData(2048)]
    [InlineData(3072)]
    public void Rsa_verifies_with_each_padding_and_hash_and_nothing_else_does(int bits)
    {
        using RSA key = RSA.Create(bits);
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

    // With 2049 bits the message of PSS is a byte shorter than the modulus, with 2050 it has one bit of the first byte.
    [Theory]
    [InlineData(2049)]
    [InlineData(2050)]
    public void Rsa_verifies_when_the_modulus_is_no_whole_number_of_bytes(int bits)
    {
        SecureRandom random = SecureRandom.GetInstance("SHA256PRNG", autoSeed: false);
        random.SetSeed(bits);
        RsaKeyPairGenerator generator = new();
        generator.Init(new RsaKeyGenerationParameters(BigInteger.ValueOf(65537), random, bits, certainty: 100));
        AsymmetricCipherKeyPair keys = generator.GenerateKeyPair();
        PssSigner signer = new(new RsaEngine(), new Sha256Digest(), saltLen: 32);
        signer.Init(true, new ParametersWithRandom(keys.Private, random));
        signer.BlockUpdate(Data, 0, Data.Length);

        PeerPublicKey read = RsaPublicKey.Read(SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(keys.Public))!;

        AssertVerifies(read, SignatureScheme.RsaPssRsaeSha256, signer.GenerateSignature());
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
        byte[] point = EcdsaPrivateKey.Generate(new SeededRandom(1)).PublicKey.ToArray();
        AlgorithmIdentifier spelledOut = new(X9ObjectIdentifiers.IdECPublicKey, CustomNamedCurves.GetByName("P-256").ToAsn1Object());
        Assert.Null(EcdsaPublicKey.Read(new SubjectPublicKeyInfo(spelledOut, point)));
        Assert.NotNull(EcdsaPublicKey.Read(new SubjectPublicKeyInfo(EcdsaPrivateKey.Algorithm, point)));
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
