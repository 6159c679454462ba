using System;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;

namespace IntercomAgent.Media;

/// <summary>What we say in one call, as payloads of the codec that was agreed on: at its rate, whatever the rate of the sound that comes.</summary>
internal sealed class VoiceEncoder : IDisposable
{
    private IAudioEncoder? _encoder;
    private AudioCodec _codec;
    private OpusParameters _wishes;
    private Resampler? _resampler;
    private short[] _converted = [];
    private int _soundLength;

    /// <summary>What has to be known of the codec.</summary>
    public CodecFacts Facts => CodecFacts.Of(_codec);

    /// <summary>Takes a codec from now on. What is agreed on once more goes on as it was.</summary>
    public void Use(AudioCodec codec, OpusParameters wishes)
    {
        if (_encoder is not null && codec == _codec && wishes == _wishes)
        {
            return;
        }

        _encoder?.Dispose();
        _encoder = AudioCoders.NewEncoder(codec, wishes);
        _codec = codec;
        _wishes = wishes;
        _converted = new short[Facts.PacketSamples];
        _soundLength = 0;
    }

    /// <summary>Encodes a packet's worth of sound at any rate; returns the payload's length, 0 when nothing needs to be sent.</summary>
    public int Encode(ReadOnlySpan<short> sound, Span<byte> payload)
    {
        if (sound.Length != _soundLength)
        {
            Follow(sound.Length);
        }

        if (_resampler is null)
        {
            return _encoder!.Encode(sound, payload);
        }

        _ = _resampler.Convert(sound, _converted);
        return _encoder!.Encode(_converted, payload);
    }

    /// <summary>The peer has reported which share of our packets it has lost lately, 0 to 1.</summary>
    public void ReportLoss(double lossFraction) => _encoder?.ReportLoss(lossFraction);

    /// <inheritdoc/>
    public void Dispose() => _encoder?.Dispose();

    private void Follow(int soundLength)
    {
        _soundLength = soundLength;
        _resampler = soundLength == Facts.PacketSamples
            ? null
            : new Resampler(soundLength * CodecFacts.PacketsPerSecond, Facts.SampleRate, soundLength);
    }
}
