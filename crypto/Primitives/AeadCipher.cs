using System;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// Authenticated encryption with associated data (RFC 5116) under one key, in place and without garbage. The owner of the cipher
/// sees to it that no nonce is used twice, and disposes it, which wipes the key; disposing twice does no harm,
/// using it afterwards throws <see cref="ObjectDisposedException"/>.
/// </summary>
public abstract class AeadCipher : IDisposable
{
    /// <summary>The length of the nonce in bytes.</summary>
    public const int NonceLength = 12;

    /// <summary>The length of the authentication tag in bytes.</summary>
    public abstract int TagLength { get; }

    /// <summary>Encrypts <paramref name="text"/> in place and writes the tag over it and <paramref name="additionalData"/>.</summary>
    /// <param name="nonce">Exactly <see cref="NonceLength"/> bytes, never used before with this key.</param>
    /// <param name="additionalData">Authenticated but not encrypted; may be empty; must not overlap <paramref name="text"/>.</param>
    /// <param name="text">The plaintext, overwritten with the ciphertext; may be empty.</param>
    /// <param name="tag">Receives exactly <see cref="TagLength"/> bytes; must not overlap the text.</param>
    /// <exception cref="ArgumentException">A length is wrong: our own mistake.</exception>
    public abstract void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> additionalData, Span<byte> text, Span<byte> tag);

    /// <summary>
    /// Verifies the tag and only then decrypts <paramref name="text"/> in place. False, and the text as it was, if the tag is not
    /// the right one; the comparison takes the same time wherever it differs.
    /// </summary>
    /// <param name="nonce">Exactly <see cref="NonceLength"/> bytes.</param>
    /// <param name="additionalData">What was authenticated beside the text; must not overlap <paramref name="text"/>.</param>
    /// <param name="text">The ciphertext, overwritten with the plaintext.</param>
    /// <param name="tag">Exactly <see cref="TagLength"/> bytes.</param>
    /// <exception cref="ArgumentException">A length is wrong: our own mistake.</exception>
    public abstract bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> additionalData, Span<byte> text, ReadOnlySpan<byte> tag);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Wipes the key.</summary>
    /// <param name="disposing">Always true: no cipher has a finalizer.</param>
    protected abstract void Dispose(bool disposing);
}
