using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;
using Xunit;

namespace IntercomAgent.Tests.Unit.Hal.Sound;

public sealed class AlsaAudioDeviceTests
{
    private const int Period = 80;

    /// <summary>What waits just after a period was played: that one, and half a one in case the loop is late.</summary>
    private const int FirstWaiting = 3 * Period / 2;
    private const long Millisecond = 1_000_000;

    private static readonly AlsaAudioSettings Wish = new(8000, Period) { CaptureDevice = "hw:0", PlaybackDevice = "hw:0" };

    private readonly FakeLoop _loop = new();
    private readonly FakeCard _card = new();
    private readonly FakeMixer _mixer = new();
    private readonly short[] _captured = new short[Period];

    [Fact]
    public void Each_captured_period_is_due_once_and_silence_is_played_before_the_first_answer()
    {
        using AlsaAudioDevice device = Open();
        for (int period = 0; period < 5; period++)
        {
            Assert.Equal(0, Serve(device));
            Pass(10);
            Assert.Equal(1, Serve(device));
            Assert.Equal(period * Period, _captured[0]);
        }

        Assert.Equal([1000 + (int)PcmDirection.Capture], _loop.Descriptors);
        Assert.Equal(long.MaxValue, _loop.DueAt);
        Assert.Equal(new short[FirstWaiting], _card.Playback!.Played.Take(FirstWaiting));
        Assert.Equal(Enumerable.Range(0, 5 * Period).Select(sample => (short)sample), _card.Playback.Played.Skip(FirstWaiting));
        Assert.Equal(1, _card.Capture!.Starts);
        Assert.Equal(1, _card.Playback.Starts);
        Assert.Null(device.QueuedSamples);
        Assert.Equal(default, device.Counters);
        Assert.Empty(Incidents(device));
    }

    [Theory]
    [InlineData(CaptureChannel.Both, new[] { 500, 500, 501, 501 })]
    [InlineData(CaptureChannel.Left, new[] { 0, 1, 2, 3 })]
    [InlineData(CaptureChannel.Right, new[] { 1000, 1000, 1000, 1000 })]
    public void A_card_with_two_channels_hears_with_those_that_are_wished_and_speaks_with_both(CaptureChannel channel, int[] heard)
    {
        _card.LeastChannels = 2;
        _card.Second = 1000;
        using AlsaAudioDevice device = Open(Wish with { CaptureChannel = channel });
        Pass(10);
        Assert.Equal(1, Serve(device));

        Assert.Equal(heard, _captured.Take(4).Select(sample => (int)sample));
        int[] spoken = [.. heard.SelectMany(sample => new[] { sample, sample })];
        Assert.Equal(spoken, _card.Playback!.Played.Skip(2 * FirstWaiting).Take(8).Select(sample => (int)sample));
    }

    [Theory]
    [InlineData(short.MinValue)]
    [InlineData(short.MaxValue)]
    public void The_mean_of_two_loud_channels_is_as_loud(short loud)
    {
        _card.LeastChannels = 2;
        _card.Second = loud;
        _card.First = loud;
        using AlsaAudioDevice device = Open();
        Pass(10);
        Assert.Equal(1, Serve(device));

        Assert.All(_captured, sample => Assert.Equal(loud, sample));
    }

    [Theory]
    [InlineData(new[] { 8000, 48_000 }, 8000)]
    [InlineData(new[] { 48_000, 16_000 }, 16_000)]
    [InlineData(new[] { 44_100 }, 44_100)]
    [InlineData(new[] { 44_100, 48_000 }, 48_000)]
    public void The_cheapest_rate_that_the_card_offers_is_taken_and_the_period_stays(int[] rates, int expected)
    {
        _card.Rates.Clear();
        _card.Rates.AddRange(rates);
        using AlsaAudioDevice device = Open();

        Assert.Equal(expected, device.SampleRate);
        Assert.Equal(expected / 100, device.PeriodSamples);
    }

    [Fact]
    public void A_rate_that_a_plug_in_makes_is_the_last_resort()
    {
        _card.Rates.Clear();
        _card.Rates.Add(44_100);
        _card.ConvertedRates.AddRange([8000, 16_000, 44_100]);
        using (AlsaAudioDevice device = Open())
        {
            Assert.Equal(44_100, device.SampleRate);
        }

        using AlsaAudioDevice converted = Open(Wish with { OnlyRate = 16_000 });
        Assert.Equal(16_000, converted.SampleRate);
    }

