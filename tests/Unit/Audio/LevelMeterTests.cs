using System;
using System.Linq;
using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio;

public sealed class LevelMeterTests
{
    private readonly LevelMeter _meter = new();

    [Fact]
    public void Silence_measures_the_floor()
    {
        Assert.Equal(LevelMeter.Floor, _meter.Level);
        _meter.Measure(new short[160]);
        Assert.Equal(LevelMeter.Floor, _meter.Level);
        _meter.Measure([]);
        Assert.Equal(LevelMeter.Floor, _meter.Peak);
    }

    [Fact]
    public void Full_scale_measures_zero()
    {
        _meter.Measure([.. Enumerable.Repeat(short.MinValue, 160)]);

        Assert.Equal(0, _meter.Level);
        Assert.Equal(0, _meter.Peak);
    }

    [Fact]
    public void A_sine_lies_3_dB_below_its_peak()
    {
        _meter.Measure([.. Enumerable.Range(0, 160).Select(index => (short)(3276.8 * Math.Sin(2 * Math.PI * index / 16)))]);

        Assert.Equal(-20, _meter.Peak, 1);
        Assert.Equal(-23, _meter.Level, 1);
    }
}
