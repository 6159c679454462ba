using System;
using System.Linq;
using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio;

public sealed class SpeakingLevelTests
{
    private readonly SpeakingLevel _level = new();

    [Fact]
    public void Who_was_silent_has_said_nothing()
    {
        Assert.Equal("nothing", _level.Spoken.ToString());
        _level.Measure(Sine(0));
        _level.Measure(Sine(50));

        Assert.Equal("nothing", _level.Spoken.ToString());
        Assert.Equal(new SpokenLevel(LevelMeter.Floor, LevelMeter.Floor), _level.Spoken);
    }

    [Fact]
    public void Pauses_make_nobody_quieter()
    {
        foreach (double amplitude in (double[])[3276.8, 0, 3276.8, 30, 0])
        {
            _level.Measure(Sine(amplitude));
        }

        Assert.Equal(-23, _level.Spoken.Level, 1);
        Assert.Equal(-20, _level.Spoken.Peak, 1);
        Assert.Equal("at -23 dBFS, peak -20", _level.Spoken.ToString());
    }

    [Fact]
    public void The_power_is_averaged_and_the_peak_kept()
    {
        _level.Measure(Sine(32767));
        _level.Measure(Sine(327.67));

        Assert.Equal(-6, _level.Spoken.Level, 1);
        Assert.Equal(0, _level.Spoken.Peak, 1);
    }

    private static short[] Sine(double amplitude) =>
        [.. Enumerable.Range(0, 160).Select(index => (short)(amplitude * Math.Sin(2 * Math.PI * index / 16)))];
}
