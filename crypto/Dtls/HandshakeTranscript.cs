using System;
using IntercomAgent.Crypto.Primitives;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// All handshake messages so far, in order (RFC 5246 section 7.4.8, RFC 6347 section 4.2.6). They are kept whole because the hash is
/// known only after the ServerHello, and the signatures may use another one.
/// </summary>
internal sealed class HandshakeTranscript
{
    // A handshake with two certificates of our kind has some 2 KB.
    private byte[] _bytes = new byte[2048];
    private int _length;

    /// <summary>The messages, one after another.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Begins anew: HelloVerifyRequest and what led to it do not count.</summary>
    public void Clear() => _length = 0;

    /// <summary>Appends a message.</summary>
    public void Append(HandshakeMessage message)
    {
        int length = _length + message.Encoded.Length;
        if (length > _bytes.Length)
        {
            // At most a dozen messages of bounded length are ever appended.
            Array.Resize(ref _bytes, Math.Max(length, 2 * _bytes.Length));
        }

        message.Encoded.CopyTo(_bytes.AsSpan(_length));
        _length = length;
    }

    /// <summary>Writes the hash of the messages so far; returns the part of the buffer that holds it.</summary>
    /// <param name="algorithm">The hash of the cipher suite.</param>
    /// <param name="buffer">Has room for <see cref="MessageDigest.MaximumLength"/> bytes.</param>
    public ReadOnlySpan<byte> Hash(DigestAlgorithm algorithm, Span<byte> buffer) =>
        buffer[..MessageDigest.Compute(algorithm, Bytes, buffer)];
}
