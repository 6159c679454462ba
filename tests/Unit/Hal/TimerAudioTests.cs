using System;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Loop;
using Xunit;

namespace IntercomAgent.Tests.Unit.Hal;

public sealed class TimerAudioTests : IDisposable
{
    private static readonly Readiness Port = new(ServiceClass.AudioClock, 9);

    private readonly Machine _machine = new();
    private readonly short[] _period = new short[8];

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Each_period_is_due_once_and_passes_from_source_to_sink()
    {
        CountingSource source = new();
        CollectingSink sink = new();
        using IAudioDevice device = Open(8000, 8, source, sink);

        for (int period = 0; period < 10; period++)
        {
            Assert.Equal([Port], MachineDouble.WaitForPorts(_machine));
            while (device.TryCapture(_period))
            {
                device.Play(_period);
            }
        }

        Assert.True(sink.Taken >= 80);
        Assert.Equal(sink.Taken - 1, sink.Last);
        Assert.True(device.WorstLateness >= 0);
    }

    [Fact]
    public void Periods_fall_due_at_moments_counted_from_the_opening_so_that_no_lateness_adds_up()
    {
        using TimerAudioDevice device = (TimerAudioDevice)Open(11_025, 7, new SilenceSource(), new DiscardSink());
        long opened = device.DueAt - (7 * 1_000_000_000L / 11_025);
        short[] period = new short[7];
        long captured = 0;
        while (captured < 40)
        {
            _ = MachineDouble.WaitForPorts(_machine);
            while (device.TryCapture(period))
            {
                captured++;
                long over = captured + device.SkippedPeriods + 1;
                Assert.Equal(opened + (over * 7 * 1_000_000_000L / 11_025), device.DueAt);
            }

            Assert.True(device.DueAt > _machine.Now);
        }
    }

    [Fact]
    public void A_late_loop_makes_up_for_a_few_periods_and_skips_the_rest()
    {
        CountingSource source = new();
        using TimerAudioDevice device = (TimerAudioDevice)Open(8000, 8, source, new DiscardSink());
        long firstDue = device.DueAt;

        // Fifty periods of 1 ms pass while the loop is kept from turning.
        while (_machine.ReadClock() < firstDue + 50_000_000)
        {
        }

        _ = MachineDouble.WaitForPorts(_machine);
        int captured = 0;
        while (device.TryCapture(_period))
        {
            captured++;
        }

        Assert.Equal(PeriodClock.MaximumPeriodsBehind, captured);
        Assert.True(device.SkippedPeriods >= 51 - PeriodClock.MaximumPeriodsBehind);
        Assert.True(device.WorstLateness >= 50_000_000);
        Assert.Equal(captured * 8, source.Given);
    }

    [Fact]
    public void A_closed_device_is_never_due()
    {
        IAudioDevice device = Open(8000, 8, new SilenceSource(), new DiscardSink());
        _ = MachineDouble.WaitForPorts(_machine);

        device.Dispose();
        device.Dispose();

        Assert.Empty(MachineDouble.Look(_machine));
        _ = Assert.Throws<ObjectDisposedException>(() => device.TryCapture(_period));
    }

    [Theory]
    [InlineData(4000, 80, "cannot sample 4000 times a second: it must be 8000 to 48000")]
    [InlineData(8000, 0, "cannot use periods of 0 samples: they must be 1 to a second's worth")]
    [InlineData(8000, 8001, "cannot use periods of 8001 samples: they must be 1 to a second's worth")]
    public void Settings_that_make_no_sense_are_named(int rate, int samples, string expected)
    {
        TimerAudioSettings settings = new(rate, samples, new SilenceSource(), new DiscardSink());

        Assert.Null(_machine.OpenAudioDevice(settings, Port, out string? problem));
        Assert.Equal(expected, problem);
    }

    private IAudioDevice Open(int rate, int samples, IAudioSource source, IAudioSink sink)
    {
        IAudioDevice? device = _machine.OpenAudioDevice(new TimerAudioSettings(rate, samples, source, sink), Port, out string? problem);
        Assert.Null(problem);
        return Assert.IsAssignableFrom<IAudioDevice>(device);
    }

    private sealed class CountingSource : IAudioSource
    {
        public int Given { get; private set; }

        public void Read(Span<short> samples)
        {
            foreach (ref short sample in samples)
            {
                sample = (short)Given++;
            }
        }
    }

    private sealed class CollectingSink : IAudioSink
    {
        public int Taken { get; private set; }

        public short Last { get; private set; }

        public void Write(ReadOnlySpan<short> samples)
        {
            Taken += samples.Length;
            Last = samples[^1];
        }
    }
}
