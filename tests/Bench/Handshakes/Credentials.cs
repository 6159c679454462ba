using System;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Certificates;

namespace IntercomAgent.Tests.Bench.Handshakes;

/// <summary>A P-256 key and its self-signed certificate, in the forms in which each implementation takes them.</summary>
internal sealed class Credentials
{
    private Credentials(DtlsIdentity identity)
    {
        Identity = identity;
        Certificate = identity.Certificate.ToArray();
        Pkcs8 = ReadKey(identity.ToPem());
    }

    public DtlsIdentity Identity { get; }

    /// <summary>The certificate in DER.</summary>
    public byte[] Certificate { get; }

    /// <summary>The private key in PKCS #8.</summary>
    public byte[] Pkcs8 { get; }

    public static Credentials Create() => new(DtlsIdentity.Create(new SystemRandom(), DateTimeOffset.UtcNow.ToUnixTimeSeconds()));

    // The key is the first block.
    private static byte[] ReadKey(string pem) => Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);
}
