using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls.Messages;

/// <summary>ServerHelloDone (RFC 5246 section 7.4.5): the server waits for the client's answer.</summary>
internal sealed record ServerHelloDone : IHandshakeBody<ServerHelloDone>
{
    /// <inheritdoc/>
    public static HandshakeType Type => HandshakeType.ServerHelloDone;

    /// <inheritdoc/>
    public static ServerHelloDone? Read(ReadOnlySpan<byte> body) => body.IsEmpty ? new ServerHelloDone() : null;

    /// <inheritdoc/>
    public void Write(ref WireWriter writer)
    {
    }
}
