using System.Linq;
using IntercomAgent.Hal.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Hal.Sound;

/// <summary>The expected values are those of alsa-utils, set_normalized_volume in alsamixer/volume_mapping.c.</summary>
public sealed class MixerVolumeTests
{
    [Theory]
    [InlineData(-12_800, 800, 1, -10_082)]
    [InlineData(-12_800, 800, 50, -992)]
    [InlineData(-12_800, 800, 80, 222)]
    [InlineData(-5100, 0, 10, -3862)]
    [InlineData(-5100, 0, 50, -1462)]
    [InlineData(-5100, 0, 80, -491)]
    public void A_wide_range_is_divided_as_an_ear_hears_it(long least, long most, int percent, long expected) =>
        Assert.Equal(expected, MixerVolume.Decibels(least, most, percent));

    [Theory]
    [InlineData(-2300, 100, 10, -2060)]
    [InlineData(-2300, 100, 50, -1100)]
    [InlineData(0, 2400, 25, 600)]
    public void A_range_of_24_dB_or_less_is_divided_evenly(long least, long most, int percent, long expected) =>
        Assert.Equal(expected, MixerVolume.Decibels(least, most, percent));

    [Theory]
    [InlineData(1, -11_600)]
    [InlineData(50, -1406)]
    [InlineData(80, -181)]
    public void A_control_that_is_silent_at_its_least_has_no_quietest_level(int percent, long expected) =>
        Assert.Equal(expected, MixerVolume.Decibels(-9_999_999, 400, percent));

    [Theory]
    [InlineData(-12_800, 800)]
    [InlineData(-9_999_999, 400)]
    [InlineData(-2300, 100)]
    [InlineData(0, 0)]
    public void Nothing_and_everything_are_the_ends_of_the_range_and_more_is_never_less(long least, long most)
    {
        long[] values = [.. Enumerable.Range(0, 101).Select(percent => MixerVolume.Decibels(least, most, percent))];

        Assert.Equal((least, most), (values[0], values[100]));
        Assert.Equal(values.Order(), values);
    }

    [Fact]
    public void A_control_without_decibels_is_divided_evenly() =>
        Assert.Equal([0, 16, 32, 50, 63], new[] { 0, 25, 50, 80, 100 }.Select(percent => MixerVolume.Even(0, 63, percent)));
}
