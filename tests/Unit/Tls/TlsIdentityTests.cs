using System;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Certificates;
using Xunit;

namespace IntercomAgent.Tests.Unit.Tls;

public sealed class TlsIdentityTests : IDisposable
{
    private readonly TestAuthority _authority = TestAuthority.Create();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void The_certificates_and_the_key_are_read_from_two_files()
    {
        (string certificate, string key) = _authority.Issue(names => names.AddDnsName("door.example.com"));

        TlsIdentity? identity = TlsIdentity.TryReadPem($"Some words.\n{certificate}\n{_authority.Pem}\n", key, out string? problem);

        Assert.Null(problem);
        Assert.Equal(2, identity!.Certificates.Count);
        Assert.Equal("door.example.com", identity.Names.ToString());
        Assert.Equal(TestAuthority.Now + (365 * 86_400), identity.NotAfter);
    }

    [Fact]
    public void Keys_in_the_older_forms_are_read_too()
    {
        using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using RSA rsa = RSA.Create(2048);

        Assert.NotNull(TlsIdentity.TryReadPem(_authority.Issue(key: curve).Certificate, curve.ExportECPrivateKeyPem(), out _));
        Assert.NotNull(TlsIdentity.TryReadPem(_authority.Issue(key: rsa).Certificate, rsa.ExportRSAPrivateKeyPem(), out _));

        // What OpenSSL writes before such a key.
        const string Parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
        Assert.NotNull(TlsIdentity.TryReadPem(_authority.Issue(key: curve).Certificate, Parameters + curve.ExportECPrivateKeyPem(), out _));
    }

    [Fact]
    public void What_is_no_pair_is_refused_with_a_problem_that_tells_nothing_of_the_key()
    {
        (string certificate, string key) = _authority.Issue();
        (string _, string otherKey) = _authority.Issue();
        using ECDsa larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using ECDsa any = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string encrypted = any.ExportEncryptedPkcs8PrivateKeyPem(
            "x", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1));

        Assert.Contains("no block", Problem(string.Empty, key), StringComparison.Ordinal);
        Assert.Contains("no block", Problem(key, certificate), StringComparison.Ordinal);
        Assert.Contains("does not belong", Problem(certificate, otherKey), StringComparison.Ordinal);
        Assert.Contains("P-256", Problem(certificate, larger.ExportPkcs8PrivateKeyPem()), StringComparison.Ordinal);
        Assert.Contains("encrypted", Problem(certificate, encrypted), StringComparison.Ordinal);
        Assert.Contains("P-256", Problem(certificate, larger.ExportECPrivateKeyPem()), StringComparison.Ordinal);
    }

    [Fact]
    public void Authorities_are_read_one_or_many_and_none_is_a_problem()
    {
        using TestAuthority second = TestAuthority.Create("CN=Second");
        string broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

        Assert.Equal(2, TrustAnchors.TryReadPem($"# one\n{_authority.Pem}\n# two\n{second.Pem}", out _)!.Count);
        Assert.Null(TrustAnchors.TryReadPem("nothing", out string? nothing));
        Assert.Null(TrustAnchors.TryReadPem(_authority.Pem + "\n" + broken, out string? second2));
        Assert.Equal("it has no block 'CERTIFICATE'", nothing);
        Assert.Equal("its certificate number 2 cannot be read", second2);
    }

    private static string Problem(string certificate, string key)
    {
        Assert.Null(TlsIdentity.TryReadPem(certificate, key, out string? problem));
        return problem!;
    }
}
