using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IntercomAgent.Crypto.Certificates;
using Xunit;

namespace IntercomAgent.Tests.Unit.Certificates;

public sealed class DtlsIdentityTests
{
    private const long Now = 1_800_000_000;

    private static readonly DtlsIdentity Identity = DtlsIdentity.Create(new SeededRandom(1), Now);

    [Fact]
    public void The_certificate_is_one_that_another_implementation_reads_and_verifies()
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(Identity.Certificate);
        using ECDsa key = certificate.GetECDsaPublicKey()!;

        Assert.Equal("CN=intercom-agent", certificate.Subject);
        Assert.Equal("CN=intercom-agent", certificate.Issuer);
        Assert.Equal("1.2.840.10045.4.3.2", certificate.SignatureAlgorithm.Value);
        Assert.Equal("1.2.840.10045.3.1.7", key.ExportParameters(false).Curve.Oid.Value);
        Assert.True(certificate.NotBefore.ToUniversalTime() < DateTimeOffset.FromUnixTimeSeconds(Now).UtcDateTime);
        Assert.True(certificate.NotAfter.ToUniversalTime() > DateTimeOffset.FromUnixTimeSeconds(Now).UtcDateTime.AddYears(20));

        // Self-signed: the chain of this one certificate, with itself as the root, is valid.
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        _ = chain.ChainPolicy.CustomTrustStore.Add(certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = DateTimeOffset.FromUnixTimeSeconds(Now).UtcDateTime;
        Assert.True(chain.Build(certificate));
    }

    [Fact]
    public void The_fingerprint_is_the_certificates()
    {
        Assert.Equal(CertificateFingerprint.Compute(Identity.Certificate), Identity.Fingerprint);
    }

    [Fact]
    public void The_same_randomness_gives_the_same_identity_and_other_randomness_another()
    {
        Assert.Equal(Identity.ToPem(), DtlsIdentity.Create(new SeededRandom(1), Now).ToPem());
        Assert.NotEqual(Identity.Fingerprint, DtlsIdentity.Create(new SeededRandom(2), Now).Fingerprint);
    }

    [Fact]
    public void What_was_written_is_read_again_and_signs_for_its_certificate()
    {
        DtlsIdentity? read = DtlsIdentity.TryReadPem(Identity.ToPem(), out string? problem);

        Assert.Null(problem);
        Assert.Equal(Identity.Fingerprint, read!.Fingerprint);
        byte[] signature = read.BeginSigning(SignatureScheme.EcdsaSecp256r1Sha256, "text"u8, new SeededRandom(3)).Finish();
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(Identity.Certificate);
        using ECDsa key = certificate.GetECDsaPublicKey()!;
        Assert.True(key.VerifyData("text"u8, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    [Fact]
    public void Another_implementations_pair_is_read()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=other", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(60));

        DtlsIdentity? read = DtlsIdentity.TryReadPem(
            certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem(), out string? problem);

        Assert.Null(problem);
        Assert.Equal(certificate.RawData, read!.Certificate.ToArray());
    }

    [Fact]
    public void What_is_no_pair_is_refused_with_a_problem()
    {
        string pem = Identity.ToPem();
        string other = DtlsIdentity.Create(new SeededRandom(2), Now).ToPem();
        int split = pem.IndexOf("-----BEGIN CERTIFICATE", StringComparison.Ordinal);
        using RSA rsa = RSA.Create(1024);

        Assert.Contains("block", Problem(string.Empty), StringComparison.Ordinal);
        Assert.Contains("block", Problem(pem[..split]), StringComparison.Ordinal);
        Assert.Contains("P-256", Problem(rsa.ExportPkcs8PrivateKeyPem() + "\n" + pem[split..]), StringComparison.Ordinal);
        Assert.Contains(
            "does not belong",
            Problem(pem[..split] + other[other.IndexOf("-----BEGIN CERTIFICATE", StringComparison.Ordinal)..]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_would_fill_many_datagrams_is_refused()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=x", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("1.3.6.1.4.1.99999.1", new byte[1500], critical: false));
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(60));

        Assert.Contains(
            "longer", Problem(certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem()), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_with_a_character_changed_never_throws()
    {
        string pem = Identity.ToPem();
        for (int index = 0; index < pem.Length; index++)
        {
            StringBuilder changed = new(pem);
            changed[index] = changed[index] == 'A' ? 'B' : 'A';
            DtlsIdentity? read = DtlsIdentity.TryReadPem(changed.ToString(), out string? problem);
            Assert.True((read is null) == (problem is not null), $"character {index}");
        }
    }

    private static string Problem(string pem)
    {
        Assert.Null(DtlsIdentity.TryReadPem(pem, out string? problem));
        return problem!;
    }
}
