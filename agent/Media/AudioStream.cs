using System;
using System.Collections.Generic;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Rtp;
using IntercomAgent.Sdp;

namespace IntercomAgent.Media;

/// <summary>
/// The audio of one call in the clear: what RTP and RTCP carry, from samples to packets and back. It knows neither keys nor addresses.
/// </summary>
internal sealed class AudioStream : IDisposable
{
    /// <summary>
    /// Samples a second of the plainest codecs, and ticks of the clock that all payload waits by. Sound itself may have any of
    /// <see cref="CodecFacts.SampleRates"/>.
    /// </summary>
    public const int SampleRate = 8000;

    /// <summary>Samples in a packet at that rate: 20 ms.</summary>
    public const int PacketSamples = 160;

    /// <summary>Room for any packet that is written, protection included: the largest is one of L16, with 640 bytes of sound.</summary>
    public const int PacketCapacity = 768;

    /// <summary>
    /// Two random identifiers collide once in four thousand million calls. Who meets ours again and again sends our own packets back,
    /// as echo services do: such a loop is left alone (RFC 3550 section 8.2).
    /// </summary>
    private const int MaximumCollisions = 2;

    private const int PacketsPerSecond = SampleRate / PacketSamples;

    private readonly IRandomSource _random;
    private readonly RtpSender _sender;
    private readonly VoiceEncoder _voice = new();
    private readonly TelephoneEventSender _keys = new(PacketSamples, PacketsPerSecond);
    private readonly TelephoneEventReceiver _events = new(SampleRate);
    private readonly VoiceDecoder _heard;
    private readonly RtpReceiver _source = new(SampleRate);
    private readonly TimeSpan _period;
    private AudioAgreement? _agreement;
    private RtcpSession? _control;
    private DtmfDigit? _digit;
    private int _collisions;

    /// <summary>A stream under a random source identifier.</summary>
    /// <param name="random">Where identifiers come from.</param>
    /// <param name="playedSamples">Samples of 8 kHz that are played at once.</param>
    public AudioStream(IRandomSource random, int playedSamples)
    {
        _random = random;
        _sender = new RtpSender(random, SampleRate);
        _heard = new VoiceDecoder(playedSamples);
        _period = TimeSpan.FromSeconds((double)playedSamples / SampleRate);
    }

    /// <summary>What went over the line so far.</summary>
    public StreamCounters Counters => new(
        _sender.PacketCount,
        _source.PacketCount,
        _source.CumulativeLost,
        _period * _heard.Counters.Concealed,
        _heard.Delay,
        _heard.Waiting,
        _control?.RoundTrip,
        HeardThere);

    /// <summary>What the jitter buffer has counted.</summary>
    public JitterCounters Jitter => _heard.Counters;

    /// <summary>By how many millionths the peer is played faster, since its clock is.</summary>
    public double DriftCorrection => _heard.Correction;

    /// <summary>When the next RTCP report is due.</summary>
    public Instant ControlDue => _control?.WakeAt ?? Instant.Never;

    /// <summary>Takes what offer and answer have agreed on, at first and again.</summary>
    public void Configure(AudioAgreement agreement, Instant now)
    {
        _agreement = agreement;
        _voice.Use(agreement.Codec, agreement.OpusWishes);
        _heard.Use(agreement.ReceiveFormats);
        if (_voice.Facts.ClockRate != _sender.ClockRate)
        {
            _sender.ChangeClock(_random, _voice.Facts.ClockRate);
        }

        if (agreement.SendEvents is { } events)
        {
            _keys.PeriodTicks = events.ClockRate / PacketsPerSecond;
        }

        _control ??= new RtcpSession(_random, _sender, _source, now);
        _control.Extended.Wishes = agreement.ReportWishes;
    }

    /// <summary>
    /// Makes a packet: a telephone event while a key is pressed, else the captured samples. Returns its length, 0 when none is needed.
    /// </summary>
    public int WritePacket(ReadOnlySpan<short> captured, Span<byte> packet, Instant now)
    {
        int length = _agreement!.SendEvents is { } events && _keys.TryNext(_sender.Timestamp, out TelephoneEventReport report)
            ? _sender.WriteEvent(packet, events.PayloadType, report, now)
            : WriteAudio(captured, packet, now);
        _sender.EndPeriod(_voice.Facts.PacketTicks);
        return length;
    }

    /// <summary>A packet that may not be sent: the sampling clock goes on all the same (RFC 3550 section 5.1).</summary>
    public void SkipPacket() => _sender.EndPeriod(_voice.Facts.PacketTicks);

