using System;
using System.Linq;
using IntercomAgent.Hal.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Host;

public sealed class ConvertedAudioDeviceTests
{
    private const double Hertz = 440;

    private long _spoken;

    [Theory]
    [InlineData(8000, 300, 60, 1)]
    [InlineData(8000, -300, 60, 1)]
    [InlineData(48_000, 300, 2, 1)]
    [InlineData(44_100, -300, 2, 1)]
    [InlineData(8000, 300, 60, 2)]
    [InlineData(8000, -300, 60, 2)]
    [InlineData(48_000, 300, 2, 2)]
    [InlineData(44_100, -300, 2, 2)]
    public void For_an_hour_of_drift_what_waits_stays_as_long_and_nothing_clicks(int rate, double drift, int minutes, int pieces)
    {
        DriftingDevice device = new(rate, drift, pieces);
        using ConvertedAudioDevice converted = new(device, 8000);
        Speak(converted, device, minutes * 6000);
        string found = $"waiting {device.Least:F2} to {device.Most:F2} ms, greatest bend {device.Bend:F1} of {device.BendLimit:F1}";
        Assert.True(device.Least > 10 - 2 && device.Most < 10 + 2, found);
        Assert.True(device.Bend <= device.BendLimit, found);
        Assert.InRange(converted.DriftCorrection, -drift - 5, -drift + 5);
    }

    [Theory]
    [InlineData(8000, 1)]
    [InlineData(48_000, 1)]
    [InlineData(8000, 2)]
    [InlineData(48_000, 2)]
    public void What_waits_too_long_is_played_faster_until_it_does_not_and_nothing_clicks(int rate, int pieces)
    {
        // One crystal, and a period more than is wanted waits.
        DriftingDevice device = new(rate, drift: null, pieces, waiting: 20);
        using ConvertedAudioDevice converted = new(device, 8000);
        Speak(converted, device, periods: 1000);
        Assert.InRange(device.Waiting, 20, 30);

        device.IsWatched = true;
        Speak(converted, device, periods: 1500);
        Assert.InRange(device.Waiting, 10 - 1, 10 + 2);
        Speak(converted, device, periods: 6000);
        Assert.InRange(device.Waiting, 10 - 0.5, 10 + 0.5);
        Assert.True(device.Least > 10 - 1.5, $"at least {device.Least:F2} ms waited");
        Assert.True(device.Bend <= device.BendLimit, $"greatest bend {device.Bend:F1} of {device.BendLimit:F1}");
        Assert.InRange(converted.DriftCorrection, -5, 5);
    }

    [Fact]
    public void What_suits_passes_as_it_is()
    {
        LoopDevice device = new(8000);
        using ConvertedAudioDevice converted = new(device, 8000);
        short[] period = new short[80];
        for (int round = 0; round < 3; round++)
        {
            Assert.True(converted.TryCapture(period));
            Assert.Equal(device.Captured, period);
            converted.Play(period);
            Assert.Equal(device.Captured, device.Played);
        }
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(16_000)]
    [InlineData(32_000)]
    [InlineData(44_100)]
    [InlineData(48_000)]
    public void At_every_rate_of_a_card_what_is_heard_is_what_was_captured_and_what_is_spoken_what_was_played(int rate)
    {
        LoopDevice device = new(rate);
        using ConvertedAudioDevice converted = new(device, 8000);
        Assert.Equal((8000, 80), (converted.SampleRate, converted.PeriodSamples));
        AssertCarries(converted, device);
    }

    [Fact]
    public void Another_card_in_the_place_of_a_lost_one_may_have_another_rate_and_a_clock_of_its_own()
    {
        LoopDevice device = new(8000);
        using ConvertedAudioDevice converted = new(device, 8000);
        AssertCarries(converted, device);
        foreach (int rate in new[] { 48_000, 44_100, 8000 })
        {
            device.Become(rate);
            Assert.False(converted.TryCapture(new short[80]));

            // What is left of the period before.
            converted.Play(new short[40]);
            Assert.InRange(device.Played.Length, (device.PeriodSamples / 2) - (rate / 400), (device.PeriodSamples + 1) / 2);
            AssertCarries(converted, device);
        }

        // The filter looks ahead by half its length, once.
        device.QueuedSamples = device.WantedSamples;
        converted.Play(new short[80]);
        Assert.Equal(80 - 17, device.Played.Length);
        AssertCarries(converted, device);
    }

    /// <summary>A tone goes on for so many periods, each of which is played in pieces, when their turn has come.</summary>
    private void Speak(ConvertedAudioDevice converted, DriftingDevice device, int periods)
    {
        short[] captured = new short[80];
        short[] period = new short[80];
        for (int count = 0; count < periods; count++)
        {
            Assert.True(converted.TryCapture(captured));
            foreach (ref short played in period.AsSpan())
            {
                played = (short)(8000 * Math.Sin(Math.Tau * Hertz * (_spoken++ % 8000) / 8000));
            }

            int length = period.Length / device.Pieces;
            for (int first = 0; first < period.Length; first += length)
            {
                if (first > 0)
                {
                    device.Pass();
                }

                converted.Play(period.AsSpan(first, length));
            }
        }
    }

