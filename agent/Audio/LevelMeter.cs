using System;

namespace IntercomAgent.Audio;

/// <summary>Says how loud the last period was.</summary>
internal sealed class LevelMeter
{
    /// <summary>What silence measures: the level of the smallest 16-bit sample is about this, and a log of zero has no number.</summary>
    public const double Floor = -96;

    private const double FullScale = 32768;

    /// <summary>The effective (RMS) level in dBFS, <see cref="Floor"/> to 0. A square wave of full scale measures 0, a sine -3.</summary>
    public double Level { get; private set; } = Floor;

    /// <summary>The greatest magnitude in dBFS, <see cref="Floor"/> to 0.</summary>
    public double Peak { get; private set; } = Floor;

    /// <summary>Measures a period in place of the last one. An empty one is silence.</summary>
    public void Measure(ReadOnlySpan<short> period)
    {
        long squares = 0;
        int peak = 0;
        foreach (short sample in period)
        {
            squares += sample * sample;
            peak = int.Max(peak, int.Abs(sample));
        }

        Level = Decibels(Math.Sqrt((double)squares / int.Max(period.Length, 1)));
        Peak = Decibels(peak);
    }

    private static double Decibels(double amplitude) => amplitude > 0 ? double.Max(20 * Math.Log10(amplitude / FullScale), Floor) : Floor;
}
