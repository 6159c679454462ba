using System;
using System.Linq;
using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio;

public sealed class PlayoutRateTests
{
    private const int Period = 160;

    private readonly PlayoutRate _rate = new(Period, 8000, 8000);
    private readonly short[] _period = new short[Period];
    private long _taken;

    [Fact]
    public void Without_a_correction_every_bit_passes_at_once()
    {
        Random random = new(1);
        for (int period = 0; period < 100; period++)
        {
            Assert.Equal(Period, _rate.Begin(0));
            short[] noise = [.. Enumerable.Range(0, Period).Select(_ => (short)random.Next(short.MinValue, short.MaxValue))];
            _rate.Play(noise, _period);
            Assert.Equal(noise, _period);
        }
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    [InlineData(1000)]
    [InlineData(-1000)]
    public void A_correction_changes_the_pace_from_the_very_sample_it_begins_at(double correction)
    {
        for (int period = 0; period < 10; period++)
        {
            Play(0);
            Assert.Equal(Enumerable.Range(period * Period, Period).Select(at => (short)Math.Round(Tone(at))), _period);
        }

        double at = _taken;
        for (int period = 0; period < 2000; period++)
        {
            int needed = Play(correction);

            // What the filter looks ahead: half of its 34 taps.
            Assert.InRange(needed, period == 0 ? Period + 16 : Period - 1, period == 0 ? Period + 18 : Period + 1);
            foreach (short sample in _period)
            {
                Assert.Equal(Tone(at), sample, 3.0);
                at += 1 + (correction / 1e6);
            }
        }
    }

    private static double Tone(double at) => 8000 * Math.Sin(Math.Tau * 440 * at / 8000);

    private int Play(double correction)
    {
        int needed = _rate.Begin(correction);
        short[] samples = [.. Enumerable.Range((int)_taken, needed).Select(at => (short)Math.Round(Tone(at)))];
        _taken += needed;
        _rate.Play(samples, _period);
        return needed;
    }
}
