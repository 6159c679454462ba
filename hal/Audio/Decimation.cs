using System;

namespace IntercomAgent.Hal.Audio;

/// <summary>
/// Lowers a sample rate by a whole factor: a low-pass filter (a windowed sinc, Blackman's window) keeps what the lower rate can hold,
/// then every so-manieth sample is taken. For whole recordings, not for the media path.
/// </summary>
internal static class Decimation
{
    /// <summary>
    /// Half the filter's length, in samples of the lower rate. Blackman's transition band is 5.5 / length wide, 0.115 of the lower rate.
    /// </summary>
    private const int HalfLength = 24;

    /// <summary>
    /// The middle of the transition band, in parts of the lower rate: half a band below 0.5, where the alias would begin.
    /// </summary>
    private const double CutOff = 0.5 - (5.5 / (2 * HalfLength) / 2);

    /// <summary>Returns the recording at a rate that is <paramref name="factor"/> times lower.</summary>
    public static short[] Reduce(ReadOnlySpan<short> samples, int factor)
    {
        double[] filter = MakeFilter(factor);
        int half = filter.Length / 2;
        short[] reduced = new short[samples.Length / factor];
        for (int index = 0; index < reduced.Length; index++)
        {
            int first = (index * factor) - half;
            double sum = 0;
            for (int tap = Math.Max(0, -first); tap < filter.Length && first + tap < samples.Length; tap++)
            {
                sum += filter[tap] * samples[first + tap];
            }

            reduced[index] = (short)Math.Clamp(Math.Round(sum), short.MinValue, short.MaxValue);
        }

        return reduced;
    }

    private static double[] MakeFilter(int factor)
    {
        int half = HalfLength * factor;
        double[] filter = new double[(2 * half) + 1];
        double sum = 0;
        for (int tap = 0; tap < filter.Length; tap++)
        {
            double turn = Math.PI * tap / half;
            double window = 0.42 - (0.5 * Math.Cos(turn)) + (0.08 * Math.Cos(2 * turn));
            double at = Math.Tau * CutOff * (tap - half) / factor;
            filter[tap] = window * (tap == half ? 1 : Math.Sin(at) / at);
            sum += filter[tap];
        }

        for (int tap = 0; tap < filter.Length; tap++)
        {
            filter[tap] /= sum;
        }

        return filter;
    }
}
