using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls.Messages;

/// <summary>
/// Certificate (RFC 5246 section 7.4.2). Of a chain only the first certificate counts: its fingerprint says who the peer is.
/// </summary>
/// <param name="Leaf">The sender's own certificate in DER; empty if it has none.</param>
internal sealed record CertificateMessage(byte[] Leaf) : IHandshakeBody<CertificateMessage>
{
    /// <inheritdoc/>
    public static HandshakeType Type => HandshakeType.Certificate;

    /// <inheritdoc/>
    public static CertificateMessage? Read(ReadOnlySpan<byte> body)
    {
        WireReader reader = new(body);
        if (!reader.TryTakeVector24(out ReadOnlySpan<byte> list) || !reader.AtEnd)
        {
            return null;
        }

        byte[] leaf = [];
        WireReader certificates = new(list);
        while (!certificates.AtEnd)
        {
            if (!certificates.TryTakeVector24(out ReadOnlySpan<byte> certificate) || certificate.IsEmpty)
            {
                return null;
            }

            leaf = leaf.Length == 0 ? certificate.ToArray() : leaf;
        }

        return new CertificateMessage(leaf);
    }

    /// <inheritdoc/>
    public void Write(ref WireWriter writer)
    {
        int list = writer.BeginLength24();
        int certificate = writer.BeginLength24();
        writer.Write(Leaf);
        writer.EndLength24(certificate);
        writer.EndLength24(list);
    }
}
