using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using IntercomAgent.Audio;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Rtp;
using IntercomAgent.Sdp;

namespace IntercomAgent.Media;

/// <summary>
/// The audio of one call in the clear: what RTP and RTCP carry, from samples to packets and back. It knows neither keys nor addresses.
/// </summary>
internal sealed class AudioStream : IPayloadDecoder
{
    /// <summary>Samples a second: both codecs are narrow-band.</summary>
    public const int SampleRate = 8000;

    /// <summary>Samples in a packet that is sent: 20 ms.</summary>
    public const int PacketSamples = 160;

    /// <summary>Room for any packet that is written, protection included: the largest is a compound RTCP packet.</summary>
    public const int PacketCapacity = 512;

    /// <summary>
    /// Two random identifiers collide once in four thousand million calls. Who meets ours again and again sends our own packets back,
    /// as echo services do: such a loop is left alone (RFC 3550 section 8.2).
    /// </summary>
    private const int MaximumCollisions = 2;

    private const int PacketsPerSecond = SampleRate / PacketSamples;

    private readonly IRandomSource _random;
    private readonly RtpSender _sender;
    private readonly TelephoneEventSender _keys = new(PacketSamples, PacketsPerSecond);
    private readonly TelephoneEventReceiver _events = new(SampleRate);
    [SuppressMessage("Performance", "CA1859", Justification = "The jitter buffer is replaceable; 50 calls a second cost nothing.")]
    private readonly IJitterBuffer _jitter;
    private readonly JitterPlayer _player;
    private readonly RtpReceiver _source = new(SampleRate);
    private readonly PlayoutClock _clock;
    private readonly PlayoutRate _rate;
    private readonly short[] _samples;
    private readonly int _playedSamples;
    private AudioAgreement? _agreement;
    private RtcpSession? _control;
    private DtmfDigit? _digit;
    private int _collisions;

    /// <summary>A stream under a random source identifier.</summary>
    /// <param name="random">Where identifiers come from.</param>
    /// <param name="playedSamples">Samples that are played in a period of the audio clock.</param>
    public AudioStream(IRandomSource random, int playedSamples)
    {
        _random = random;
        _sender = new RtpSender(random, SampleRate);
        _playedSamples = playedSamples;
        _jitter = new AdaptiveJitterBuffer(playedSamples);
        _clock = new PlayoutClock(playedSamples, SampleRate);
        _rate = new PlayoutRate(playedSamples, SampleRate);
        _player = new JitterPlayer(_jitter, this, 2 * playedSamples, SampleRate);
        _samples = new short[2 * playedSamples];
    }

    /// <summary>What went over the line so far.</summary>
    public StreamCounters Counters => new(
        _sender.PacketCount,
        _source.PacketCount,
        _source.CumulativeLost,
        _jitter.Counters.Concealed,
        _jitter.Delay,
        TimeSpan.FromMicroseconds(_jitter.Depth * 1000L / DelayControl.OctetsPerMillisecond),
        _control?.RoundTrip);

    /// <summary>What the jitter buffer has counted.</summary>
    public JitterCounters Jitter => _jitter.Counters;

    /// <summary>By how many millionths the peer is played faster, since its clock is.</summary>
    public double DriftCorrection => _jitter.Correction;

    /// <summary>When the next RTCP report is due.</summary>
    public Instant ControlDue => _control?.WakeAt ?? Instant.Never;

    /// <summary>Takes what offer and answer have agreed on, at first and again.</summary>
    public void Configure(AudioAgreement agreement, Instant now)
    {
        _agreement = agreement;
        _control ??= new RtcpSession(_random, _sender, _source, now);
    }

    /// <summary>
    /// Makes a packet: a telephone event while a key is pressed, else the captured samples. Returns its length.
    /// </summary>
    public int WritePacket(ReadOnlySpan<short> captured, Span<byte> packet, Instant now)
    {
        int length = _agreement!.SendEventPayloadType is { } eventType && _keys.TryNext(_sender.Timestamp, out TelephoneEventReport report)
            ? _sender.WriteEvent(packet, eventType, report, now)
            : WriteAudio(captured, packet, now);
        _sender.EndPeriod(PacketSamples);
        return length;
    }

    /// <summary>A packet that may not be sent: the sampling clock goes on all the same (RFC 3550 section 5.1).</summary>
    public void SkipPacket() => _sender.EndPeriod(PacketSamples);

