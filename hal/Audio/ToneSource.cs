using System;

namespace IntercomAgent.Hal.Audio;

/// <summary>A sine that never ends.</summary>
public sealed class ToneSource : IAudioSource
{
    /// <summary>A quarter of full scale, -12 dBFS: loud enough to measure, with room for a mixer to add other sound.</summary>
    private const double Amplitude = 8192;

    private readonly double _step;
    private double _phase;

    /// <summary>Makes a tone.</summary>
    /// <param name="hertz">Its pitch, below half the sample rate.</param>
    /// <param name="sampleRate">Samples a second.</param>
    public ToneSource(int hertz, int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hertz);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(hertz, sampleRate / 2);
        _step = Math.Tau * hertz / sampleRate;
    }

    /// <inheritdoc/>
    public void Read(Span<short> samples)
    {
        foreach (ref short sample in samples)
        {
            sample = (short)Math.Round(Amplitude * Math.Sin(_phase));
            _phase += _step;
            if (_phase >= Math.Tau)
            {
                _phase -= Math.Tau;
            }
        }
    }
}
