using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls.Messages;

/// <summary>ServerKeyExchange of an elliptic-curve exchange (RFC 8422 section 5.4).</summary>
/// <param name="Group">The curve's number.</param>
/// <param name="PublicKey">The server's ephemeral key.</param>
/// <param name="Scheme">How it is signed.</param>
/// <param name="Signature">The signature over both randoms and the parameters.</param>
internal sealed record ServerKeyExchange(ushort Group, byte[] PublicKey, ushort Scheme, byte[] Signature)
    : IHandshakeBody<ServerKeyExchange>
{
    private const byte NamedCurve = 3;

    /// <inheritdoc/>
    public static HandshakeType Type => HandshakeType.ServerKeyExchange;

    /// <summary>What the signature covers: both randoms, then curve and key as the message holds them.</summary>
    public static byte[] SignedBytes(byte[] clientRandom, byte[] serverRandom, ushort group, byte[] publicKey)
    {
        byte[] bytes = new byte[clientRandom.Length + serverRandom.Length + 4 + publicKey.Length];
        WireWriter writer = new(bytes);
        writer.Write(clientRandom);
        writer.Write(serverRandom);
        WriteParameters(ref writer, group, publicKey);
        return bytes;
    }

    /// <inheritdoc/>
    public static ServerKeyExchange? Read(ReadOnlySpan<byte> body)
    {
        WireReader reader = new(body);
        return reader.TryReadByte(out byte curveType)
            && curveType == NamedCurve
            && reader.TryReadUInt16(out ushort group)
            && reader.TryTakeVector8(out ReadOnlySpan<byte> publicKey)
            && reader.TryReadUInt16(out ushort scheme)
            && reader.TryTakeVector16(out ReadOnlySpan<byte> signature)
            && reader.AtEnd
                ? new ServerKeyExchange(group, publicKey.ToArray(), scheme, signature.ToArray())
                : null;
    }

    /// <inheritdoc/>
    public void Write(ref WireWriter writer)
    {
        WriteParameters(ref writer, Group, PublicKey);
        writer.WriteUInt16(Scheme);
        int mark = writer.BeginLength16();
        writer.Write(Signature);
        writer.EndLength16(mark);
    }

    private static void WriteParameters(ref WireWriter writer, ushort group, byte[] publicKey)
    {
        writer.WriteByte(NamedCurve);
        writer.WriteUInt16(group);
        writer.WriteByte(checked((byte)publicKey.Length));
        writer.Write(publicKey);
    }
}