    /// <summary>Takes an RTP packet; false when it is none, or of a kind that was not agreed on.</summary>
    public bool Receive(ReadOnlySpan<byte> datagram, Instant now)
    {
        if (!RtpPacket.TryRead(datagram, out RtpPacket packet))
        {
            return false;
        }

        RtpHeader header = packet.Header;
        bool isEvent = header.PayloadType == _agreement!.ReceiveEventPayloadType;
        if (!isEvent && header.PayloadType != ComfortNoise.PayloadType && FindCodec(header.PayloadType) is null)
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
                _jitter.Reset();
                _events.Reset();
                break;
            case RtpArrival.OnProbation:
                return true;
            case RtpArrival.Accepted:
                break;
        }

        if (!isEvent)
        {
            _jitter.Receive(
                header.SequenceNumber, header.Timestamp, header.Marker, header.PayloadType, packet.Payload, _clock.Elapsed(now));
        }
        else
        {
            ReceiveEvent(packet);
        }

        return true;
    }

    /// <summary>Whether the packet received last is newer than all before it.</summary>
    public bool IsNewest => _source.IsNewest;

    /// <summary>Takes a compound RTCP packet.</summary>
    public void ReceiveControl(ReadOnlySpan<byte> compound, Instant now) => _control?.Receive(compound, now);

    /// <summary>
    /// Gives the next period of what the peer says, with losses concealed; silence when there is nothing. A peer whose clock is faster
    /// than ours is played faster, so that what it said waits no longer.
    /// </summary>
    /// <param name="period">Where it goes: as long as a period, or shorter where the device has sound to spare.</param>
    /// <param name="now">When it begins.</param>
    public void Play(Span<short> period, Instant now)
    {
        _clock.Begin(now);
        _jitter.Spare(_playedSamples - period.Length);
        Span<short> sound = _samples.AsSpan(0, _rate.Begin(_jitter.Correction, period.Length));
        _player.Play(sound);
        _rate.Play(sound, period);
    }

    /// <summary>Presses a key; false when the peer takes no telephone events, or too many wait.</summary>
    public bool TryPressKey(DtmfDigit digit) => _agreement?.SendEventPayloadType is not null && _keys.TryEnqueue(digit);

    /// <summary>Takes the key that the last packet brought; false when it brought none.</summary>
    public bool TryTakeDigit(out DtmfDigit digit)
    {
        digit = _digit.GetValueOrDefault();
        bool any = _digit is not null;
        _digit = null;
        return any;
    }

    /// <summary>Writes the report that is due; returns its length.</summary>
    public int WriteReport(Span<byte> packet, Instant now, long unixTime) => _control?.WriteReport(packet, now, unixTime) ?? 0;

    /// <summary>Writes the goodbye of RTCP; returns its length.</summary>
    public int WriteGoodbye(Span<byte> packet, Instant now, long unixTime) => _control?.WriteBye(packet, now, unixTime) ?? 0;

    /// <inheritdoc/>
    void IPayloadDecoder.Decode(byte payloadType, ReadOnlySpan<byte> payload, Span<short> samples)
    {
        switch (FindCodec(payloadType))
        {
            case AudioCodec.Pcmu:
                MuLaw.Decode(payload, samples);
                break;
            case AudioCodec.Pcma:
                ALaw.Decode(payload, samples);
                break;
            case null:
                // The agreement has changed while the packet waited in the buffer.
                samples.Clear();
                break;
        }
    }

    private void ReceiveEvent(RtpPacket packet)
    {
        if (TelephoneEvent.TryRead(packet.Payload, out TelephoneEvent telephoneEvent))
        {
            _jitter.ReceivePause(packet.Header.SequenceNumber, packet.Header.Timestamp, telephoneEvent.Duration);
        }

        if (_events.TryReceive(packet.Payload, packet.Header.Timestamp, out DtmfDigit digit))
        {
            _digit = digit;
        }
    }

    private int WriteAudio(ReadOnlySpan<short> captured, Span<byte> packet, Instant now)
    {
        Span<byte> payload = packet.Slice(RtpHeader.Size, PacketSamples);
        switch (_agreement!.Codec)
        {
            case AudioCodec.Pcmu:
                MuLaw.Encode(captured, payload);
                break;
            case AudioCodec.Pcma:
                ALaw.Encode(captured, payload);
                break;
        }

        return _sender.WriteAudio(packet, _agreement.SendPayloadType, PacketSamples, now);
    }

    private AudioCodec? FindCodec(byte payloadType)
    {
        IReadOnlyList<PayloadFormat> formats = _agreement!.ReceiveFormats;
        for (int index = 0; index < formats.Count; index++)
        {
            if (formats[index].PayloadType == payloadType)
            {
                return formats[index].Codec;
            }
        }

        return null;
    }
}
