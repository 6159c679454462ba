using System;

namespace IntercomAgent.Audio;

/// <summary>The sounds that need no file.</summary>
internal static class StandardSounds
{
    /// <summary>The tone of European exchanges (ITU-T E.180 supplement 2).</summary>
    private const double ExchangeHertz = 425;

    /// <summary>An eighth of full scale: beside speech, not over it.</summary>
    private const double Soft = short.MaxValue / 8.0;

    private const double Loud = short.MaxValue / 3.0;

    /// <summary>A door bell of two notes.</summary>
    public static short[] Pressed(int sampleRate) => [.. Bell(660, 0.5, sampleRate), .. Bell(550, 0.9, sampleRate)];

    /// <summary>It rings: a second of tone, four of silence.</summary>
    public static short[] Ringing(int sampleRate) => [.. Tone(1, sampleRate), .. new short[4 * sampleRate]];

    /// <summary>Nobody came: the busy tone, four times.</summary>
    public static short[] Unanswered(int sampleRate)
    {
        short[] once = [.. Tone(0.48, sampleRate), .. new short[(int)(0.48 * sampleRate)]];
        return [.. once, .. once, .. once, .. once];
    }

    /// <summary>The door is open: three notes upwards.</summary>
    public static short[] Opened(int sampleRate) =>
        [.. Bell(523, 0.12, sampleRate), .. Bell(659, 0.12, sampleRate), .. Bell(784, 0.5, sampleRate)];

    private static short[] Tone(double seconds, int sampleRate) => Make(seconds, sampleRate, at => Soft * Math.Sin(Math.Tau * ExchangeHertz * at));

    /// <summary>A note that fades, with its octave.</summary>
    private static short[] Bell(double hertz, double seconds, int sampleRate) => Make(
        seconds,
        sampleRate,
        at => Loud * Math.Exp(-5 * at) * ((0.75 * Math.Sin(Math.Tau * hertz * at)) + (0.25 * Math.Sin(2 * Math.Tau * hertz * at))));

    /// <summary>A fade of 5 ms at both ends keeps it from clicking.</summary>
    private static short[] Make(double seconds, int sampleRate, Func<double, double> wave)
    {
        short[] samples = new short[(int)(seconds * sampleRate)];
        double fade = sampleRate / 200.0;
        for (int index = 0; index < samples.Length; index++)
        {
            double gain = double.Min(1, double.Min(index, samples.Length - 1 - index) / fade);
            samples[index] = (short)(gain * wave((double)index / sampleRate));
        }

        return samples;
    }
}
