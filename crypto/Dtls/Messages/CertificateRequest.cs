using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls.Messages;

/// <summary>
/// CertificateRequest (RFC 5246 section 7.4.4, RFC 8422 section 5.5). No authority is named: certificates are self-signed.
/// </summary>
/// <param name="AcceptsEcdsa">Whether a certificate with an ECDSA key is welcome.</param>
/// <param name="AcceptsRsa">Whether a certificate with an RSA key is welcome.</param>
/// <param name="SignatureSchemes">What the client may sign with.</param>
internal sealed record CertificateRequest(bool AcceptsEcdsa, bool AcceptsRsa, IReadOnlyList<ushort> SignatureSchemes)
    : IHandshakeBody<CertificateRequest>
{
    private const byte RsaSign = 1;
    private const byte EcdsaSign = 64;

    /// <inheritdoc/>
    public static HandshakeType Type => HandshakeType.CertificateRequest;

    /// <inheritdoc/>
    public static CertificateRequest? Read(ReadOnlySpan<byte> body)
    {
        WireReader reader = new(body);
        return reader.TryTakeVector8(out ReadOnlySpan<byte> types)
            && reader.TryTakeVector16(out ReadOnlySpan<byte> schemeBytes)
            && WireLists.Read(schemeBytes) is { } schemes
            && reader.TryTakeVector16(out _)
            && reader.AtEnd
                ? new CertificateRequest(types.Contains(EcdsaSign), types.Contains(RsaSign), schemes)
                : null;
    }

    /// <inheritdoc/>
    public void Write(ref WireWriter writer)
    {
        writer.Write([2, EcdsaSign, RsaSign]);
        WireLists.WriteVector16(ref writer, SignatureSchemes);
        writer.WriteUInt16(0);
    }
}
