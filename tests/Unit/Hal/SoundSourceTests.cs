using System;
using System.Linq;
using IntercomAgent.Hal.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Hal;

public sealed class SoundSourceTests
{
    [Theory]
    [InlineData(425, 8000)]
    [InlineData(1000, 16_000)]
    public void A_tone_has_its_pitch_and_level_whatever_the_period(int hertz, int rate)
    {
        ToneSource tone = new(hertz, rate);
        short[] second = new short[rate];
        for (int start = 0; start < rate; start += rate / 50)
        {
            tone.Read(second.AsSpan(start, rate / 50));
        }

        int rising = Enumerable.Range(1, rate - 1).Count(index => second[index - 1] < 0 && second[index] >= 0);
        Assert.InRange(rising, hertz - 1, hertz);
        Assert.InRange(second.Max(), 8100, 8192);
        Assert.InRange(Math.Sqrt(second.Average(sample => (double)sample * sample)), 5780, 5805);
    }

    [Fact]
    public void A_tone_above_half_the_sample_rate_is_a_mistake() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ToneSource(4000, 8000));

    [Fact]
    public void Silence_overwrites_what_was_there()
    {
        short[] samples = [1, 2, 3];

        new SilenceSource().Read(samples);

        Assert.Equal([0, 0, 0], samples);
    }

    [Theory]
    [InlineData(2, 1000, 0.99, 1.01)]
    [InlineData(6, 3000, 0.98, 1.02)]
    [InlineData(6, 4600, 0, 0.002)]
    [InlineData(2, 5000, 0, 0.002)]
    [InlineData(6, 20_000, 0, 0.002)]
    public void Decimation_keeps_speech_and_lets_nothing_alias(int factor, int hertz, double least, double most)
    {
        short[] samples = new short[8000 * factor];
        for (int index = 0; index < samples.Length; index++)
        {
            samples[index] = (short)(10_000 * Math.Sin(Math.Tau * hertz * index / (8000 * factor)));
        }

        short[] reduced = Decimation.Reduce(samples, factor);

        Assert.Equal(8000, reduced.Length);
        double level = Math.Sqrt(reduced[100..^100].Average(sample => (double)sample * sample)) * Math.Sqrt(2) / 10_000;
        Assert.InRange(level, least, most);
    }
}
