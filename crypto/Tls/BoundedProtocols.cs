using System;
using System.IO;
using IntercomAgent.Crypto.Wire;
using Org.BouncyCastle.Tls;

namespace IntercomAgent.Crypto.Tls;

/// <summary>The client's protocol, which takes no certificates that are not there.</summary>
internal sealed class BoundedClientProtocol : TlsClientProtocol
{
    /// <inheritdoc/>
    protected override void HandleHandshakeMessage(short type, HandshakeMessageInput buf)
    {
        if (type == HandshakeType.certificate)
        {
            CertificateLengths.Check(buf, TlsUtilities.IsTlsV13(Context));
        }

        base.HandleHandshakeMessage(type, buf);
    }
}

/// <summary>The server's.</summary>
internal sealed class BoundedServerProtocol : TlsServerProtocol
{
    /// <inheritdoc/>
    protected override void HandleHandshakeMessage(short type, HandshakeMessageInput buf)
    {
        if (type == HandshakeType.certificate)
        {
            CertificateLengths.Check(buf, TlsUtilities.IsTlsV13(Context));
        }

        base.HandleHandshakeMessage(type, buf);
    }
}

/// <summary>
/// Looks whether as many bytes of certificates are there as a message says, before BouncyCastle makes room for them: three bytes of a
/// stranger cost 16 MB otherwise.
/// </summary>
internal static class CertificateLengths
{
    /// <summary>Checks a Certificate message, and leaves it as it is.</summary>
    /// <param name="message">The message, from its position on.</param>
    /// <param name="isNew">Whether it is one of TLS 1.3.</param>
    /// <exception cref="TlsFatalAlert">It has a length that leads beyond its end.</exception>
    public static void Check(Stream message, bool isNew)
    {
        long start = message.Position;
        byte[] bytes = new byte[message.Length - start];
        message.ReadExactly(bytes);
        message.Position = start;
        if (!AreSound(bytes, isNew))
        {
            throw new TlsFatalAlert(AlertDescription.decode_error);
        }
    }

    /// <summary>Certificate of RFC 8446 section 4.4.2, with a context and extensions; of RFC 5246 section 7.4.2, without.</summary>
    private static bool AreSound(byte[] bytes, bool isNew)
    {
        WireReader message = new(bytes);
        if ((isNew && !message.TryTakeVector8(out _)) || !message.TryTakeVector24(out ReadOnlySpan<byte> all))
        {
            return false;
        }

        WireReader certificates = new(all);
        while (!certificates.AtEnd)
        {
            if (!certificates.TryTakeVector24(out _) || (isNew && !certificates.TryTakeVector16(out _)))
            {
                return false;
            }
        }

        return true;
    }
}
