using System;
using IntercomAgent.Crypto.Primitives;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto.Impl;

namespace IntercomAgent.Crypto.Tls;

/// <summary>One direction's record cipher as BouncyCastle's protocol wants it: the text in place, the tag behind it.</summary>
/// <param name="isChaCha">Whether the cipher is ChaCha20-Poly1305; else it is AES-GCM.</param>
/// <param name="isEncrypting">The direction.</param>
internal sealed class OwnRecordCipher(bool isChaCha, bool isEncrypting) : TlsAeadCipherImpl
{
    private AeadCipher? _cipher;
    private byte[] _nonce = [];
    private int _tagLength;

    /// <inheritdoc/>
    public void SetKey(byte[] key, int keyOff, int keyLen) => SetKey(key.AsSpan(keyOff, keyLen));

    /// <inheritdoc/>
    public void SetKey(ReadOnlySpan<byte> key)
    {
        _cipher?.Dispose();
        _cipher = isChaCha ? AeadCiphers.CreateChaCha20Poly1305(key) : AeadCiphers.CreateAesGcm(key);
    }

    /// <inheritdoc/>
    public void Init(byte[] nonce, int macSize, byte[] additionalData)
    {
        _nonce = nonce;
        _tagLength = macSize;
    }

    /// <inheritdoc/>
    public int GetOutputSize(int inputLength) => isEncrypting ? inputLength + _tagLength : Math.Max(0, inputLength - _tagLength);

    /// <inheritdoc/>
    public int DoFinal(byte[] input, int inputOffset, int inputLength, byte[] output, int outputOffset) =>
        DoFinal([], input, inputOffset, inputLength, output, outputOffset);

    /// <inheritdoc/>
    public int DoFinal(byte[] additionalData, byte[] input, int inputOffset, int inputLength, byte[] output, int outputOffset)
    {
        int textLength = isEncrypting ? inputLength : inputLength - _tagLength;
        if (textLength < 0 || _cipher is null)
        {
            throw new TlsFatalAlert(AlertDescription.decode_error);
        }

        Span<byte> text = output.AsSpan(outputOffset, textLength);
        input.AsSpan(inputOffset, textLength).CopyTo(text);
        if (isEncrypting)
        {
            _cipher.Seal(_nonce, additionalData, text, output.AsSpan(outputOffset + textLength, _tagLength));
            return textLength + _tagLength;
        }

        return _cipher.TryOpen(_nonce, additionalData, text, input.AsSpan(inputOffset + textLength, _tagLength))
            ? textLength
            : throw new TlsFatalAlert(AlertDescription.bad_record_mac);
    }

    /// <inheritdoc/>
    public void Reset() => _nonce = [];
}
