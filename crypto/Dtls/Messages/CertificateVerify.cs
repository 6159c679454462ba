using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls.Messages;

/// <summary>CertificateVerify (RFC 5246 section 7.4.8): the client's signature over all messages before this one.</summary>
/// <param name="Scheme">How it is signed.</param>
/// <param name="Signature">The signature.</param>
internal sealed record CertificateVerify(ushort Scheme, byte[] Signature) : IHandshakeBody<CertificateVerify>
{
    /// <inheritdoc/>
    public static HandshakeType Type => HandshakeType.CertificateVerify;

    /// <inheritdoc/>
    public static CertificateVerify? Read(ReadOnlySpan<byte> body)
    {
        WireReader reader = new(body);
        return reader.TryReadUInt16(out ushort scheme) && reader.TryTakeVector16(out ReadOnlySpan<byte> signature) && reader.AtEnd
            ? new CertificateVerify(scheme, signature.ToArray())
            : null;
    }

    /// <inheritdoc/>
    public void Write(ref WireWriter writer)
    {
        writer.WriteUInt16(Scheme);
        int mark = writer.BeginLength16();
        writer.Write(Signature);
        writer.EndLength16(mark);
    }
}
