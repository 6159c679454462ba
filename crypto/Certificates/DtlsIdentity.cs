using System;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>
/// What this station proves itself with to its media peers: a P-256 key and the self-signed certificate over it. SDP carries the
/// certificate's fingerprint; the station keeps one identity for its whole life.
/// </summary>
public sealed class DtlsIdentity
{
    /// <summary>Ours has some 350 bytes. One from elsewhere may say more, but not so much that a flight needs many datagrams.</summary>
    internal const int MaximumCertificateLength = 1536;

    private const string KeyLabel = "PRIVATE KEY";
    private const string CertificateLabel = "CERTIFICATE";

    private readonly EcdsaPrivateKey _key;
    private readonly byte[] _certificate;

    private DtlsIdentity(EcdsaPrivateKey key, byte[] certificate)
    {
        _key = key;
        _certificate = certificate;
        Fingerprint = CertificateFingerprint.Compute(certificate);
    }

    /// <summary>The certificate in DER.</summary>
    public ReadOnlySpan<byte> Certificate => _certificate;

    /// <summary>The certificate's SHA-256 fingerprint, as our SDP announces it.</summary>
    public CertificateFingerprint Fingerprint { get; }

    /// <summary>Makes a new identity; takes as long as two public-key operations.</summary>
    /// <param name="random">Gives key and serial number.</param>
    /// <param name="unixTimeSeconds">
    /// The present in seconds since 1970, for the certificate's dates, which no peer of ours depends on.
    /// </param>
    public static DtlsIdentity Create(IRandomSource random, long unixTimeSeconds)
    {
        EcdsaPrivateKey key = EcdsaPrivateKey.Generate(random);
        return new DtlsIdentity(key, SelfSignedCertificate.Build(key, random, unixTimeSeconds));
    }

    /// <summary>
    /// Reads what <see cref="ToPem"/> wrote, or another pair of a P-256 key in PKCS #8 and its certificate. Null when the text is no
    /// such pair, with a <paramref name="problem"/> that a person can act on and that tells nothing of the key.
    /// </summary>
    public static DtlsIdentity? TryReadPem(ReadOnlySpan<char> pem, out string? problem)
    {
        if (FindBlock(pem, KeyLabel) is not { } keyBytes || FindBlock(pem, CertificateLabel) is not { } certificate)
        {
            problem = $"it needs one block '{KeyLabel}' and one block '{CertificateLabel}'";
            return null;
        }

        EcdsaPrivateKey? key = EcdsaPrivateKey.TryRead(keyBytes);
        CryptographicOperations.ZeroMemory(keyBytes);
        if (key is null)
        {
            problem = "its private key is not a P-256 key in PKCS #8";
            return null;
        }

        if (PeerPublicKey.TryRead(certificate) is not EcdsaPublicKey publicKey || !publicKey.Encoded.SequenceEqual(key.PublicKey))
        {
            problem = "its certificate does not belong to its private key";
            return null;
        }

        if (certificate.Length > MaximumCertificateLength)
        {
            problem = $"its certificate is longer than {MaximumCertificateLength} bytes";
            return null;
        }

        problem = null;
        return new DtlsIdentity(key, certificate);
    }

    /// <summary>Key (PKCS #8) and certificate as PEM text. It holds the private key: write it where only the agent can read.</summary>
    public string ToPem()
    {
        byte[] key = _key.ToPkcs8();
        string text = $"{PemEncoding.WriteString(KeyLabel, key)}\n{PemEncoding.WriteString(CertificateLabel, _certificate)}\n";
        CryptographicOperations.ZeroMemory(key);
        return text;
    }

    /// <summary>Signs with ecdsa_secp256r1_sha256; an expensive operation. The signature in DER.</summary>
    internal byte[] Sign(ReadOnlySpan<byte> data) => _key.Sign(data);

    private static byte[]? FindBlock(ReadOnlySpan<char> pem, string label)
    {
        while (PemEncoding.TryFind(pem, out PemFields fields))
        {
            if (pem[fields.Label].SequenceEqual(label))
            {
                byte[] bytes = new byte[fields.DecodedDataLength];
                return Convert.TryFromBase64Chars(pem[fields.Base64Data], bytes, out int length) && length == bytes.Length ? bytes : null;
            }

            pem = pem[fields.Location.End..];
        }

        return null;
    }
}
