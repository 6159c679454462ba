using System;

namespace IntercomAgent.Audio;

/// <summary>
/// Takes out what lies below a voice: a Butterworth filter of the second order by the bilinear transform, 12 dB an octave. Wind at a
/// microphone has most of its force there.
/// </summary>
internal sealed class HighPass
{
    private readonly double _gain;
    private readonly double _feedback1;
    private readonly double _feedback2;
    private double _state1;
    private double _state2;

    /// <summary>A filter that lowers its cut-off frequency by 3 dB.</summary>
    /// <param name="cutOff">Hertz; below half of <paramref name="sampleRate"/>.</param>
    /// <param name="sampleRate">Samples a second.</param>
    public HighPass(double cutOff, int sampleRate)
    {
        double warped = Math.Tan(Math.PI * cutOff / sampleRate);
        double scale = 1 / (1 + (Math.Sqrt(2) * warped) + (warped * warped));
        _gain = scale;
        _feedback1 = 2 * ((warped * warped) - 1) * scale;
        _feedback2 = (1 - (Math.Sqrt(2) * warped) + (warped * warped)) * scale;
    }

    /// <summary>Filters samples where they are.</summary>
    public void Filter(Span<short> samples)
    {
        for (int index = 0; index < samples.Length; index++)
        {
            // The transposed direct form; the numerator is 1, -2, 1.
            double input = samples[index] * _gain;
            double output = input + _state1;
            _state1 = (-2 * input) - (_feedback1 * output) + _state2;
            _state2 = input - (_feedback2 * output);
            samples[index] = (short)double.Clamp(double.Round(output), short.MinValue, short.MaxValue);
        }
    }
}
