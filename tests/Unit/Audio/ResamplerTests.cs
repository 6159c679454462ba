using System;
using System.Collections.Generic;
using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio;

public sealed class ResamplerTests
{
    private const double Amplitude = 16_000;

    [Theory]
    [InlineData(8000, 44_100)]
    [InlineData(8000, 48_000)]
    [InlineData(16_000, 8000)]
    [InlineData(32_000, 8000)]
    [InlineData(44_100, 8000)]
    [InlineData(48_000, 8000)]
    [InlineData(48_000, 16_000)]
    [InlineData(8000, 8000)]
    public void Each_period_gives_exactly_its_share(int input, int output)
    {
        Resampler resampler = new(input, output, input / 100);
        short[] converted = new short[(output / 100) + 1];
        for (int period = 0; period < 1000; period++)
        {
            Assert.Equal(output / 100, resampler.Convert(new short[input / 100], converted));
        }
    }

    [Theory]
    [InlineData(8000, 48_000, 100)]
    [InlineData(8000, 48_000, 3300)]
    [InlineData(8000, 44_100, 3300)]
    [InlineData(48_000, 8000, 1000)]
    [InlineData(48_000, 8000, 3300)]
    [InlineData(44_100, 8000, 3300)]
    [InlineData(48_000, 16_000, 6600)]
    [InlineData(8000, 8000, 3300)]
    public void What_can_be_heard_passes_unchanged(int input, int output, double hertz)
    {
        List<short> converted = Convert(Tone(hertz, input), input, output);
        double level = Decibels(Magnitude(converted, hertz, output) / Amplitude);
        Assert.InRange(level, -0.05, 0.05);

        // What is not the tone is rounding to 16 bits, and images and aliases that are no louder.
        Assert.InRange(Decibels(Rest(converted, hertz, output) / Amplitude), -200, -75);
    }

    [Theory]
    [InlineData(48_000, 8000, 4700)]
    [InlineData(48_000, 8000, 7000)]
    [InlineData(48_000, 8000, 15_000)]
    [InlineData(44_100, 8000, 4700)]
    [InlineData(48_000, 16_000, 9400)]
    public void What_the_lower_rate_cannot_hold_is_gone(int input, int output, double hertz)
    {
        List<short> converted = Convert(Tone(hertz, input), input, output);
        double sum = 0;
        foreach (short sample in converted[(converted.Count / 4)..])
        {
            sum += sample * sample;
        }

        Assert.InRange(Decibels(Math.Sqrt(2 * sum / (converted.Count * 0.75)) / Amplitude), -200, -74);
    }

    [Fact]
    public void Where_periods_join_and_while_the_correction_changes_nothing_clicks()
    {
        const double hertz = 440;
        Resampler resampler = new(8000, 48_000, 80);
        short[] tone = Tone(hertz, 8000);
        short[] converted = new short[482];
        List<short> all = [];
        for (int period = 0; period < 200; period++)
        {
            resampler.Correction = 1000 * Math.Sin(period / 10.0);
            int count = resampler.Convert(tone.AsSpan(period * 80, 80), converted);
            all.AddRange(converted[..count]);
        }

        // A sine's second difference is at most its amplitude times the square of its step.
        double limit = (Amplitude * Math.Pow(Math.Tau * hertz * 1.001 / 48_000, 2)) + 3;
        for (int index = 1000; index < all.Count; index++)
        {
            Assert.InRange(all[index] - (2 * all[index - 1]) + all[index - 2], -limit, limit);
        }
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    public void A_correction_uses_the_input_up_faster_by_its_millionths(double correction)
    {
        Resampler resampler = new(48_000, 48_000, 480) { Correction = correction };
        Assert.InRange(resampler.Correction, correction - 0.1, correction + 0.1);
        short[] converted = new short[482];
        long count = 0;
        for (int period = 0; period < 10_000; period++)
        {
            count += resampler.Convert(new short[480], converted);
        }

        Assert.InRange(4_800_000 * (1 - (correction / 1e6)), count - 2, count + 2);
    }

    [Fact]
    public void It_allocates_nothing()
    {
        Resampler resampler = new(44_100, 8000, 441);
        short[] tone = new short[441];
        short[] converted = new short[81];
        _ = resampler.Convert(tone, converted);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int period = 0; period < 100; period++)
        {
            _ = resampler.Convert(tone, converted);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static short[] Tone(double hertz, int rate)
    {
        short[] tone = new short[rate * 2];
        for (int index = 0; index < tone.Length; index++)
        {
            tone[index] = (short)Math.Round(Amplitude * Math.Sin(Math.Tau * hertz * index / rate));
        }

        return tone;
    }

    private static List<short> Convert(short[] input, int inputRate, int outputRate)
    {
        int period = inputRate / 100;
        Resampler resampler = new(inputRate, outputRate, period);
        short[] converted = new short[(outputRate / 100) + 1];
        List<short> all = [];
        for (int start = 0; start < input.Length; start += period)
        {
            int count = resampler.Convert(input.AsSpan(start, period), converted);
            all.AddRange(converted[..count]);
        }

        return all;
    }

    // Over the last second, after the filter's beginning; the tones of the tests have whole numbers of turns in it.
    private static double Magnitude(List<short> samples, double hertz, int rate)
    {
        (double cosine, double sine) = Correlate(samples, hertz, rate);
        return Math.Sqrt((cosine * cosine) + (sine * sine));
    }

    private static double Rest(List<short> samples, double hertz, int rate)
    {
        (double cosine, double sine) = Correlate(samples, hertz, rate);
        double sum = 0;
        for (int index = samples.Count - rate; index < samples.Count; index++)
        {
            double turn = Math.Tau * hertz * index / rate;
            double rest = samples[index] - (cosine * Math.Cos(turn)) - (sine * Math.Sin(turn));
            sum += rest * rest;
        }

        return Math.Sqrt(2 * sum / rate);
    }

    private static (double Cosine, double Sine) Correlate(List<short> samples, double hertz, int rate)
    {
        double cosine = 0;
        double sine = 0;
        for (int index = samples.Count - rate; index < samples.Count; index++)
        {
            double turn = Math.Tau * hertz * index / rate;
            cosine += samples[index] * Math.Cos(turn);
            sine += samples[index] * Math.Sin(turn);
        }

        return (2 * cosine / rate, 2 * sine / rate);
    }

    private static double Decibels(double ratio) => ratio > 0 ? 20 * Math.Log10(ratio) : -200;
}
