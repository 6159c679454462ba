using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio;

public sealed class PeakMemoryTests
{
    private readonly PeakMemory _peaks = new(80);

    [Fact]
    public void One_peak_is_an_accident_and_two_are_a_habit()
    {
        _peaks.Record(-800);
        _peaks.Record(-900);
        Pass(5);
        Assert.Equal(PeakMemory.None, _peaks.Least);
        _peaks.Record(-700);
        Assert.Equal(-900, _peaks.Least);
    }

    [Fact]
    public void A_habit_is_forgotten_after_a_while()
    {
        _peaks.Record(-800);
        Pass(15);
        _peaks.Record(-700);
        Pass(14);
        Assert.Equal(-800, _peaks.Least);
        Pass(2);
        Assert.Equal(PeakMemory.None, _peaks.Least);
        _peaks.Record(-600);
        Assert.Equal(-700, _peaks.Least);
    }

    [Fact]
    public void Many_peaks_do_not_overflow_it_and_the_oldest_go()
    {
        for (int peak = 0; peak < 15; peak++)
        {
            _peaks.Record(-1000 + peak);
            Pass(1);
        }

        Assert.Equal(-993, _peaks.Least);
    }

    [Fact]
    public void A_change_of_the_delay_moves_them()
    {
        _peaks.Record(-800);
        Pass(2);
        _peaks.Record(-700);
        _peaks.Shift(300);
        Assert.Equal(-500, _peaks.Least);
        _peaks.Reset();
        Assert.Equal(PeakMemory.None, _peaks.Least);
    }

    private void Pass(int seconds)
    {
        for (int period = 0; period < seconds * 100; period++)
        {
            _peaks.EndPeriod();
        }
    }
}