    [Fact]
    public void What_cannot_be_opened_says_why_and_leaves_nothing_open()
    {
        _card.Rates.Clear();
        Assert.Null(AlsaAudioDevice.Open(_card, _mixer, Wish, _loop, default, out string? problem));
        Assert.Equal(
            "the sound device hw:0 has no rate of 8, 16, 32, 44.1 or 48 kHz in 16 bit with one or two channels; with plughw: in place of "
            + "hw: ALSA converts", problem);
        Assert.Equal(_card.Opened, _card.Closed);

        _card.Refusal = Errno.EBUSY;
        Assert.Null(AlsaAudioDevice.Open(_card, _mixer, Wish, _loop, default, out problem));
        Assert.Equal("cannot capture from the sound device hw:0: device or resource busy", problem);
        Assert.Equal(0, _loop.Ports);
    }

    [Fact]
    public void An_interruption_starts_the_card_again_and_is_told_once_and_then_by_the_hour_with_its_number()
    {
        using AlsaAudioDevice device = Open();
        Pass(10);
        Assert.Equal(1, Serve(device));
        for (int time = 0; time < 3; time++)
        {
            Pass(40);
            Assert.Equal(0, Serve(device));
            Pass(10);
            Assert.Equal(1, Serve(device));
        }

        Assert.Equal(3, device.Counters.Interruptions);
        Assert.Equal(["the sound was interrupted: the loop came too late"], Details(device));

        for (int period = 0; period < 359_988; period++)
        {
            Pass(10);
            Assert.Equal(1, Serve(device));
        }

        Assert.Empty(Details(device));
        Pass(10);
        Assert.Equal(1, Serve(device));
        Assert.Equal(["the sound was interrupted 2 times since that was told last: the loop came too late"], Details(device));
        Pass(40);
        Assert.Equal(0, Serve(device));
        Assert.Empty(Details(device));
    }

    [Fact]
    public void What_goes_wrong_before_the_first_period_has_interrupted_nothing()
    {
        using AlsaAudioDevice device = Open();
        Pass(25);
        Assert.Equal(0, Serve(device));
        Pass(10);
        Assert.Equal(1, Serve(device));
        Assert.Equal(FirstWaiting, _card.Playback!.Waiting);
        Assert.Equal(default, device.Counters);
        Assert.Empty(Details(device));
    }

    [Fact]
    public void After_each_stall_that_was_too_long_for_what_waits_twice_as_much_is_there_for_the_next_one()
    {
        using AlsaAudioDevice device = Open();
        Pass(10);
        Assert.Equal(1, Serve(device));
        Assert.Equal(FirstWaiting, _card.Playback!.Waiting);

        // So late is the loop, in milliseconds, and so many periods wait afterwards for whoever is late again.
        foreach ((int late, int waiting) in ((int, int)[])[(6, 1), (11, 2), (21, 2)])
        {
            Pass(10 + late);
            Assert.Equal(0, Serve(device));
            Pass(10);
            Assert.Equal(1, Serve(device));
            Assert.Equal((waiting + 1) * Period, _card.Playback.Waiting);
            Pass(10 * (1 + waiting));
            Assert.Equal(1 + waiting, Serve(device));
            Assert.Equal((waiting + 1) * Period, _card.Playback.Waiting);
        }

        Assert.Equal(3, device.Counters.Interruptions);
    }

    [Fact]
    public void On_a_card_that_looks_once_in_a_period_the_first_interruption_makes_what_waits_longer_too()
    {
        _card.LeastPeriod = Period;
        using AlsaAudioDevice device = Open();
        Pass(10);
        Assert.Equal(1, Serve(device));
        Assert.Equal(2 * Period, _card.Playback!.Waiting);
        Pass(25);
        Assert.Equal(0, Serve(device));
        Pass(10);
        Assert.Equal(1, Serve(device));
        Assert.Equal(3 * Period, _card.Playback.Waiting);
    }