    /// <summary>Takes an RTP packet; false when it is none, or of a kind that was not agreed on.</summary>
    public bool Receive(ReadOnlySpan<byte> datagram, Instant now)
    {
        if (!RtpPacket.TryRead(datagram, out RtpPacket packet))
        {
            return false;
        }

        RtpHeader header = packet.Header;
        EventFormat? events = FindEvents(header.PayloadType);
        AudioCodec? codec = events is null ? _heard.CodecOf(header.PayloadType) : null;
        if (codec is { } known)
        {
            _source.UseClock(CodecFacts.Of(known).ClockRate);
        }
        else if (events is null && !_heard.TakesNoise(header.PayloadType))
        {
            return false;
        }

        if (header.Ssrc == _sender.Ssrc && _collisions < MaximumCollisions)
        {
            _collisions++;
            _sender.ChangeSsrc(_random);
        }

        switch (_source.Receive(header, now))
        {
            case RtpArrival.NewSource:
                _heard.Reset();
                _events.Reset();
                break;
            case RtpArrival.OnProbation:
                return true;
            case RtpArrival.Accepted:
                break;
        }

        if (events is { } format)
        {
            ReceiveEvent(packet, format);
        }
        else
        {
            ReceiveSound(packet, codec, now);
        }

        return true;
    }

    /// <summary>Whether the packet received last is newer than all before it.</summary>
    public bool IsNewest => _source.IsNewest;

    /// <summary>Takes a compound RTCP packet.</summary>
    public void ReceiveControl(ReadOnlySpan<byte> compound, Instant now)
    {
        long reports = _control?.PeerReports ?? 0;
        _control?.Receive(compound, now);
        if (_control?.PeerReports > reports)
        {
            _voice.ReportLoss(_control.PeerLossFraction);
        }
    }

    /// <summary>
    /// Gives the next piece of what the peer says, with losses concealed; silence when there is nothing. A peer whose clock is faster
    /// than ours is played faster, so that what it said waits no longer.
    /// </summary>
    /// <param name="period">What is played at once, at the rate that its length tells.</param>
    /// <param name="now">The moment.</param>
    public void Play(Span<short> period, Instant now) => _heard.Play(period, now);

    /// <summary>Presses a key; false when the peer takes no telephone events, or too many wait.</summary>
    public bool TryPressKey(DtmfDigit digit) => _agreement?.SendEvents is not null && _keys.TryEnqueue(digit);

    /// <summary>Takes the key that the last packet brought; false when it brought none.</summary>
    public bool TryTakeDigit(out DtmfDigit digit)
    {
        digit = _digit.GetValueOrDefault();
        bool any = _digit is not null;
        _digit = null;
        return any;
    }

    /// <summary>Writes the report that is due; returns its length.</summary>
    public int WriteReport(Span<byte> packet, Instant now, long unixTime) =>
        _control?.WriteReport(packet, now, unixTime, Voice) ?? 0;

    /// <summary>Writes the goodbye of RTCP; returns its length.</summary>
    public int WriteGoodbye(Span<byte> packet, Instant now, long unixTime) =>
        _control?.WriteBye(packet, now, unixTime, Voice) ?? 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        _voice.Dispose();
        _heard.Dispose();
    }

    /// <summary>
    /// What we add to the delay is a packet's worth of sound that is collected, what waits in the jitter buffer, and what is played at
    /// once; of what the sound device adds we do not know.
    /// </summary>
    private VoiceFacts Voice => new(
        TimeSpan.FromMilliseconds(CodecFacts.PacketMilliseconds) + _heard.Delay + _period,
        _heard.Delay,
        VoiceDecoder.LongestDelay,
        VoiceQuality.ConfigurationOf(_agreement!.Codec),
        VoiceQuality.ImpairmentOf(_agreement.Codec));

    private PeerHearing? HeardThere => _control?.PeerReport is null
        ? null
        : new PeerHearing(
            _control.PeerLost,
            _control.Extended.PeerMetrics?.DiscardRate / 256.0 ?? 0,
            _control.RoundTrip ?? _control.Extended.PeerRoundTrip,
            _control.Extended.PeerScore);

    private int WriteAudio(ReadOnlySpan<short> captured, Span<byte> packet, Instant now)
    {
        int length = _voice.Encode(captured, packet.Slice(RtpHeader.Size, _voice.Facts.LongestPayload));
        return length == 0 ? 0 : _sender.WriteAudio(packet, _agreement!.SendPayloadType, length, now);
    }

    private EventFormat? FindEvents(byte payloadType)
    {
        IReadOnlyList<EventFormat> formats = _agreement!.ReceiveEvents;
        for (int index = 0; index < formats.Count; index++)
        {
            if (formats[index].PayloadType == payloadType)
            {
                return formats[index];
            }
        }

        return null;
    }

    private void ReceiveSound(in RtpPacket packet, AudioCodec? codec, Instant now)
    {
        long late = _heard.Counters.Late;
        _heard.Receive(packet, codec, _source.IsNewest, now);
        if (_heard.Counters.Late > late)
        {
            _source.History.Discard(packet.Header.SequenceNumber);
        }
    }

    private void ReceiveEvent(in RtpPacket packet, EventFormat format)
    {
        if (TelephoneEvent.TryRead(packet.Payload, out TelephoneEvent telephoneEvent))
        {
            _heard.ReceivePause(packet.Header, telephoneEvent.Duration * SampleRate / format.ClockRate);
        }

        if (_events.TryReceive(packet.Payload, packet.Header.Timestamp, out DtmfDigit digit))
        {
            _digit = digit;
        }
    }
}
