using System;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Primitives;

namespace IntercomAgent.Crypto.Srtp;

/// <summary>What the keys of a transform protect; the value is the first of its three labels (RFC 3711 section 4.3).</summary>
internal enum SrtpKind : byte
{
    /// <summary>SRTP: labels 0 to 2.</summary>
    Rtp = 0,

    /// <summary>SRTCP: labels 3 to 5.</summary>
    Rtcp = 3,
}

/// <summary>
/// The session keys of one direction for either SRTP or SRTCP, and the transform that they drive. Knows neither the order of the
/// fields in a packet nor what was sent before. Disposing wipes the keys.
/// </summary>
internal abstract class SrtpTransform : IDisposable
{
    // RFC 3711 section 5.2: n_a, 160 bits.
    private const int AuthenticationKeyLength = 20;

    /// <summary>Derives the session keys from the master key and makes the profile's transform.</summary>
    /// <exception cref="ArgumentException">A length is not the profile's: our own mistake.</exception>
    public static SrtpTransform Create(SrtpProfile profile, SrtpKind kind, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt)
    {
        if (masterKey.Length != profile.KeyLength || masterSalt.Length != profile.SaltLength)
        {
            throw new ArgumentException("The lengths of master key and salt are the profile's.");
        }

        using AesBlocks master = AesBlocks.Create(masterKey, AesBlocks.BestBackEnd);
        Span<byte> encryption = stackalloc byte[profile.KeyLength];
        Span<byte> authentication = stackalloc byte[AuthenticationKeyLength];
        Span<byte> salt = stackalloc byte[profile.SaltLength];
        SrtpKeyDerivation.Derive(master, masterSalt, (byte)kind, encryption);
        SrtpKeyDerivation.Derive(master, masterSalt, (byte)(kind + 1), authentication);
        SrtpKeyDerivation.Derive(master, masterSalt, (byte)(kind + 2), salt);

        SrtpTransform transform = profile.IsAead
            ? new AeadTransform(kind, encryption, salt)
            : new CounterModeTransform(
                encryption, authentication, salt, kind == SrtpKind.Rtp ? profile.RtpTagLength : profile.RtcpTagLength);
        CryptographicOperations.ZeroMemory(encryption);
        CryptographicOperations.ZeroMemory(authentication);
        CryptographicOperations.ZeroMemory(salt);
        return transform;
    }

    /// <summary>The length of the authentication tag in bytes.</summary>
    public abstract int TagLength { get; }

    /// <summary>Encrypts the packet from <paramref name="headerLength"/> on, in place, and writes the tag.</summary>
    /// <param name="packet">Header and payload.</param>
    /// <param name="headerLength">How many bytes are authenticated but not encrypted.</param>
    /// <param name="trailer">
    /// What is authenticated behind the packet: the ROC, which an AEAD has in its nonce instead, or E flag and SRTCP index.
    /// </param>
    /// <param name="ssrc">The packet's source.</param>
    /// <param name="index">The packet index, 48 bits: ROC and SEQ, or the SRTCP index.</param>
    /// <param name="tag">Receives <see cref="TagLength"/> bytes.</param>
    public abstract void Protect(
        Span<byte> packet, int headerLength, uint trailer, uint ssrc, ulong index, Span<byte> tag);

    /// <summary>Verifies the tag and only then decrypts in place. False, and the packet as it was, if the tag is not right.</summary>
    public abstract bool TryUnprotect(
        Span<byte> packet, int headerLength, uint trailer, uint ssrc, ulong index, ReadOnlySpan<byte> tag);

    /// <inheritdoc/>
    public abstract void Dispose();
}