    [Fact]
    public void A_minute_after_an_interruption_less_is_wanted_and_after_the_next_one_two_minutes()
    {
        using AlsaAudioDevice device = Open();
        Pass(10);
        Assert.Equal(1, Serve(device));
        for (int minutes = 1; minutes <= 4; minutes *= 2)
        {
            Pass(16);
            Assert.Equal(0, Serve(device));
            for (int period = 0; period < (minutes * 6000) - 1; period++)
            {
                Pass(10);
                Assert.Equal(1, Serve(device));
            }

            Assert.Null(device.QueuedSamples);
            Assert.Equal(Period, device.WantedSamples);
            Pass(10);
            Assert.True(device.TryCapture(_captured.AsSpan(0, Period)));
            Assert.Equal((Period, Period / 2), (device.QueuedSamples, device.WantedSamples));

            // Whoever plays makes up for that, here at once.
            device.Play(new short[Period / 2]);
            Pass(10);
            Assert.Equal(1, Serve(device));
            Assert.Equal(FirstWaiting, _card.Playback!.Waiting);
        }

        Assert.Equal(3, device.Counters.Interruptions);
    }

    [Fact]
    public void What_became_longer_twice_becomes_shorter_in_two_steps()
    {
        using AlsaAudioDevice device = Open();
        Pass(10);
        Assert.Equal(1, Serve(device));
        foreach (int late in (int[])[6, 11])
        {
            Pass(10 + late);
            Assert.Equal(0, Serve(device));
            Pass(10);
            Assert.Equal(1, Serve(device));
        }

        Assert.Equal(2 * Period, device.WantedSamples);
        foreach ((int minutes, int wanted) in ((int, int)[])[(2, Period), (4, Period / 2), (60, Period / 2)])
        {
            for (int period = 0; period < minutes * 6000; period++)
            {
                Pass(10);
                Assert.Equal(1, Serve(device));
            }

            Assert.Equal(wanted, device.WantedSamples);
        }

        Assert.Equal(2, device.Counters.Interruptions);
    }

    [Fact]
    public void A_stall_that_no_buffer_bridges_makes_the_delay_no_longer()
    {
        using AlsaAudioDevice device = Open();
        Pass(10);
        Assert.Equal(1, Serve(device));
        Pass(40);
        Assert.Equal(0, Serve(device));
        Pass(10);
        Assert.Equal(1, Serve(device));
        Assert.Equal(FirstWaiting, _card.Playback!.Waiting);
        Assert.Equal(1, device.Counters.Interruptions);
    }

    [Fact]
    public void What_is_left_of_a_period_when_the_card_starts_anew_makes_the_delay_no_longer()
    {
        using AlsaAudioDevice device = Open();
        ReadOnlySpan<short> half = _captured.AsSpan(0, Period / 2);
        Pass(10);
        Assert.Equal(1, Serve(device));

        // The first half meets it.
        Pass(10);
        Assert.True(device.TryCapture(_captured));
        _card.Fail(Errno.EPIPE);
        device.Play(half);
        AssertDropped(device);

        // It happens between the halves, and whoever captures learns of it.
        Pass(10);
        Assert.True(device.TryCapture(_captured));
        device.Play(half);
        Pass(40);
        Assert.False(device.TryCapture(_captured));
        AssertDropped(device);

        // The second half, which is late, meets it, and the next period has been captured.
        Pass(10);
        Assert.True(device.TryCapture(_captured));
        device.Play(half);
        Pass(10);
        Assert.True(device.TryCapture(_captured));
        _card.Playback!.Failure = Errno.EPIPE;
        device.Play(half);
        AssertDropped(device);
        Assert.Equal(3, device.Counters.Interruptions);
    }

    [Fact]
    public void A_period_says_how_long_ago_it_ended()
    {
        using AlsaAudioDevice device = Open();
        foreach (int late in (int[])[0, 3, 4, 0])
        {
            Pass(10 + late);
            Assert.True(device.TryCapture(_captured));
            Assert.Equal(late * 8, device.CapturedSince);
            device.Play(_captured);
            Assert.Equal(FirstWaiting - (late * 8), _card.Playback!.Waiting);
            Pass(10 - late);
            Assert.Equal(1, Serve(device));
        }
    }

