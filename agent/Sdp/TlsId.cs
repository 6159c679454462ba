using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sdp;

/// <summary>The value of <c>a=tls-id</c> (RFC 8842 section 4), which with the peer's names one DTLS association.</summary>
internal static class TlsId
{
    /// <summary>Characters of the longest one.</summary>
    public const int MaximumLength = 255;

    /// <summary>A new one. RFC 8842 section 4: at least 120 bits of randomness; as base64 they need no padding.</summary>
    public static string Create(IRandomSource random)
    {
        Span<byte> bits = stackalloc byte[15];
        random.Fill(bits);
        return Convert.ToBase64String(bits);
    }
}
