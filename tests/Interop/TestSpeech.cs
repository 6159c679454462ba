using System;

namespace IntercomAgent.Tests.Interop;

/// <summary>Something like speech, from a seed: syllables of voice with harmonics, hiss and pauses, no two alike.</summary>
public static class TestSpeech
{
    private const int Syllable = WaveFile.SampleRate / 8;

    /// <summary>Makes that many seconds of it.</summary>
    public static short[] Create(int seed, int seconds)
    {
        Random random = new(seed);
        short[] samples = new short[seconds * WaveFile.SampleRate];
        double phase = 0;
        for (int start = 0; start < samples.Length; start += Syllable)
        {
            double pitch = 90 + (random.NextDouble() * 200);
            double glide = 1 + ((random.NextDouble() - 0.5) * 0.00005);
            double loudness = random.Next(6) == 0 ? 0 : 1500 + (random.NextDouble() * 6000);
            double hiss = random.NextDouble() * 0.3;
            for (int index = start; index < Math.Min(start + Syllable, samples.Length); index++)
            {
                pitch *= glide;
                phase += 2 * Math.PI * pitch / WaveFile.SampleRate;
                double voice = Math.Sin(phase) + (0.6 * Math.Sin(2 * phase)) + (0.4 * Math.Sin(5 * phase))
                    + (hiss * ((2 * random.NextDouble()) - 1));
                double envelope = Math.Sin(Math.PI * (index - start) / Syllable);
                samples[index] = (short)(loudness * envelope * voice);
            }
        }

        return samples;
    }
}
