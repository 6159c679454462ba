using System;
using IntercomAgent.Crypto.Srtp;

namespace IntercomAgent.Media;

/// <summary>What protects a call's media, wherever its keys come from. Disposing wipes them.</summary>
internal interface IMediaProtection : IDisposable
{
    /// <summary>What was agreed on; nothing while there are no keys.</summary>
    SecurityFacts Facts { get; }

    /// <summary>Protects an RTP packet in place; returns its new length, 0 while there are no keys.</summary>
    int ProtectRtp(Span<byte> buffer, int length);

    /// <summary>Protects an RTCP packet in place; returns its new length, 0 while there are no keys.</summary>
    int ProtectRtcp(Span<byte> buffer, int length);

    /// <summary>Unprotects an RTP packet in place; false when it is not authentic, or while there are no keys.</summary>
    bool TryUnprotectRtp(Span<byte> packet, out int length);

    /// <summary>Unprotects an RTCP packet in place; false when it is not authentic, or while there are no keys.</summary>
    bool TryUnprotectRtcp(Span<byte> packet, out int length);
}

/// <summary>How media are protected.</summary>
/// <param name="CipherSuite">The handshake's cipher suite by its name in the IANA registry; empty when the keys came in the signalling.</param>
/// <param name="Profile">The SRTP protection profile.</param>
/// <param name="Handshake">How long the handshake took, from the first datagram to the last.</param>
internal sealed record SecurityFacts(string CipherSuite, SrtpProfile? Profile, TimeSpan Handshake)
{
    /// <summary>Nothing yet.</summary>
    public static SecurityFacts None { get; } = new("", null, TimeSpan.Zero);
}
