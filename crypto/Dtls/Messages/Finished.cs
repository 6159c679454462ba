using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls.Messages;

/// <summary>Finished (RFC 5246 section 7.4.9): the proof that the sender has the keys and saw the same handshake.</summary>
/// <param name="VerifyData">12 bytes.</param>
internal sealed record Finished(byte[] VerifyData) : IHandshakeBody<Finished>
{
    /// <inheritdoc/>
    public static HandshakeType Type => HandshakeType.Finished;

    /// <inheritdoc/>
    public static Finished? Read(ReadOnlySpan<byte> body) =>
        body.Length == KeySchedule12.VerifyDataLength ? new Finished(body.ToArray()) : null;

    /// <inheritdoc/>
    public void Write(ref WireWriter writer) => writer.Write(VerifyData);
}
