using System;
using System.Collections.Generic;
using System.Text;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sdp;

/// <summary>One media line of a session, whose place and kind never change (RFC 3264 section 8).</summary>
/// <param name="Kind">The kind of media.</param>
/// <param name="ProtocolName">The protocol.</param>
/// <param name="Formats">The formats that a line with port 0 lists; ours has its own.</param>
/// <param name="Mid">The identification tag (RFC 5888); null when there is none.</param>
internal sealed record MediaSlot(string Kind, string ProtocolName, string Formats, string? Mid);

/// <summary>Our end of DTLS, as we write it.</summary>
/// <param name="Setup">The role that we offer or take.</param>
/// <param name="Fingerprint">Our certificate.</param>
/// <param name="TlsId">Our name for the association; null where the peer's offer has none.</param>
internal sealed record LocalDtls(DtlsSetup Setup, CertificateFingerprint Fingerprint, string? TlsId);

/// <summary>A description of ours, offer or answer.</summary>
internal sealed record LocalDescription
{
    /// <summary>Identifies the session; the same in all our descriptions.</summary>
    public required uint SessionId { get; init; }

    /// <summary>Counts our descriptions.</summary>
    public required uint Version { get; init; }

    /// <summary>The value of <c>t=</c>.</summary>
    public required string Time { get; init; }

    /// <summary>Where we receive media.</summary>
    public required NetworkEndpoint Local { get; init; }

    /// <summary>All media lines.</summary>
    public required IReadOnlyList<MediaSlot> Slots { get; init; }

    /// <summary>Which of them is ours; the others are written with port 0.</summary>
    public required int AudioIndex { get; init; }

    /// <summary>Whether ours is in a bundle.</summary>
    public required bool IsBundled { get; init; }

    /// <summary>The codecs, the preferred first.</summary>
    public required IReadOnlyList<PayloadFormat> Formats { get; init; }

    /// <summary>The telephone events, one format for each clock.</summary>
    public required IReadOnlyList<EventFormat> Events { get; init; }

    /// <summary>Milliseconds of audio in each packet that we ask for.</summary>
    public required int PacketMilliseconds { get; init; }

    /// <summary>Who sends, from our point of view.</summary>
    public required MediaDirection Direction { get; init; }

    /// <summary>Whether RTCP may come to the port of RTP (RFC 5761).</summary>
    public required bool RtcpMux { get; init; }

    /// <summary>Whether <c>a=rtcp</c> is written.</summary>
    public required bool HasRtcp { get; init; }

    /// <summary>The value of <c>a=rtcp-xr</c>: the extended reports that we ask for; null when it is not written.</summary>
    public required string? ReportWishes { get; init; }

    /// <summary>Our end of DTLS; null for plain RTP, and where the keys are here.</summary>
    public required LocalDtls? Dtls { get; init; }

    /// <summary>The keys of what we send; none where they come from DTLS, and for plain RTP.</summary>
    public IReadOnlyList<LocalCrypto> Cryptos { get; init; } = [];

    /// <summary>Where the keys come from.</summary>
    public MediaKeying Keying => Dtls is not null ? MediaKeying.Dtls : Cryptos.Count > 0 ? MediaKeying.Signalling : MediaKeying.None;

    /// <summary>Writes the description; gives its length, at most <see cref="SdpLimits.WrittenDescription"/>.</summary>
    public int Write(Span<byte> buffer)
    {
        SdpWriter writer = new(buffer);
        string address = $"IN {(Local.IsIPv4 ? "IP4" : "IP6")} {Local.AddressText()}";
        writer.Line("v=0");
        writer.Line($"o=- {SessionId} {Version} {address}");
        writer.Line("s=-");
        writer.Line($"c={address}");
        writer.Line($"t={Time}");
        if (IsBundled)
        {
            writer.Line($"a=group:BUNDLE {Slots[AudioIndex].Mid}");
        }

        for (int index = 0; index < Slots.Count; index++)
        {
            MediaSlot slot = Slots[index];
            if (index == AudioIndex)
            {
                WriteAudio(ref writer, slot);
            }
            else
            {
                writer.Line($"m={slot.Kind} 0 {slot.ProtocolName} {slot.Formats}");
                WriteMid(ref writer, slot);
            }
        }

        return writer.Length;
    }

    private void WriteAudio(ref SdpWriter writer, MediaSlot slot)
    {
        StringBuilder line = new($"m=audio {Local.Port} {slot.ProtocolName}");
        foreach (PayloadFormat format in Formats)
        {
            _ = line.Append(' ').Append(format.PayloadType);
        }

        foreach (EventFormat events in Events)
        {
            _ = line.Append(' ').Append(events.PayloadType);
        }

        writer.Line(line.ToString());
        WriteMid(ref writer, slot);
        foreach (PayloadFormat format in Formats)
        {
            CodecFacts facts = CodecFacts.Of(format.Codec);
            writer.Line($"a=rtpmap:{format.PayloadType} {facts.Name}/{facts.ClockRate}{(facts.Channels > 1 ? $"/{facts.Channels}" : "")}");
            if (format.Codec == AudioCodec.Opus)
            {
                writer.Line($"a=fmtp:{format.PayloadType} {OpusParameters.OurWishes}");
            }
        }

        foreach (EventFormat events in Events)
        {
            writer.Line($"a=rtpmap:{events.PayloadType} {AudioFormats.EventName}/{events.ClockRate}");
            writer.Line($"a=fmtp:{events.PayloadType} 0-15");
        }

        writer.Line($"a=ptime:{PacketMilliseconds}");
        writer.Line($"a={Encoding.ASCII.GetString(Direction.Name())}");
        WriteTransport(ref writer);
    }

    private void WriteTransport(ref SdpWriter writer)
    {
        if (HasRtcp)
        {
            writer.Line($"a=rtcp:{Local.Port}");
        }

        if (RtcpMux)
        {
            writer.Line("a=rtcp-mux");
        }

        if (ReportWishes is not null)
        {
            writer.Line($"a=rtcp-xr:{ReportWishes}");
        }

        foreach (LocalCrypto crypto in Cryptos)
        {
            writer.Crypto(crypto);
        }

        if (Dtls is not { } dtls)
        {
            return;
        }

        writer.Line($"a=setup:{Encoding.ASCII.GetString(dtls.Setup.Name())}");
        writer.Line($"a=fingerprint:{dtls.Fingerprint}");
        if (dtls.TlsId is not null)
        {
            writer.Line($"a=tls-id:{dtls.TlsId}");
        }
    }

    private static void WriteMid(ref SdpWriter writer, MediaSlot slot)
    {
        if (slot.Mid is not null)
        {
            writer.Line($"a=mid:{slot.Mid}");
        }
    }

    /// <summary>Writes lines; a buffer that is too small is our own mistake and throws.</summary>
    private ref struct SdpWriter(Span<byte> buffer)
    {
        private readonly Span<byte> _buffer = buffer;

        public int Length { get; private set; }

        public void Line(string text)
        {
            Text(text);
            End();
        }

        /// <summary>The key goes from its place into the buffer: a string of it could not be wiped.</summary>
        public void Crypto(LocalCrypto crypto)
        {
            Text($"a=crypto:{crypto.Tag} {crypto.Key.Profile.SuiteName} inline:");
            Length += crypto.Key.Write(_buffer[Length..]);
            End();
        }

        private void Text(string text) => Length += Encoding.Latin1.GetBytes(text, _buffer[Length..]);

        private void End()
        {
            "\r\n"u8.CopyTo(_buffer[Length..]);
            Length += 2;
        }
    }
}
