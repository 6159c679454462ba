using System.Collections.Generic;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Hal.Net;
using IntercomAgent.Rtp;

namespace IntercomAgent.Sdp;

/// <summary>A codec under the RTP payload type that stands for it.</summary>
/// <param name="PayloadType">0 to 127.</param>
/// <param name="Codec">What such packets hold.</param>
internal readonly record struct PayloadFormat(byte PayloadType, AudioCodec Codec);

/// <summary>Telephone events under the RTP payload type that stands for them.</summary>
/// <param name="PayloadType">0 to 127.</param>
/// <param name="ClockRate">Ticks of their clock in a second.</param>
internal readonly record struct EventFormat(byte PayloadType, int ClockRate);

/// <summary>What offer and answer have agreed on: all that the media need to know.</summary>
internal sealed record AudioAgreement
{
    /// <summary>
    /// Where RTP goes. The unspecified address of an old-style hold stays here as it came; <see cref="Direction"/> then says that
    /// nothing is sent.
    /// </summary>
    public required NetworkEndpoint Remote { get; init; }

    /// <summary>Where RTCP goes when it has a port of its own; null when it shares that of RTP, or when none may be sent.</summary>
    public required NetworkEndpoint? RemoteControl { get; init; }

    /// <summary>The codec that we send, and that the peer most likely sends.</summary>
    public required AudioCodec Codec { get; init; }

    /// <summary>The payload type of audio that we send.</summary>
    public required byte SendPayloadType { get; init; }

    /// <summary>The payload type under which <see cref="Codec"/> is received.</summary>
    public required byte ReceivePayloadType { get; init; }

    /// <summary>Everything that the peer may send without further notice; the format of <see cref="ReceivePayloadType"/> first.</summary>
    public required IReadOnlyList<PayloadFormat> ReceiveFormats { get; init; }

    /// <summary>What the peer wishes of the Opus that we send.</summary>
    public OpusParameters OpusWishes { get; init; } = OpusParameters.Default;

    /// <summary>The telephone events that we send (RFC 4733); null when the peer takes none.</summary>
    public required EventFormat? SendEvents { get; init; }

    /// <summary>The telephone events that we receive; none when the peer sends none.</summary>
    public required IReadOnlyList<EventFormat> ReceiveEvents { get; init; }

    /// <summary>From our point of view: whether we may send, and whether we will receive.</summary>
    public required MediaDirection Direction { get; init; }

    /// <summary>Where the keys come from; <see cref="MediaKeying.None"/> when media are plain.</summary>
    public required MediaKeying Keying { get; init; }

    /// <summary>Whether media are SRTP.</summary>
    public bool IsEncrypted => Keying != MediaKeying.None;

    /// <summary>The keys that came in the signalling; null when they come from DTLS, and when media are plain.</summary>
    public required SignalledKeys? Keys { get; init; }

    /// <summary>Whether RTCP shares the port of RTP (RFC 5761).</summary>
    public required bool RtcpMux { get; init; }

    /// <summary>The extended reports that the peer asks for.</summary>
    public XrWishes ReportWishes { get; init; }

    /// <summary>Whether we are the DTLS client; null without DTLS.</summary>
    public required bool? IsDtlsClient { get; init; }

    /// <summary>The peer's certificate must have one of these; empty without DTLS.</summary>
    public required IReadOnlyList<CertificateFingerprint> RemoteFingerprints { get; init; }

    /// <summary>The peer's name for the DTLS association (RFC 8842 section 4); null when it gives none.</summary>
    public required string? RemoteTlsId { get; init; }

    /// <summary>
    /// Whether a DTLS handshake is due, or there are other keys than before: for the first agreement, and when a later one replaces the
    /// association, or a key.
    /// </summary>
    public required bool IsNewAssociation { get; init; }
}
