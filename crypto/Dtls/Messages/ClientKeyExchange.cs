using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls.Messages;

/// <summary>ClientKeyExchange of an elliptic-curve exchange (RFC 8422 section 5.7).</summary>
/// <param name="PublicKey">The client's ephemeral key.</param>
internal sealed record ClientKeyExchange(byte[] PublicKey) : IHandshakeBody<ClientKeyExchange>
{
    /// <inheritdoc/>
    public static HandshakeType Type => HandshakeType.ClientKeyExchange;

    /// <inheritdoc/>
    public static ClientKeyExchange? Read(ReadOnlySpan<byte> body)
    {
        WireReader reader = new(body);
        return reader.TryTakeVector8(out ReadOnlySpan<byte> publicKey) && reader.AtEnd
            ? new ClientKeyExchange(publicKey.ToArray())
            : null;
    }

    /// <inheritdoc/>
    public void Write(ref WireWriter writer)
    {
        writer.WriteByte(checked((byte)PublicKey.Length));
        writer.Write(PublicKey);
    }
}
