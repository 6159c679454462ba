using System;
using System.Security.Cryptography;
using System.Text;
using IntercomAgent.Crypto.Primitives;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>
/// The hash by which SDP names a peer's certificate (RFC 8122 section 5): <c>sha-256 4A:AD:B9:…</c>. Two are equal when algorithm and
/// hash are.
/// </summary>
public sealed class CertificateFingerprint : IEquatable<CertificateFingerprint>
{
    private readonly byte[] _hash;

    private CertificateFingerprint(DigestAlgorithm algorithm, byte[] hash)
    {
        Algorithm = algorithm;
        _hash = hash;
    }

    /// <summary>The hash function: SHA-256, SHA-384 or SHA-512. The older ones of RFC 8122 authenticate nothing any more.</summary>
    public DigestAlgorithm Algorithm { get; }

    /// <summary>The fingerprint of a certificate.</summary>
    /// <param name="certificate">The certificate in DER.</param>
    /// <param name="algorithm">SHA-256, SHA-384 or SHA-512.</param>
    public static CertificateFingerprint Compute(ReadOnlySpan<byte> certificate, DigestAlgorithm algorithm = DigestAlgorithm.Sha256)
    {
        byte[] hash = new byte[MessageDigest.Length(algorithm)];
        _ = MessageDigest.Compute(algorithm, certificate, hash);
        return new CertificateFingerprint(algorithm, hash);
    }

    /// <summary>
    /// Reads the value of the attribute: the algorithm in either case, one space, the hash in hexadecimal with colons. Null for an
    /// unknown algorithm or a hash that is not as long as its algorithm's.
    /// </summary>
    public static CertificateFingerprint? Parse(ReadOnlySpan<byte> value)
    {
        int space = value.IndexOf((byte)' ');
        if (space < 0 || FindAlgorithm(value[..space]) is not { } algorithm)
        {
            return null;
        }

        ReadOnlySpan<byte> text = value[(space + 1)..].Trim((byte)' ');
        byte[] hash = new byte[MessageDigest.Length(algorithm)];
        if (text.Length != (hash.Length * 3) - 1)
        {
            return null;
        }

        for (int index = 0; index < hash.Length; index++)
        {
            ReadOnlySpan<byte> part = text[(index * 3)..];
            if ((index > 0 && text[(index * 3) - 1] != ':')
                || Convert.FromHexString(part[..2], hash.AsSpan(index, 1), out _, out _) != System.Buffers.OperationStatus.Done)
            {
                return null;
            }
        }

        return new CertificateFingerprint(algorithm, hash);
    }

    /// <summary>Whether this is the fingerprint of that certificate, in DER.</summary>
    public bool Matches(ReadOnlySpan<byte> certificate) => Equals(Compute(certificate, Algorithm));

    /// <inheritdoc/>
    public bool Equals(CertificateFingerprint? other) =>
        other is not null && Algorithm == other.Algorithm && CryptographicOperations.FixedTimeEquals(_hash, other._hash);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CertificateFingerprint);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_hash);

    /// <summary>The value of the attribute, as SDP writes it.</summary>
    public override string ToString()
    {
        StringBuilder text = new(Name(Algorithm));
        for (int index = 0; index < _hash.Length; index++)
        {
            _ = text.Append(index == 0 ? ' ' : ':').Append(Convert.ToHexString(_hash, index, 1));
        }

        return text.ToString();
    }

    private static string Name(DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Sha256 => "sha-256",
        DigestAlgorithm.Sha384 => "sha-384",
        DigestAlgorithm.Sha512 => "sha-512",
        DigestAlgorithm.Md5 or DigestAlgorithm.Sha512Truncated256 => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    private static DigestAlgorithm? FindAlgorithm(ReadOnlySpan<byte> name) => name switch
    {
        _ when Ascii.EqualsIgnoreCase(name, "sha-256"u8) => DigestAlgorithm.Sha256,
        _ when Ascii.EqualsIgnoreCase(name, "sha-384"u8) => DigestAlgorithm.Sha384,
        _ when Ascii.EqualsIgnoreCase(name, "sha-512"u8) => DigestAlgorithm.Sha512,
        _ => null,
    };
}
