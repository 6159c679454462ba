using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Rtp;
using IntercomAgent.Sdp;

namespace IntercomAgent.Media;

/// <summary>
/// What the peer says in one call. Its packets wait in one jitter buffer, whose clock has 8000 ticks a second whatever that of the codec;
/// the codec that the newest packet has says by which path they come out.
/// </summary>
internal sealed class VoiceDecoder : ICodecTable, IDisposable
{
    private readonly int _periodPlaces;
    [SuppressMessage("Performance", "CA1859", Justification = "The jitter buffer is replaceable; 50 calls a second cost nothing.")]
    private readonly IJitterBuffer _jitter;
    private readonly PlayoutClock _clock;
    private readonly SoundPath?[] _paths = new SoundPath?[CodecFacts.Count];
    private IReadOnlyList<PayloadFormat> _formats = [];
    [SuppressMessage("Usage", "CA2213", Justification = "It is one of the paths, which are disposed.")]
    private SoundPath? _path;

    /// <summary>Silence, until something comes.</summary>
    /// <param name="periodPlaces">Eighths of a millisecond that are played at once: 40, 80 or 160.</param>
    public VoiceDecoder(int periodPlaces)
    {
        _periodPlaces = periodPlaces;
        _jitter = new AdaptiveJitterBuffer(periodPlaces);
        _clock = new PlayoutClock(periodPlaces, AudioStream.SampleRate);
    }

    /// <summary>How long sound waits in the jitter buffer, on average.</summary>
    public TimeSpan Delay => _jitter.Delay;

    /// <summary>How much sound waits in the jitter buffer now.</summary>
    public TimeSpan Waiting => TimeSpan.FromMicroseconds(_jitter.Depth * 1000L / DelayControl.OctetsPerMillisecond);

    /// <summary>How long sound may wait in the jitter buffer.</summary>
    public static TimeSpan LongestDelay => TimeSpan.FromMilliseconds(DelayControl.Maximum / DelayControl.OctetsPerMillisecond);

    /// <summary>What the jitter buffer has counted.</summary>
    public JitterCounters Counters => _jitter.Counters;

    /// <summary>By how many millionths the peer is played faster, since its clock is.</summary>
    public double Correction => _jitter.Correction;

    /// <inheritdoc/>
    public AudioCodec? CodecOf(byte payloadType)
    {
        for (int index = 0; index < _formats.Count; index++)
        {
            if (_formats[index].PayloadType == payloadType)
            {
                return _formats[index].Codec;
            }
        }

        return null;
    }

    /// <summary>Takes what the peer may send, the most likely first: for that one all is made ready.</summary>
    public void Use(IReadOnlyList<PayloadFormat> formats)
    {
        _formats = formats;
        SoundPath path = PathOf(formats[0].Codec);
        _path ??= path;
    }

    /// <summary>Another source: nothing of what was heard counts any more.</summary>
    public void Reset() => _jitter.Reset();

    /// <summary>Whether a payload type is comfort noise, and what is heard goes with that.</summary>
    public bool TakesNoise(byte payloadType) => payloadType == ComfortNoise.PayloadType && _path is { TakesNoise: true };

    /// <summary>A packet has come in which the peer says that it sends no sound, as one with a telephone event.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="places">How long the pause is so far, in octets of the jitter buffer.</param>
    public void ReceivePause(in RtpHeader header, int places)
    {
        if (_path is not null)
        {
            _jitter.ReceivePause(header.SequenceNumber, _path.PlaceOf(header.Timestamp), places);
        }
    }

    /// <summary>Takes a packet of a codec that was agreed on, or of comfort noise.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="codec">Its codec; null for comfort noise.</param>
    /// <param name="isNewest">Whether it is newer than all before it.</param>
    /// <param name="now">When it came.</param>
    public void Receive(in RtpPacket packet, AudioCodec? codec, bool isNewest, Instant now)
    {
        SoundPath path = codec is { } known ? PathOf(known) : _path!;
        if (path != _path)
        {
            if (!isNewest)
            {
                return;
            }

            // What waits is of another rate.
            _path = path;
            _jitter.Reset();
        }

        RtpHeader header = packet.Header;
        ReadOnlySpan<byte> payload = path.Keep(packet.Payload, header.Timestamp, out RtpTimestamp begins);
        _jitter.Receive(header.SequenceNumber, begins, header.Marker, header.PayloadType, payload, _clock.Elapsed(now));
    }

    /// <summary>Plays the next piece; silence when there is nothing.</summary>
    public void Play(Span<short> period, Instant now)
    {
        _clock.Begin(now);
        if (_path is null)
        {
            period.Clear();
        }
        else
        {
            _path.Play(period);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SoundPath? path in _paths)
        {
            path?.Dispose();
        }
    }

    private SoundPath PathOf(AudioCodec codec)
    {
        // The two codecs of G.711 may follow each other within a talk spurt.
        AudioCodec key = codec == AudioCodec.Pcma ? AudioCodec.Pcmu : codec;
        return _paths[(int)key] ??= new SoundPath(key, this, _jitter, _periodPlaces);
    }
}
