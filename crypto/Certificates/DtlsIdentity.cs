using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>
/// What this station proves itself with to its media peers: a key and the self-signed certificate over it. SDP carries the
/// certificate's fingerprint; the station keeps one identity for its whole life.
/// </summary>
public sealed class DtlsIdentity
{
    /// <summary>Ours has some 350 bytes, with RSA 750. One from elsewhere may say more, but not so much that a flight needs many datagrams.</summary>
    internal const int MaximumCertificateLength = 1536;

    private const string KeyLabel = "PRIVATE KEY";
    private const string CertificateLabel = "CERTIFICATE";

    private readonly SigningKey _key;
    private readonly byte[] _certificate;

    private DtlsIdentity(SigningKey key, byte[] certificate)
    {
        _key = key;
        _certificate = certificate;
        Fingerprint = CertificateFingerprint.Compute(certificate);
    }

    /// <summary>The certificate in DER.</summary>
    public ReadOnlySpan<byte> Certificate => _certificate;

    /// <summary>The certificate's SHA-256 fingerprint, as our SDP announces it.</summary>
    public CertificateFingerprint Fingerprint { get; }

    /// <summary>The kind of key.</summary>
    public CertificateKind Kind => _key.Kind;

    /// <summary>What it signs with, the preferred schemes first.</summary>
    internal ReadOnlySpan<SignatureScheme> Schemes => _key.Schemes;

    /// <summary>Whether it signs with ECDSA; otherwise with RSA.</summary>
    internal bool IsEcdsa => _key.Kind == CertificateKind.EcdsaP256;

    /// <summary>
    /// Makes a new identity. With ECDSA it takes as long as two public-key operations; with RSA as some hundred of them, seconds on a
    /// small board: nothing to do while the loop turns.
    /// </summary>
    /// <param name="random">Gives key and serial number.</param>
    /// <param name="unixTimeSeconds">
    /// The present in seconds since 1970, for the certificate's dates, which no peer of ours depends on.
    /// </param>
    /// <param name="kind">The kind of key.</param>
    public static DtlsIdentity Create(IRandomSource random, long unixTimeSeconds, CertificateKind kind = CertificateKind.EcdsaP256)
    {
        SigningKey key = kind == CertificateKind.Rsa2048 ? RsaPrivateKey.Generate(random) : EcdsaPrivateKey.Generate(random);
        return new DtlsIdentity(key, SelfSignedCertificate.Build(key, random, unixTimeSeconds));
    }

    /// <summary>
    /// Reads what <see cref="ToPem"/> wrote, or another pair of a key in PKCS #8 and its certificate. Null when the text is no
    /// such pair, with a <paramref name="problem"/> that a person can act on and that tells nothing of the key.
    /// </summary>
    public static DtlsIdentity? TryReadPem(ReadOnlySpan<char> pem, out string? problem)
    {
        if (FindBlock(pem, KeyLabel) is not { } keyBytes || FindBlock(pem, CertificateLabel) is not { } certificate)
        {
            problem = $"it needs one block '{KeyLabel}' and one block '{CertificateLabel}'";
            return null;
        }

        SigningKey? key = (SigningKey?)EcdsaPrivateKey.TryRead(keyBytes) ?? RsaPrivateKey.TryRead(keyBytes);
        CryptographicOperations.ZeroMemory(keyBytes);
        if (key is null)
        {
            problem = "its private key is neither a P-256 key nor an RSA key of 2048 bits in PKCS #8";
            return null;
        }

        if (PeerPublicKey.TryRead(certificate) is not { } publicKey || !key.IsPairOf(publicKey))
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

    /// <summary>Begins to sign with one of our schemes.</summary>
    internal Signing BeginSigning(SignatureScheme scheme, ReadOnlySpan<byte> data, IRandomSource random) =>
        _key.Begin(scheme, data, random);

    /// <summary>The first of our schemes that the peer accepts; null if it accepts none.</summary>
    internal SignatureScheme? ChooseScheme(IReadOnlyList<ushort>? accepted)
    {
        foreach (SignatureScheme scheme in Schemes)
        {
            if (accepted?.Contains((ushort)scheme) == true)
            {
                return scheme;
            }
        }

        return null;
    }

    private static byte[]? FindBlock(ReadOnlySpan<char> pem, string label)
    {
        PemBlocks blocks = new(pem);
        while (blocks.TryTake(out ReadOnlySpan<char> found, out byte[] content))
        {
            if (found.SequenceEqual(label))
            {
                return content.Length > 0 ? content : null;
            }
        }

        return null;
    }
}
