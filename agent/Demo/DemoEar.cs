using System;
using IntercomAgent.Audio;
using IntercomAgent.Hal.Audio;

namespace IntercomAgent.Demo;

/// <summary>Records what is heard, and tells how much of it was speech.</summary>
/// <param name="recording">Where it is recorded; not owned.</param>
/// <param name="sampleRate">Samples a second.</param>
internal sealed class DemoEar(IAudioSink recording, int sampleRate) : IAudioSink
{
    /// <summary>What is louder is speech: 20 dB below how the voices of the demo speak, and far above what G.711 makes of silence.</summary>
    private const double SpeechLevel = -45;

    private readonly LevelMeter _meter = new();
    private long _samplesOfSpeech;

    /// <summary>How long speech was heard.</summary>
    public TimeSpan Heard => TimeSpan.FromSeconds((double)_samplesOfSpeech / sampleRate);

    /// <summary>The level of the last period, in dBFS.</summary>
    public double Level => _meter.Level;

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<short> samples)
    {
        recording.Write(samples);
        _meter.Measure(samples);
        _samplesOfSpeech += _meter.Level > SpeechLevel ? samples.Length : 0;
    }
}
