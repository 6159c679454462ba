using System;
using System.Security.Cryptography;
using System.Text;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Primitives;
using Xunit;

namespace IntercomAgent.Tests.Unit.Certificates;

public sealed class CertificateFingerprintTests
{
    private static readonly byte[] Certificate = Encoding.ASCII.GetBytes("any bytes stand for a certificate here");

    [Theory]
    [InlineData(DigestAlgorithm.Sha256, "sha-256")]
    [InlineData(DigestAlgorithm.Sha384, "sha-384")]
    [InlineData(DigestAlgorithm.Sha512, "sha-512")]
    public void Reads_what_it_wrote_and_matches_the_certificate(DigestAlgorithm algorithm, string name)
    {
        CertificateFingerprint fingerprint = CertificateFingerprint.Compute(Certificate, algorithm);

        Assert.StartsWith(name + " ", fingerprint.ToString());
        CertificateFingerprint? read = CertificateFingerprint.Parse(Encoding.ASCII.GetBytes(fingerprint.ToString().ToLowerInvariant()));
        Assert.Equal(fingerprint, read);
        Assert.True(read!.Matches(Certificate));
        Assert.False(read.Matches(Certificate.AsSpan(1)));
    }

    [Fact]
    public void Agrees_with_another_implementation_of_the_hash()
    {
        string expected = "sha-256 " + BitConverter.ToString(SHA256.HashData(Certificate)).Replace('-', ':');
        Assert.Equal(expected, CertificateFingerprint.Compute(Certificate).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha-256")]
    [InlineData("sha-256 ")]
    [InlineData("sha-256 00:11")]
    [InlineData("sha-1 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33")]
    [InlineData("sha-256 00-11-22-33-44-55-66-77-88-99-AA-BB-CC-DD-EE-FF-00-11-22-33-44-55-66-77-88-99-AA-BB-CC-DD-EE-FF")]
    [InlineData("sha-256 0G:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF")]
    public void Refuses_what_is_no_fingerprint_of_a_strong_hash(string value) =>
        Assert.Null(CertificateFingerprint.Parse(Encoding.ASCII.GetBytes(value)));
}
