using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls.Messages;

/// <summary>The body of one kind of handshake message, which reads and writes itself.</summary>
/// <typeparam name="TSelf">The body itself.</typeparam>
internal interface IHandshakeBody<TSelf>
    where TSelf : class, IHandshakeBody<TSelf>
{
    /// <summary>The kind of message.</summary>
    static abstract HandshakeType Type { get; }

    /// <summary>Reads a whole body; null if it is malformed or has bytes left over.</summary>
    static abstract TSelf? Read(ReadOnlySpan<byte> body);

    /// <summary>Writes the body.</summary>
    void Write(ref WireWriter writer);
}
