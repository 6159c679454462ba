using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// ChaCha20 and Poly1305 as an AEAD (RFC 8439 section 2.8). Our own because BouncyCastle's allocates for every nonce: about
/// 290 bytes a packet.
/// </summary>
internal sealed class ChaCha20Poly1305 : AeadCipher
{
    private const int KeyLength = 32;

    private readonly byte[] _key;
    private bool _disposed;

    /// <summary>Copies the key.</summary>
    public ChaCha20Poly1305(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyLength)
        {
            throw new ArgumentException("A ChaCha20 key has 32 bytes.", nameof(key));
        }

        _key = key.ToArray();
    }

    /// <inheritdoc/>
    public override int TagLength => Poly1305.TagLength;

    /// <inheritdoc/>
    public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> additionalData, Span<byte> text, Span<byte> tag)
    {
        CheckUse(nonce, tag);
        ChaCha20.Apply(_key, nonce, 1, text);
        ComputeTag(nonce, additionalData, text, tag);
    }

    /// <inheritdoc/>
    public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> additionalData, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        CheckUse(nonce, tag);
        Span<byte> expected = stackalloc byte[Poly1305.TagLength];
        ComputeTag(nonce, additionalData, text, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, tag))
        {
            return false;
        }

        ChaCha20.Apply(_key, nonce, 1, text);
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_key);
    }

    private void ComputeTag(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> additionalData, ReadOnlySpan<byte> ciphertext, Span<byte> tag)
    {
        // RFC 8439 section 2.6: the one-time key is the first half of block 0.
        Span<byte> oneTimeKey = stackalloc byte[Poly1305.KeyLength];
        oneTimeKey.Clear();
        ChaCha20.Apply(_key, nonce, 0, oneTimeKey);

        Span<byte> lengths = stackalloc byte[Poly1305.BlockLength];
        BinaryPrimitives.WriteUInt64LittleEndian(lengths, (ulong)additionalData.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(lengths[8..], (ulong)ciphertext.Length);

        Poly1305 authenticator = new(oneTimeKey);
        authenticator.UpdatePadded(additionalData);
        authenticator.UpdatePadded(ciphertext);
        authenticator.UpdatePadded(lengths);
        authenticator.Finish(tag);
        CryptographicOperations.ZeroMemory(oneTimeKey);
    }

    private void CheckUse(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> tag)
    {
        // A wiped key is a key that everybody knows.
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (nonce.Length != NonceLength || tag.Length != Poly1305.TagLength)
        {
            throw new ArgumentException("A nonce has 12 bytes and a tag 16.");
        }
    }
}
