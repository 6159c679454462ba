using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Tests.Unit.Gpio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Hal.Sound;

/// <summary>A line as the clock of the media, over a kernel in memory and a clock that is moved by hand.</summary>
public sealed class EdgeClockTests : IDisposable
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1000 * Millisecond;
    private const long Period = 20 * Millisecond;

    private static readonly Readiness Port = new(ServiceClass.AudioClock, 9);

    private readonly FakeLoop _loop = new();
    private readonly GpioDouble _kernel = new();
    private readonly LineDouble _line;
    private readonly List<long> _periods = [];
    private readonly List<AudioIncident> _incidents = [];
    private readonly short[] _samples = new short[160];
    private TimerAudioDevice? _device;
    private EdgeClock? _clock;

    public EdgeClockTests() => _line = _kernel.Add("pinctrl", "GPIO20", "GPIO21").Lines[1];

    public void Dispose()
    {
        _device?.Dispose();
        _clock?.Dispose();
        _kernel.Dispose();
    }

    [Theory]
    [InlineData(50, 300)]
    [InlineData(100, -300)]
    [InlineData(1000, 300)]
    public void Edges_that_keep_time_are_the_clock_however_their_crystal_differs_from_ours(int hertz, double partsPerMillion)
    {
        Open(hertz);
        long opened = _loop.Now;
        Assert.False(_clock!.IsDriving);

        Tick(hertz, seconds: 100, partsPerMillion);

        Assert.True(_clock.IsDriving);
        Assert.Empty(_incidents);
        Assert.Equal((0L, 0L, default), (_clock.SkippedPeriods, _clock.WorstLateness, _clock.Counters));
        double exact = (_loop.Now - opened) * (1 + (partsPerMillion / 1e6)) / Period;
        Assert.InRange(_periods.Count, exact - 1.5, exact + 1.5);

        // Each period has its whole number of edges: they are as long as these, to the nanosecond that the test rounds.
        long[] lengths = [.. _periods.Zip(_periods.Skip(1), (first, second) => second - first).Skip(50)];
        Assert.InRange(lengths.Max() - lengths.Min(), 0, hertz / 50);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(200)]
    public void The_change_from_the_timer_to_the_edges_moves_the_periods_by_half_an_edge_at_most(int hertz)
    {
        long edge = Second / hertz;
        for (long phase = 0; phase < Period; phase += Period / 16)
        {
            Open(hertz);
            _periods.Clear();
            Tick(hertz, seconds: 1, phase: phase);
            _device!.Dispose();

            Assert.All(
                _periods.Zip(_periods.Skip(1), (first, second) => second - first),
                length => Assert.InRange(length, Period - (edge / 2) - 1, Period + (edge / 2) + 1));
            Assert.InRange(_periods.Count, 49, 51);
        }
    }

    [Fact]
    public void Edges_that_the_kernel_had_no_room_for_are_made_up_for_by_their_numbers()
    {
        Open(1000);
        Tick(1000, seconds: 1);
        int before = _periods.Count;

        // The loop is late by 55 ms, and of 55 edges the kernel kept the last 16.
        Tick(1000, seconds: 0.055, kept: 16);
        Tick(1000, seconds: 0.005);

        Assert.Equal((before + 3, 0L), (_periods.Count, _clock!.SkippedPeriods));
        Assert.Equal(new AudioCounters { LostEdges = 55 - 16 }, _clock.Counters);
        Assert.InRange(_clock.WorstLateness, 35 * Millisecond, 36 * Millisecond);
        Assert.True(_clock.IsDriving);
    }

    [Fact]
    public void A_loop_that_stood_still_skips_what_is_too_old_and_goes_on_with_the_edges()
    {
        Open(100);
        Tick(100, seconds: 1);
        long served = _periods.Count;

        Tick(100, seconds: 30, kept: 64);
        Tick(100, seconds: 1);

        Assert.Equal((served + 50 + 3, 1500L - 3), (_periods.Count, _clock!.SkippedPeriods));
        Assert.True(_clock.IsDriving);
        Assert.Empty(_incidents);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(19)]
    public void A_clock_that_stands_still_is_told_once_and_a_timer_goes_on_where_it_stopped(int phase)
    {
        Open(100);
        long opened = _loop.Now;
        Tick(100, seconds: 5.005);
        Pass(seconds: 7 + (phase / 1000.0));

        Assert.False(_clock!.IsDriving);
        Assert.Equal(
            [new AudioIncident(AudioIncidentKind.Lost, "the clock on line gpiochip0:1 stands still; a timer takes its place")], _incidents);
        Tick(100, seconds: 20);

        Assert.True(_clock.IsDriving);
        Assert.Equal(
            new AudioIncident(AudioIncidentKind.Recovered, "the clock on line gpiochip0:1 keeps time again"), Assert.Single(_incidents.Skip(1)));
        Assert.Equal(new AudioCounters { Losses = 1 }, _clock.Counters);
        Assert.Equal(0, _clock.SkippedPeriods);

        // Nothing is lost over it: the two periods in which it was noticed came late, and all of them came.
        Assert.InRange(_periods.Count, ((_loop.Now - opened) / Period) - 1, ((_loop.Now - opened) / Period) + 1);
        Assert.InRange(_periods.Zip(_periods.Skip(1), (first, second) => second - first).Max(), Period, 3 * Period);
    }

    [Fact]
    public void A_clock_that_comes_and_goes_is_told_once_and_counted_each_time()
    {
        Open(100);
        for (int time = 0; time < 20; time++)
        {
            Tick(100, seconds: 1);
            Pass(seconds: 0.5);
        }

        Assert.Equal(AudioIncidentKind.Lost, Assert.Single(_incidents).Kind);
        Assert.Equal(20, _clock!.Counters.Losses);
        Assert.InRange(_periods.Count, (30_000 / 20) - 20, (30_000 / 20) + 20);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(1000)]
    public void Edges_that_the_kernel_stamps_late_now_and_then_still_keep_time(int hertz)
    {
        const int seed = 7;
        Random random = new(seed);
        Open(hertz);
        Tick(hertz, seconds: 1);

        Tick(hertz, seconds: 60, jitter: () => random.NextInt64(4 * Millisecond));

        Assert.True(_clock!.IsDriving, $"seed {seed}");
        Assert.Empty(_incidents);
        Assert.InRange(_periods.Count, 3049, 3051);
    }

    [Fact]
    public void A_clock_of_another_rate_is_told_and_a_timer_stays_the_clock()
    {
        Open(100);
        Tick(50, seconds: 5);

        Assert.False(_clock!.IsDriving);
        Assert.Equal(
            "the clock on line gpiochip0:1 ticks 50 times a second instead of 100 times; a timer takes its place",
            Assert.Single(_incidents).Detail);
        Assert.InRange(_periods.Count, 249, 250);
    }

    [Fact]
    public void A_clock_that_becomes_faster_gives_way_to_the_timer_before_anybody_hears_more_than_a_few_periods()
    {
        Open(100);
        Tick(100, seconds: 1);
        Tick(300, seconds: 1);

        Assert.False(_clock!.IsDriving);
        Assert.Equal(1, _clock.Counters.Losses);
        Assert.InRange(_periods.Count, 100, 110);
    }

    [Fact]
    public void A_word_clock_that_nothing_divides_is_given_back()
    {
        Open(50);
        Tick(48_000, seconds: 0.5);

        Assert.Equal(
            "the clock on line gpiochip0:1 ticks 48000 times a second: nothing divides it; a timer takes its place until the next start",
            Assert.Single(_incidents).Detail);
        Assert.Empty(_loop.Descriptors);
        Assert.False(_line.IsTaken);
        Pass(seconds: 1);
        Assert.InRange(_periods.Count, 74, 75);
    }

    [Fact]
    public void A_clock_that_never_ticks_is_told_when_it_had_time_to_begin()
    {
        Open(50);
        Pass(seconds: 1.9);
        Assert.Empty(_incidents);
        Pass(seconds: 60);

        Assert.Equal("the clock on line gpiochip0:1 stands still; a timer takes its place", Assert.Single(_incidents).Detail);
        Assert.Equal(1, _clock!.Counters.Losses);
        Assert.InRange(_periods.Count, 3094, 3095);
    }

    [Fact]
    public void A_chip_that_is_pulled_out_leaves_the_timer_for_good()
    {
        Open(50);
        Tick(50, seconds: 1);
        _line.PullOut();
        Pass(seconds: 1);

        Assert.Equal(
            "the clock on line gpiochip0:1 cannot be read; a timer takes its place until the next start: no such device",
            Assert.Single(_incidents).Detail);
        Assert.Empty(_loop.Descriptors);
        Assert.InRange(_periods.Count, 99, 101);
    }

    [Fact]
    public void A_line_that_somebody_else_has_is_no_clock()
    {
        _line.User = "w1";

        Assert.Null(EdgeClock.Open(_kernel, _loop, Settings(50), Settings(50).Clock!, Port, out string? problem));
        Assert.Equal("cannot take line gpiochip0:1: device or resource busy, used by \"w1\"", problem);
    }

    [Theory]
    [InlineData(50, true)]
    [InlineData(150, true)]
    [InlineData(1000, true)]
    [InlineData(0, false)]
    [InlineData(25, false)]
    [InlineData(75, false)]
    [InlineData(1050, false)]
    [InlineData(48_000, false)]
    public void A_period_has_a_whole_number_of_edges(int hertz, bool divides) =>
        Assert.Equal(divides, EdgeClock.Divides(Settings(hertz), Settings(hertz).Clock!));

    [Fact]
    public void A_closed_clock_has_given_its_line_back()
    {
        Open(50);
        Assert.True(_line.IsTaken);

        _device!.Dispose();
        _device.Dispose();

        Assert.False(_line.IsTaken);
        Assert.Empty(_loop.Descriptors);
        Assert.Equal(0, _loop.Ports);
    }

    [Fact]
    public void Counting_edges_allocates_nothing()
    {
        Open(100);
        Tick(100, seconds: 1);
        _line.Move(active: true, _loop.Now += 10 * Millisecond);
        _line.Move(active: true, _loop.Now += 10 * Millisecond);
        long before = GC.GetAllocatedBytesForCurrentThread();

        bool captured = _device!.TryCapture(_samples);
        bool more = _device.TryCapture(_samples);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal((true, false), (captured, more));
    }

    private static TimerAudioSettings Settings(int hertz)
    {
        Assert.True(LineAddress.TryParse("GPIO21", out LineAddress? line));
        return new TimerAudioSettings(8000, 160, new SilenceSource(), new DiscardSink()) { Clock = new LineClock(line, hertz) };
    }

    private void Open(int hertz)
    {
        TimerAudioSettings settings = Settings(hertz);
        _clock = EdgeClock.Open(_kernel, _loop, settings, settings.Clock!, Port, out string? problem);
        Assert.Null(problem);
        _device = new TimerAudioDevice(settings, _clock!, _loop, Port);
    }

    /// <summary>Time passes while the line ticks, the first time a moment from now.</summary>
    /// <param name="hertz">Its edges a second.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="partsPerMillion">By how much its crystal is fast.</param>
    /// <param name="phase">The moment, in nanoseconds; 0 is the time of an edge.</param>
    /// <param name="kept">When the loop stands still meanwhile: how many of the edges, the last ones, the kernel keeps.</param>
    /// <param name="jitter">How late an edge is stamped and told, in nanoseconds.</param>
    private void Tick(
        double hertz, double seconds, double partsPerMillion = 0, long phase = 0, int? kept = null, Func<long>? jitter = null)
    {
        long begin = _loop.Now;
        double edge = Second / hertz / (1 + (partsPerMillion / 1e6));
        long count = (long)(seconds * Second / edge);
        for (long index = 1; index <= count; index++)
        {
            long at = begin + phase + (long)((index - (phase == 0 ? 0 : 1)) * edge);
            if (kept is null)
            {
                at = Math.Max(at + (jitter?.Invoke() ?? 0), _loop.Now);
                PassUntil(at);
            }

            _loop.Now = at;
            _line.Move(active: true, at, isLost: index <= count - kept);
            if (kept is null)
            {
                Serve();
            }
        }

        PassUntil(begin + (long)(seconds * Second));
    }

    private void Pass(double seconds) => PassUntil(_loop.Now + (long)(seconds * Second));

    private void PassUntil(long end)
    {
        while (_loop.DueAt <= end)
        {
            _loop.Now = Math.Max(_loop.Now, _loop.DueAt);
            Serve();
        }

        _loop.Now = end;
    }

    private void Serve()
    {
        while (_device!.TryCapture(_samples))
        {
            _device.Play(_samples);
            _periods.Add(_loop.Now);
        }

        while (_device.TryTakeIncident(out AudioIncident incident))
        {
            _incidents.Add(incident);
        }
    }
}
