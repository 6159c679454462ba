using System;
using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Srtp;

/// <summary>
/// The master key and salt of one direction, which signalling carries as base64 (RFC 4568 section 6.1). It prints nothing of itself.
/// Disposing wipes it; the senders and receivers that were made from it live on.
/// </summary>
public sealed class SrtpMasterKey : IDisposable
{
    /// <summary>Bytes of the longest key with its salt: AES-256-GCM's 32 and 12.</summary>
    private const int LongestKey = 44;

    /// <summary>Characters of the longest text, <see cref="LongestKey"/> in groups of three bytes.</summary>
    public const int LongestText = (LongestKey + 2) / 3 * 4;

    private readonly byte[] _bytes;
    private byte[] _identifier = [];
    private bool _disposed;

    private SrtpMasterKey(SrtpProfile profile)
    {
        Profile = profile;
        _bytes = new byte[profile.KeyLength + profile.SaltLength];
    }

    /// <summary>What the key is for.</summary>
    public SrtpProfile Profile { get; }

    /// <summary>A new key.</summary>
    public static SrtpMasterKey Create(SrtpProfile profile, IRandomSource random)
    {
        SrtpMasterKey key = new(profile);
        random.Fill(key._bytes);
        return key;
    }

    /// <summary>
    /// Reads a key; null when the text is no base64, or has not the profile's length. Padding may be missing (section 6.1).
    /// </summary>
    /// <param name="profile">What the key is for.</param>
    /// <param name="text">The key and the salt behind it, as base64.</param>
    /// <param name="identifier">What each packet names the key with; empty when it does not.</param>
    public static SrtpMasterKey? TryRead(SrtpProfile profile, ReadOnlySpan<byte> text, ReadOnlySpan<byte> identifier = default)
    {
        SrtpMasterKey key = new(profile) { _identifier = identifier.ToArray() };
        Span<byte> padded = stackalloc byte[LongestText];
        Span<byte> decoded = stackalloc byte[LongestKey + 1];
        ReadOnlySpan<byte> digits = text.TrimEnd((byte)'=');
        int padding = text.Length - digits.Length;
        int length = (digits.Length + 3) / 4 * 4;
        bool isRead = padding <= 2 && length <= LongestText;
        if (isRead)
        {
            padded.Fill((byte)'=');
            digits.CopyTo(padded);

            // Base64 itself passes over line ends and spaces.
            isRead = !digits.ContainsAny(" \t\r\n"u8)
                && Base64.DecodeFromUtf8(padded[..length], decoded, out _, out int written) == OperationStatus.Done
                && written == key._bytes.Length;
        }

        decoded[..key._bytes.Length].CopyTo(key._bytes);
        CryptographicOperations.ZeroMemory(padded);
        CryptographicOperations.ZeroMemory(decoded);
        return isRead ? key : null;
    }

    /// <summary>Writes the key as base64, with its padding; returns the length.</summary>
    /// <param name="text">Room for <see cref="LongestText"/> characters.</param>
    /// <exception cref="ObjectDisposedException">The key is wiped: our own mistake.</exception>
    public int Write(Span<byte> text)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Base64.EncodeToUtf8(_bytes, text, out _, out int written) == OperationStatus.Done
            ? written
            : throw new ArgumentException("There is no room for the key.", nameof(text));
    }

    /// <summary>Whether both are the same key; the time it takes tells nothing of where they differ.</summary>
    public bool IsSame(SrtpMasterKey other) => CryptographicOperations.FixedTimeEquals(_bytes, other._bytes);

    /// <summary>Whether packets name both keys alike.</summary>
    public bool IsNamedAs(SrtpMasterKey other) => _identifier.AsSpan().SequenceEqual(other._identifier);

    /// <summary>What protects packets under this key; it names none. The caller owns it.</summary>
    /// <exception cref="ObjectDisposedException">The key is wiped: our own mistake.</exception>
    public SrtpSender CreateSender() => new(Profile, Key, Salt);

    /// <summary>What opens packets under this key. The caller owns it.</summary>
    /// <exception cref="ObjectDisposedException">The key is wiped: our own mistake.</exception>
    public SrtpReceiver CreateReceiver() => new(Profile, Key, Salt, _identifier);

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }

    /// <summary>Always <c>***</c>.</summary>
    public override string ToString() => "***";

    private ReadOnlySpan<byte> Key
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _bytes.AsSpan(0, Profile.KeyLength);
        }
    }

    private ReadOnlySpan<byte> Salt => _bytes.AsSpan(Profile.KeyLength);
}
