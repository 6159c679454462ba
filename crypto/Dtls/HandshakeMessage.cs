using System;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// A whole handshake message as the transcript hashes it: the header of a message that was not cut into fragments, and the body
/// (RFC 6347 section 4.2.6).
/// </summary>
/// <param name="encoded">Header and body; never changed afterwards.</param>
internal readonly struct HandshakeMessage(byte[] encoded)
{
    /// <summary>Header and body.</summary>
    public ReadOnlySpan<byte> Encoded => encoded;

    /// <summary>The message's kind.</summary>
    public HandshakeType Type => (HandshakeType)encoded[0];

    /// <summary>The message's place in its sender's order.</summary>
    public ushort Sequence => (ushort)((encoded[4] << 8) | encoded[5]);

    /// <summary>The body.</summary>
    public ReadOnlySpan<byte> Body => encoded.AsSpan(HandshakeFragment.HeaderLength);
}
