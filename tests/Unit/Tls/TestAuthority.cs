using System;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IntercomAgent.Crypto.Certificates;

namespace IntercomAgent.Tests.Unit.Tls;

/// <summary>An authority of another implementation, which gives out certificates.</summary>
internal sealed class TestAuthority : IDisposable
{
    /// <summary>The present of all tests, in seconds since 1970.</summary>
    public const long Now = TlsPair.Now;

    private static readonly DateTimeOffset Present = DateTimeOffset.FromUnixTimeSeconds(Now);

    private readonly X509Certificate2 _certificate;

    private TestAuthority(X509Certificate2 certificate) => _certificate = certificate;

    /// <summary>What a person would put into the file of authorities.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    public TrustAnchors Anchors => TrustAnchors.TryReadPem(Pem, out _)!;

    public byte[] Encoded => _certificate.RawData;

    /// <summary>A key that is not ours and certifies itself.</summary>
    public static TestAuthority Create(string name = "CN=Authority", AsymmetricAlgorithm? key = null)
    {
        using ECDsa usual = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = Request(name, key ?? usual);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        return new TestAuthority(request.CreateSelfSigned(Present.AddYears(-1), Present.AddYears(20)));
    }

    /// <summary>An authority below this one.</summary>
    public TestAuthority Delegate(string name, Action<CertificateRequest>? change = null, bool isAuthority = true)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        change?.Invoke(request);
        using X509Certificate2 certificate = Sign(request, Present.AddDays(-1), Present.AddYears(10));
        return new TestAuthority(certificate.CopyWithPrivateKey(key));
    }

    /// <summary>A certificate and its key as PEM.</summary>
    public (string Certificate, string Key) Issue(
        Action<SubjectAlternativeNameBuilder>? names = null,
        Action<CertificateRequest>? change = null,
        AsymmetricAlgorithm? key = null,
        string subject = "CN=ignored.example.com",
        int firstDay = -1,
        int lastDay = 365)
    {
        using ECDsa usual = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        AsymmetricAlgorithm used = key ?? usual;
        CertificateRequest request = Request(subject, used);
        if (names is not null)
        {
            SubjectAlternativeNameBuilder builder = new();
            names(builder);
            request.CertificateExtensions.Add(builder.Build());
        }

        change?.Invoke(request);
        using X509Certificate2 certificate = Sign(request, Present.AddDays(firstDay), Present.AddDays(lastDay));
        return (certificate.ExportCertificatePem(), used.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>An identity for a DNS name.</summary>
    public TlsIdentity IssueIdentity(string name, AsymmetricAlgorithm? key = null, int firstDay = -1, int lastDay = 365) =>
        Identity(Issue(names => names.AddDnsName(name), key: key, firstDay: firstDay, lastDay: lastDay));

    /// <summary>Reads what was issued.</summary>
    public static TlsIdentity Identity((string Certificate, string Key) issued) =>
        TlsIdentity.TryReadPem(issued.Certificate, issued.Key, out string? problem) ?? throw new InvalidOperationException(problem);

    public void Dispose() => _certificate.Dispose();

    public static void AddUri(SubjectAlternativeNameBuilder names, string uri) => names.AddUri(new Uri(uri));

    public static void AddAddress(SubjectAlternativeNameBuilder names, string address) => names.AddIpAddress(IPAddress.Parse(address));

    private static CertificateRequest Request(string name, AsymmetricAlgorithm key) => key is RSA rsa
        ? new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : new CertificateRequest(name, (ECDsa)key, HashAlgorithmName.SHA256);

    private X509Certificate2 Sign(CertificateRequest request, DateTimeOffset first, DateTimeOffset last)
    {
        byte[] serial = RandomNumberGenerator.GetBytes(8);
        serial[0] &= 0x7F;
        X509SignatureGenerator generator = _certificate.GetRSAPrivateKey() is { } rsa
            ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
            : X509SignatureGenerator.CreateForECDsa(_certificate.GetECDsaPrivateKey()!);
        return request.Create(_certificate.SubjectName, generator, first, last, serial);
    }
}