    /// <summary>A tone in either direction keeps its pitch and its loudness.</summary>
    private static void AssertCarries(ConvertedAudioDevice converted, LoopDevice device)
    {
        short[] period = new short[80];
        long heard = 0;
        long spoken = 0;
        int turns = 0;
        short last = 0;
        for (int round = 0; round < 150; round++)
        {
            Assert.True(converted.TryCapture(period));
            converted.Play(period);
            Assert.InRange(device.Played.Length, device.PeriodSamples - 1, device.PeriodSamples + 1);
            if (round >= 50)
            {
                heard += period.Sum(sample => (long)sample * sample);
                spoken += device.Played.Sum(sample => (long)sample * sample);
                turns += period.Append((short)0).Zip(period.Prepend(last)).Take(80).Count(pair => pair.First >= 0 && pair.Second < 0);
            }

            last = period[^1];
        }

        // A sine of 8000, for a second.
        Assert.InRange(Math.Sqrt(2.0 * heard / 8000), 7900, 8100);
        Assert.InRange(Math.Sqrt(2.0 * spoken / device.SampleRate), 7900, 8100);
        Assert.InRange(turns, (int)Hertz - 1, (int)Hertz + 1);
    }

    /// <summary>A device that captures a tone and keeps the period that it plays.</summary>
    private sealed class LoopDevice(int rate) : IAudioDevice
    {
        private int? _nextRate;
        private long _sample;

        public int SampleRate { get; private set; } = rate;

        public int PeriodSamples => SampleRate / 100;

        public int? QueuedSamples { get; set; }

        public int WantedSamples => PeriodSamples;

        public long WorstLateness => 0;

        public long SkippedPeriods => 0;

        public short[] Captured { get; private set; } = [];

        public short[] Played { get; private set; } = [];

        /// <summary>Another card, which the next attempt to capture finds.</summary>
        public void Become(int rate) => _nextRate = rate;

        public bool TryCapture(Span<short> captured)
        {
            Assert.Equal(PeriodSamples, captured.Length);
            if (_nextRate is { } next)
            {
                (SampleRate, _nextRate) = (next, null);
                return false;
            }

            foreach (ref short sample in captured)
            {
                sample = (short)Math.Round(8000 * Math.Sin(Math.Tau * Hertz * _sample++ / SampleRate));
            }

            Captured = captured.ToArray();
            return true;
        }

        public void Play(ReadOnlySpan<short> period) => Played = period.ToArray();

        public void Dispose()
        {
        }
    }

    /// <summary>A device whose loudspeaker is faster than its microphone, in periods of 10 ms.</summary>
    private sealed class DriftingDevice(int rate, double? drift, int pieces, int waiting = 10) : IAudioDevice
    {
        private double _waiting = (waiting + (10.0 / pieces)) * rate / 1000;
        private double _before;
        private double _last;
        private long _played;

        public int SampleRate => rate;

        public int PeriodSamples => rate / 100;

        /// <summary>Whether the device says what waits, as it does where that has to be corrected.</summary>
        public bool IsWatched { get; set; } = drift is not null;

        /// <summary>In how many pieces a period is played, each when its turn has come.</summary>
        public int Pieces => pieces;

        /// <summary>Milliseconds that waited before the last piece was played.</summary>
        public double Waiting { get; private set; }

        public int? QueuedSamples => IsWatched ? (int)_waiting : null;

        public int WantedSamples => rate / 100;

        public long WorstLateness => 0;

        public long SkippedPeriods => 0;

        public double Least { get; private set; } = double.MaxValue;

        public double Most { get; private set; }

        public double Bend { get; private set; }

        public double BendLimit => (8000 * Math.Pow(Math.Tau * Hertz * 1.001 / rate, 2)) + 3;

        public bool TryCapture(Span<short> captured)
        {
            Pass();
            return true;
        }

        public void Play(ReadOnlySpan<short> period)
        {
            Waiting = _waiting * 1000 / rate;
            _waiting += period.Length;
            foreach (short sample in period)
            {
                if (++_played > rate)
                {
                    Bend = Math.Max(Bend, Math.Abs(sample - (2 * _last) + _before));
                }

                (_before, _last) = (_last, sample);
            }
        }

        public void Dispose()
        {
        }

        /// <summary>A piece is played.</summary>
        public void Pass()
        {
            _waiting -= rate / 100.0 / pieces * (1 + (drift.GetValueOrDefault() / 1e6));
            Least = Math.Min(Least, _waiting * 1000 / rate);
            Most = Math.Max(Most, _waiting * 1000 / rate);
        }
    }
}
