using System;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Rtp;

namespace IntercomAgent.Media;

/// <summary>
/// The way from the jitter buffer to the loudspeaker for the codecs of one rate: decoded, made whole and stretched at that rate, then
/// converted to the rate of whoever listens.
/// </summary>
internal sealed class SoundPath : IDisposable
{
    private readonly IJitterBuffer _jitter;
    private readonly int _sampleRate;
    private readonly int _periodSamples;
    private readonly OctetPayloads? _octets;
    private readonly PacketPayloads? _packets;
    private readonly JitterPlayer _player;
    private readonly short[] _samples;
    private PlayoutRate _rate;
    private int _periodLength;

    /// <summary>A path.</summary>
    /// <param name="codec">Its codec; those of G.711 share one.</param>
    /// <param name="formats">Says which codec a payload type stands for.</param>
    /// <param name="jitter">Where payload waits.</param>
    /// <param name="periodPlaces">Octets of the buffer that are played at once.</param>
    public SoundPath(AudioCodec codec, ICodecTable formats, IJitterBuffer jitter, int periodPlaces)
    {
        _jitter = jitter;
        _sampleRate = CodecFacts.Of(codec).SampleRate;
        _periodSamples = periodPlaces * _sampleRate / AudioStream.SampleRate;
        _octets = CodecFacts.IsOctetStream(codec) ? new OctetPayloads(formats) : null;
        _packets = _octets is null ? new PacketPayloads(codec) : null;
        IPayloadDecoder decoder = _octets is null ? _packets! : _octets;
        _player = new JitterPlayer(jitter, decoder, 2 * _periodSamples, _sampleRate);
        _samples = new short[2 * _periodSamples];
        _periodLength = _periodSamples;
        _rate = new PlayoutRate(_periodSamples, _sampleRate, _sampleRate);
    }

    /// <summary>What is put into the jitter buffer for a packet, and where: nothing for one that is malformed.</summary>
    public ReadOnlySpan<byte> Keep(ReadOnlySpan<byte> payload, RtpTimestamp timestamp, out RtpTimestamp begins)
    {
        begins = timestamp;
        return _packets is null ? payload : _packets.Keep(payload, timestamp, out begins);
    }

    /// <summary>Whether comfort noise may be described in between (RFC 3389): it has the clock of the plainest codecs.</summary>
    public bool TakesNoise => _octets is not null;

    /// <summary>The place in the jitter buffer of a moment of the codec's RTP clock.</summary>
    public RtpTimestamp PlaceOf(RtpTimestamp timestamp) => _packets?.PlaceOf(timestamp) ?? timestamp;

    /// <summary>Plays the next piece, whose length tells the rate that is wanted.</summary>
    public void Play(Span<short> period)
    {
        if (period.Length != _periodLength)
        {
            _periodLength = period.Length;
            int rate = (int)((long)_sampleRate * _periodLength / _periodSamples);
            _rate = new PlayoutRate(_periodLength, _sampleRate, rate);
        }

        Span<short> sound = _samples.AsSpan(0, _rate.Begin(_jitter.Correction));
        _player.Play(sound);
        _rate.Play(sound, period);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _octets?.Dispose();
        _packets?.Dispose();
    }
}