    [Fact]
    public void While_the_machine_sleeps_a_timer_is_the_clock()
    {
        using AlsaAudioDevice device = Open();
        _card.Fail(Errno.ESTRPIPE);
        _card.Capture!.ResumeAnswer = Errno.EAGAIN;
        Assert.Equal(0, Serve(device));
        Assert.Empty(_loop.Descriptors);
        for (int period = 0; period < 5; period++)
        {
            _loop.Now = _loop.DueAt;
            Assert.Equal(1, Serve(device));
            Assert.True(_captured.All(sample => sample == 0));
        }

        _card.Capture.ResumeAnswer = Errno.ENOSYS;
        _loop.Now = _loop.DueAt;
        Assert.Equal(0, Serve(device));
        Pass(10);
        Assert.Equal(1, Serve(device));
        Assert.Equal(1, device.Counters.Suspensions);
        Assert.Equal([AudioIncidentKind.Suspended, AudioIncidentKind.Recovered], Incidents(device));
    }

    [Fact]
    public void A_card_that_is_pulled_out_is_used_again_when_it_is_back_and_the_periods_go_on_meanwhile()
    {
        using AlsaAudioDevice device = Open();
        _card.Fail(Errno.ENODEV);
        _card.Refusal = Errno.ENOENT;
        Assert.Equal(0, Serve(device));
        Assert.Equal(2, _card.Closed);
        for (int period = 0; period < 2000; period++)
        {
            _loop.Now = _loop.DueAt;
            Assert.Equal(1, Serve(device));
        }

        _card.Refusal = Errno.None;
        int periods = 0;
        while (_loop.Descriptors.Count == 0)
        {
            _loop.Now = _loop.DueAt;
            periods += Serve(device);
        }

        Assert.InRange(periods, 0, 800);
        Assert.Equal(4, _card.Opened);
        Pass(10);
        Assert.Equal(1, Serve(device));
        Assert.Equal(1, device.Counters.Losses);
        Assert.Equal([AudioIncidentKind.Lost, AudioIncidentKind.Recovered], Incidents(device));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_card_that_is_pulled_out_and_says_nothing_is_missed_all_the_same(bool playsOnly, bool cannotBeWaitedFor)
    {
        _loop.Refusal = cannotBeWaitedFor ? Errno.EPERM : Errno.None;
        using AlsaAudioDevice device = Open(playsOnly ? Wish with { CaptureDevice = null } : Wish);
        Pass(10);
        Assert.Equal(1, Serve(device));
        Pass(3);
        _card.PullOut();
        _card.Refusal = Errno.ENODEV;
        Pass(5);
        Assert.Equal(0, Serve(device));
        Assert.Equal([AudioIncidentKind.Lost], Incidents(device));
        for (int period = 0; period < 100; period++)
        {
            _loop.Now = _loop.DueAt;
            Assert.Equal(1, Serve(device));
        }

        Assert.Equal(1, device.Counters.Losses);
    }

    [Fact]
    public void A_card_that_is_missing_at_the_start_is_waited_for_and_used_at_the_rate_that_it_has()
    {
        _card.Refusal = Errno.ENOENT;
        using AlsaAudioDevice device = Open(Wish with { WaitsForDevice = true, VolumePercent = 70, GainPercent = 30, GainControl = "Micro" });
        Assert.True(device.TryTakeIncident(out AudioIncident incident));
        Assert.Equal(
            new AudioIncident(
                AudioIncidentKind.Lost, "cannot capture from the sound device hw:0: no such file or directory; it is waited for"), incident);
        for (int period = 0; period < 3000; period++)
        {
            _loop.Now = _loop.DueAt;
            Assert.Equal(1, Serve(device));
        }

        Assert.Equal((8000, Period), (device.SampleRate, device.PeriodSamples));
        Assert.Empty(_mixer.Set);
        _card.Refusal = Errno.None;
        _card.Rates.Clear();
        _card.Rates.Add(48_000);
        while (_loop.Descriptors.Count == 0)
        {
            _loop.Now = _loop.DueAt;
            _ = Serve(device);
        }

        Assert.Equal((48_000, 6 * Period), (device.SampleRate, device.PeriodSamples));
        _loop.Now += 10 * Millisecond;
        _card.Pass(6 * Period);
        Assert.True(device.TryCapture(new short[6 * Period]));
        Assert.Equal(["Speaker Playback 70"], _mixer.Set);
        Assert.Equal([AudioIncidentKind.Control, AudioIncidentKind.Recovered], Incidents(device));
        Assert.Equal(0, device.Counters.Losses);
    }

    [Fact]
    public void A_card_that_is_there_and_does_not_suit_is_not_waited_for()
    {
        AlsaAudioSettings settings = Wish with { WaitsForDevice = true, OnlyRate = 44_100 };
        Assert.Null(AlsaAudioDevice.Open(_card, _mixer, settings, _loop, default, out string? problem));
        Assert.Equal("the sound device hw:0 cannot do 44100 samples a second in 16 bit, with one or two channels", problem);
        Assert.Equal(0, _loop.Ports);
    }

    [Fact]
    public void A_card_that_never_gives_a_period_is_opened_ever_more_seldom_and_told_once()
    {
        using AlsaAudioDevice device = Open();
        for (int period = 0; period < 6000; period++)
        {
            _card.Fail(Errno.EIO);
            _loop.Now = long.Min(_loop.DueAt, _loop.Now + (10 * Millisecond));
            _ = Serve(device);
        }

        // A minute: after half a second, one, two, four, and then every eight.
        Assert.InRange(_card.Opened / 2, 8, 12);
        Assert.Equal([AudioIncidentKind.Lost], Incidents(device));
    }

    [Fact]
    public void Descriptors_that_are_always_ready_do_not_keep_the_loop_awake()
    {
        using AlsaAudioDevice device = Open();
        int wakes = 0;
        while (_loop.Descriptors.Count > 0)
        {
            Assert.Equal(0, Serve(device));
            Assert.InRange(++wakes, 1, PcmWatch.MaximumSpurious);
        }

        // From now on it is looked at four times in a period, and still gives every one.
        int periods = 0;
        for (wakes = 0; wakes < 400; wakes++)
        {
            long due = _loop.DueAt;
            Assert.InRange(due - _loop.Now, Millisecond, 5 * Millisecond);
            _card.Pass((int)(due - _loop.Now) * 8 / (int)Millisecond);
            _loop.Now = due;
            periods += Serve(device);
        }

        Assert.Equal(100, periods);
        Assert.Equal(0, device.Counters.Interruptions);
    }

    [Fact]
    public void A_stream_that_cannot_be_waited_for_is_looked_at_by_a_timer()
    {
        _loop.Refusal = Errno.EPERM;
        using AlsaAudioDevice device = Open();
        Pass(10);
        Assert.Equal(1, Serve(device));
        Assert.InRange(_loop.DueAt - _loop.Now, Millisecond, 5 * Millisecond);
    }

    [Fact]
    public void A_stream_without_a_clock_is_paced_by_a_timer()
    {
        _card.HasNoClock = true;
        using AlsaAudioDevice device = Open();

        // Time stands still, and all the same there is always a period, and always room.
        Assert.InRange(Serve(device), 1, 20);
        int periods = 0;
        for (int turn = 0; turn < 100; turn++)
        {
            _loop.Now = _loop.DueAt;
            periods += Serve(device);
        }

        Assert.Empty(_loop.Descriptors);
        Assert.Equal(100, periods);
    }

    [Fact]
    public void Without_a_microphone_the_loudspeaker_is_the_clock()
    {
        using AlsaAudioDevice device = Open(Wish with { CaptureDevice = null });
        Assert.Equal(0, Serve(device));
        Pass(10);
        Assert.Equal(1, Serve(device));
        Assert.Equal(0, Serve(device));
        Assert.True(_captured.All(sample => sample == 0));
        Assert.Equal([1000 + (int)PcmDirection.Playback], _loop.Descriptors);
    }

    [Fact]
    public void Without_a_loudspeaker_what_is_played_is_lost()
    {
        using AlsaAudioDevice device = Open(Wish with { PlaybackDevice = null });
        Pass(10);
        Assert.Equal(1, Serve(device));
        Assert.Equal(Period - 1, _captured[^1]);
        Assert.Null(_card.Playback);
    }

    [Fact]
    public void Streams_that_cannot_be_linked_are_started_both_and_say_how_much_waits()
    {
        _card.CanLink = false;
        using AlsaAudioDevice device = Open();
        Assert.Equal(1, _card.Playback!.Starts);
        Pass(10);
        Assert.True(device.TryCapture(_captured));
        Assert.Equal(Period / 2, device.QueuedSamples);
        Assert.Equal(Period / 2, device.WantedSamples);
        device.Play(_captured.AsSpan(..79));
        Assert.Equal((Period / 2) + 79, device.QueuedSamples);
        device.Play(new short[2 * Period]);
        device.Play(new short[Period]);
        Assert.Equal(39, device.Counters.Unplayed);
    }

    [Fact]
    public void A_late_loop_makes_up_for_a_few_periods_and_skips_the_rest()
    {
        using AlsaAudioDevice device = Open(Wish with { PlaybackDevice = null });
        Pass(60);
        Assert.Equal(3, Serve(device));
        Assert.Equal((6 * Period) - 1, _captured[^1]);
        Assert.Equal(3, device.SkippedPeriods);
        Assert.Equal(50 * Millisecond, device.WorstLateness);
    }

    [Fact]
    public void The_steady_path_allocates_nothing()
    {
        using AlsaAudioDevice device = Open();
        Pass(10);
        _ = Serve(device);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int period = 0; period < 1000; period++)
        {
            Pass(10);
            _ = Serve(device);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Volume_and_gain_are_set_at_opening_and_what_is_missing_is_told_with_what_there_is()
    {
        using AlsaAudioDevice device = Open(Wish with { VolumePercent = 70, GainPercent = 30, GainControl = "Micro" });

        Assert.Equal(["Speaker Playback 70"], _mixer.Set);
        Assert.True(device.TryTakeIncident(out AudioIncident incident));
        Assert.Equal(
            new AudioIncident(AudioIncidentKind.Control, "no gain control \"Micro\" to set; there are: Line, Speaker"), incident);
    }

    [Fact]
    public void A_closed_device_has_let_go_of_everything()
    {
        AlsaAudioDevice device = Open();
        device.Dispose();
        device.Dispose();

        Assert.Equal(0, _loop.Ports);
        Assert.Empty(_loop.Descriptors);
        Assert.Equal(2, _card.Closed);
        _ = Assert.Throws<ObjectDisposedException>(() => device.TryCapture(_captured));
    }

    private AlsaAudioDevice Open(AlsaAudioSettings? settings = null)
    {
        AlsaAudioDevice? device = AlsaAudioDevice.Open(
            _card, _mixer, settings ?? Wish, _loop, new Readiness(ServiceClass.AudioClock, 3), out string? problem);
        Assert.Null(problem);
        return Assert.IsType<AlsaAudioDevice>(device);
    }

    private void Pass(int milliseconds)
    {
        _loop.Now += milliseconds * Millisecond;
        _card.Pass(milliseconds * 8);
    }

    /// <summary>What a turn of the loop does with a ready device; returns how many periods there were.</summary>
    private int Serve(AlsaAudioDevice device)
    {
        int periods = 0;
        Span<short> captured = _captured.AsSpan(0, Math.Min(device.PeriodSamples, Period));
        while (device.TryCapture(captured))
        {
            device.Play(captured);
            periods++;
        }

        return periods;
    }

    /// <summary>The card has just started anew: what is given to it before it has a period goes nowhere, and then it goes on.</summary>
    private void AssertDropped(AlsaAudioDevice device)
    {
        int waiting = _card.Playback!.Waiting;
        device.Play(_captured.AsSpan(Period / 2));
        device.Play(_captured.AsSpan(Period / 2));
        Assert.Equal(waiting, _card.Playback.Waiting);
        Pass(10);
        Assert.Equal(1, Serve(device));
        Assert.Equal(waiting, _card.Playback.Waiting);
    }

    private static List<AudioIncidentKind> Incidents(AlsaAudioDevice device)
    {
        List<AudioIncidentKind> incidents = [];
        while (device.TryTakeIncident(out AudioIncident incident))
        {
            incidents.Add(incident.Kind);
        }

        return incidents;
    }

    private static List<string> Details(AlsaAudioDevice device)
    {
        List<string> details = [];
        while (device.TryTakeIncident(out AudioIncident incident))
        {
            details.Add(incident.Detail);
        }

        return details;
    }

    private sealed class FakeMixer : IMixerControls
    {
        public List<string> Set { get; } = [];

        public IReadOnlyList<string> Names(int card, PcmDirection direction) => ["Line", "Speaker"];

        public bool TrySet(int card, PcmDirection direction, string name, int percent)
        {
            Set.Add($"{name} {direction} {percent}");
            return true;
        }
    }
}
