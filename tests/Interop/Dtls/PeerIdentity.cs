using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IntercomAgent.Crypto.Certificates;

namespace IntercomAgent.Tests.Interop.Dtls;

/// <summary>A peer's key and self-signed certificate in a temporary PEM file, made by another implementation than ours.</summary>
internal sealed class PeerIdentity : IDisposable
{
    private PeerIdentity(string certificate, string key, byte[] der)
    {
        PemFile = Path.GetTempFileName();
        File.WriteAllText(PemFile, key + "\n" + certificate + "\n");
        Certificate = der;
    }

    public string PemFile { get; }

    public byte[] Certificate { get; }

    public static PeerIdentity Create(string kind)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        if (kind == "rsa")
        {
            using RSA rsa = RSA.Create(2048);
            CertificateRequest request = new("CN=peer", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
            return new PeerIdentity(certificate.ExportCertificatePem(), rsa.ExportPkcs8PrivateKeyPem(), certificate.RawData);
        }

        using ECDsa ecdsa = ECDsa.Create(kind == "p384" ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256);
        CertificateRequest ecdsaRequest = new("CN=peer", ecdsa, HashAlgorithmName.SHA256);
        using X509Certificate2 ecdsaCertificate = ecdsaRequest.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        return new PeerIdentity(
            ecdsaCertificate.ExportCertificatePem(), ecdsa.ExportPkcs8PrivateKeyPem(), ecdsaCertificate.RawData);
    }

    /// <summary>The fingerprint that signalling would carry.</summary>
    public CertificateFingerprint Fingerprint => CertificateFingerprint.Compute(Certificate);

    public void Dispose() => File.Delete(PemFile);
}
