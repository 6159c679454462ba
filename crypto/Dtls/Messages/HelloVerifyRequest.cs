using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls.Messages;

/// <summary>HelloVerifyRequest (RFC 6347 section 4.2.1): "repeat your hello with this cookie".</summary>
/// <param name="Cookie">Up to 255 bytes that mean something to the server alone.</param>
internal sealed record HelloVerifyRequest(byte[] Cookie) : IHandshakeBody<HelloVerifyRequest>
{
    /// <inheritdoc/>
    public static HandshakeType Type => HandshakeType.HelloVerifyRequest;

    /// <inheritdoc/>
    public static HelloVerifyRequest? Read(ReadOnlySpan<byte> body)
    {
        // RFC 6347 section 4.2.1: the version in this message does not count.
        WireReader reader = new(body);
        return reader.TryReadUInt16(out _) && reader.TryTakeVector8(out ReadOnlySpan<byte> cookie) && reader.AtEnd
            ? new HelloVerifyRequest(cookie.ToArray())
            : null;
    }

    /// <inheritdoc/>
    public void Write(ref WireWriter writer)
    {
        // RFC 6347 section 4.2.1: DTLS 1.0, whatever will be negotiated.
        writer.WriteUInt16(ProtocolVersion.Dtls10);
        writer.WriteByte(checked((byte)Cookie.Length));
        writer.Write(Cookie);
    }
}
