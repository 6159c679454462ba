using System;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>The hash functions that the protocols name.</summary>
public enum DigestAlgorithm
{
    /// <summary>MD5 (RFC 1321): only for SIP's digest authentication, whose peers know no other.</summary>
    Md5,

    /// <summary>SHA-256 (FIPS 180-4).</summary>
    Sha256,

    /// <summary>SHA-384 (FIPS 180-4).</summary>
    Sha384,

    /// <summary>SHA-512 (FIPS 180-4).</summary>
    Sha512,

    /// <summary>SHA-512/256 (FIPS 180-4 section 5.3.6.2): for SIP's digest authentication (RFC 7616).</summary>
    Sha512Truncated256,
}

/// <summary>Hashes bytes that lie together.</summary>
public static class MessageDigest
{
    /// <summary>The longest hash, in bytes.</summary>
    public const int MaximumLength = 64;

    /// <summary>The length of the algorithm's hash in bytes.</summary>
    public static int Length(DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Md5 => 16,
        DigestAlgorithm.Sha256 => 32,
        DigestAlgorithm.Sha384 => 48,
        DigestAlgorithm.Sha512 => 64,
        DigestAlgorithm.Sha512Truncated256 => 32,
    };

    /// <summary>Hashes the data into <paramref name="hash"/>, which has room for it; returns the hash's length.</summary>
    public static int Compute(DigestAlgorithm algorithm, ReadOnlySpan<byte> data, Span<byte> hash)
    {
        if (algorithm == DigestAlgorithm.Sha256)
        {
            RunningHash<Sha256> running = new();
            running.Update(data);
            running.Finish(hash);
            return RunningHash<Sha256>.HashLength;
        }

        IDigest digest = CreateBouncyCastle(algorithm);
        digest.BlockUpdate(data);
        return digest.DoFinal(hash);
    }

    /// <summary>A running hash of BouncyCastle, for the algorithms that are not our own.</summary>
    internal static IDigest CreateBouncyCastle(DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Md5 => new MD5Digest(),
        DigestAlgorithm.Sha384 => new Sha384Digest(),
        DigestAlgorithm.Sha512 => new Sha512Digest(),
        DigestAlgorithm.Sha512Truncated256 => new Sha512tDigest(256),
        DigestAlgorithm.Sha256 => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "This one is our own."),
    };
}
