using System;
using System.Linq;
using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio.Voice;

public sealed class HighPassTests
{
    [Theory]
    [InlineData(8000)]
    [InlineData(16_000)]
    [InlineData(48_000)]
    public void Lowers_wind_and_leaves_a_voice(int sampleRate)
    {
        Assert.InRange(Response(30, sampleRate), -26, -23);
        Assert.InRange(Response(120, sampleRate), -3.2, -2.8);
        Assert.InRange(Response(300, sampleRate), -0.3, 0.05);
        Assert.InRange(Response(3000, sampleRate), -0.1, 0.05);
    }

    [Fact]
    public void Takes_out_a_constant()
    {
        short[] constant = [.. Enumerable.Repeat((short)12_000, 8000)];
        new HighPass(120, 8000).Filter(constant);
        Assert.All(constant[4000..], sample => Assert.InRange(sample, -1, 1));
    }

    private static double Response(double hertz, int sampleRate)
    {
        short[] tone = [.. Enumerable.Range(0, sampleRate).Select(
            index => (short)(20_000 * Math.Sin(2 * Math.PI * hertz * index / sampleRate)))];
        double before = Level(tone);
        new HighPass(120, sampleRate).Filter(tone);
        return 20 * Math.Log10(Level(tone) / before);
    }

    private static double Level(short[] samples) =>
        Math.Sqrt(samples.Skip(samples.Length / 2).Average(sample => (double)sample * sample));
}
