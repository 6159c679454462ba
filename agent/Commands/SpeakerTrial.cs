using System;
using IntercomAgent.Demo;
using IntercomAgent.Hal.Audio;

namespace IntercomAgent.Commands;

/// <summary>Plays a tone and then speech, again and again.</summary>
internal sealed class SpeakerTrial : ISoundTrial
{
    /// <summary>In the middle of what a telephone carries.</summary>
    private const int Hertz = 1000;

    private readonly SoundMeter _meter;
    private readonly short[] _sound;
    private int _next;

    /// <summary>Prepares what is played.</summary>
    /// <param name="sampleRate">Samples a second: those of the demo's speech.</param>
    public SpeakerTrial(int sampleRate)
    {
        _meter = new SoundMeter("loudspeaker", sampleRate, barLength: 30, isOurs: true);
        short[] speech = DemoSpeech.Visitor();
        int pause = sampleRate / 2;
        _sound = new short[sampleRate + pause + speech.Length + pause];
        new ToneSource(Hertz, sampleRate).Read(_sound.AsSpan(0, sampleRate));
        speech.CopyTo(_sound.AsSpan(sampleRate + pause));
    }

    /// <inheritdoc/>
    public string Invitation => "The loudspeaker plays a tone, then speech; Ctrl-C ends this.";

    /// <inheritdoc/>
    public string? Fault => null;

    /// <inheritdoc/>
    public void Answer(ReadOnlySpan<short> captured, Span<short> played)
    {
        foreach (ref short sample in played)
        {
            sample = _sound[_next];
            _next = (_next + 1) % _sound.Length;
        }

        _meter.Measure(played);
    }

    /// <inheritdoc/>
    public string TakeLevels() => _meter.Take();
}
