using System;
using IntercomAgent.Commands;
using Xunit;

namespace IntercomAgent.Tests.Unit.Commands;

public sealed class SoundMeterTests
{
    private const int Rate = 8000;
    private const int Period = 160;

    private readonly SoundMeter _meter = new("microphone", Rate, barLength: 30, isOurs: false);

    [Theory]
    [InlineData(0, "microphone [                              ] silence: nothing arrives")]
    [InlineData(3, "microphone [                              ] silence: nothing arrives")]
    [InlineData(4, "microphone [                              ] -78 dB, peak -78 dB")]
    [InlineData(33, "microphone [#                             ] -60 dB, peak -60 dB")]
    [InlineData(1036, "microphone [###############               ] -30 dB, peak -30 dB")]
    [InlineData(-16_384, "microphone [###########################   ]  -6 dB, peak  -6 dB")]
    [InlineData(31_000, "microphone [##############################]  -0 dB, peak  -0 dB")]
    [InlineData(32_767, "microphone [##############################] too loud: clips")]
    [InlineData(-32_768, "microphone [##############################] too loud: clips")]
    public void A_level_is_a_bar_and_numbers_or_a_word(short level, string expected)
    {
        Measure(level);
        Assert.Equal(expected, _meter.Take().TrimEnd());
    }

    [Fact]
    public void All_lines_are_equally_long()
    {
        int length = _meter.Take().Length;
        foreach (short level in new short[] { 0, 4, 1000, 32_767 })
        {
            Measure(level);
            Assert.Equal(length, _meter.Take().Length);
        }
    }

    [Fact]
    public void The_bar_shows_the_loudest_period_since_the_last_time()
    {
        Measure(1036);
        Measure(104);
        Assert.Contains("-30 dB, peak -30 dB", _meter.Take(), StringComparison.Ordinal);
        Measure(104);
        Assert.Contains("-50 dB, peak -30 dB", _meter.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_peak_is_held_for_a_second_so_that_it_can_be_read()
    {
        Measure(32_767);
        Assert.Contains("clips", _meter.Take(), StringComparison.Ordinal);
        for (int period = 1; period < Rate / Period; period++)
        {
            Measure(104);
            Assert.Contains("clips", _meter.Take(), StringComparison.Ordinal);
        }

        Measure(104);
        Assert.Contains("-50 dB, peak -50 dB", _meter.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_remembers_whether_there_was_ever_a_sound()
    {
        Measure(3);
        Assert.True(_meter.IsSilent);
        Measure(104);
        Measure(0);
        Assert.False(_meter.IsSilent);
    }

    [Fact]
    public void What_we_play_ourselves_is_never_wrong()
    {
        SoundMeter ours = new("played", Rate, barLength: 8, isOurs: true);
        Assert.Equal("played [        ] -96 dB, peak -96 dB", ours.Take().TrimEnd());
    }

    private void Measure(short level)
    {
        short[] period = new short[Period];
        Array.Fill(period, level);
        _meter.Measure(period);
    }
}
