using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>
/// What this station proves itself with over TLS: a key, the certificate over it, and those of the authorities above that.
/// </summary>
public sealed class TlsIdentity
{
    private readonly byte[][] _certificates;

    private TlsIdentity(SigningKey key, byte[][] certificates)
    {
        Key = key;
        _certificates = certificates;
    }

    /// <summary>The certificates in DER, ours first.</summary>
    public IReadOnlyList<byte[]> Certificates => _certificates;

    /// <summary>Whom our certificate is for.</summary>
    public CertificateNames Names => PathCertificate.TryRead(_certificates[0])!.Names;

    /// <summary>The last moment at which our certificate holds, in seconds since 1970.</summary>
    public long NotAfter => PathCertificate.TryRead(_certificates[0])!.NotAfter;

    /// <summary>The bits of an RSA key; 0 for one of ECDSA.</summary>
    public int RsaBits => Key is RsaPrivateKey rsa ? rsa.Bits : 0;

    /// <summary>The key.</summary>
    internal SigningKey Key { get; }

    /// <summary>
    /// Reads the two files of an authority: the certificates, ours first, and the private key (PKCS #8, or as OpenSSL wrote it before,
    /// RFC 5915 and RFC 8017; not encrypted). Null when they are none or no pair, with a problem that a person can act on and that tells
    /// nothing of the key.
    /// </summary>
    public static TlsIdentity? TryReadPem(ReadOnlySpan<char> certificatePem, ReadOnlySpan<char> keyPem, out string? problem)
    {
        List<byte[]> certificates = ReadCertificates(certificatePem);
        if (certificates.Count is 0 or > CertificatePath.MaximumLength)
        {
            problem = certificates.Count == 0
                ? "the certificate file has no block 'CERTIFICATE'"
                : $"the certificate file has more than {CertificatePath.MaximumLength} certificates";
            return null;
        }

        if (ReadKey(keyPem) is not { } key)
        {
            problem = "the key file has no P-256 key and no RSA key of 2048 or 3072 bits that is not encrypted";
            return null;
        }

        bool isPair = PathCertificate.TryRead(certificates[0])?.ReadKey() is { } publicKey && key.IsPairOf(publicKey);
        problem = isPair ? null : "the first certificate of the certificate file does not belong to the key of the key file";
        return isPair ? new TlsIdentity(key, [.. certificates]) : null;
    }

    private static List<byte[]> ReadCertificates(ReadOnlySpan<char> pem)
    {
        List<byte[]> certificates = [];
        PemBlocks blocks = new(pem);
        while (blocks.TryTake(out ReadOnlySpan<char> label, out byte[] content))
        {
            if (label is "CERTIFICATE")
            {
                certificates.Add(content);
            }
        }

        return certificates;
    }

    private static SigningKey? ReadKey(ReadOnlySpan<char> pem)
    {
        PemBlocks blocks = new(pem);
        SigningKey? key = null;
        while (key is null && blocks.TryTake(out ReadOnlySpan<char> label, out byte[] content))
        {
            byte[] pkcs8 = label switch
            {
                "PRIVATE KEY" => content,
                "EC PRIVATE KEY" => Wrap(EcdsaPrivateKey.Algorithm, content),
                "RSA PRIVATE KEY" => Wrap(new AlgorithmIdentifier(PkcsObjectIdentifiers.RsaEncryption, DerNull.Instance), content),
                _ => [],
            };
            key = (SigningKey?)EcdsaPrivateKey.TryRead(pkcs8) ?? RsaPrivateKey.TryRead(pkcs8);
            CryptographicOperations.ZeroMemory(content);
            CryptographicOperations.ZeroMemory(pkcs8);
        }

        return key;
    }

    // The older forms are what PKCS #8 wraps.
    private static byte[] Wrap(AlgorithmIdentifier algorithm, byte[] content)
    {
        try
        {
            return new PrivateKeyInfo(algorithm, Asn1Object.FromByteArray(content)).GetEncoded(Asn1Encodable.Der);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // BouncyCastle's decoder says "this is no key" with whatever exception the broken part leads to.
            return [];
        }
    }
}
