using System;
using IntercomAgent.Hal.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Host;

public sealed class ConvertedAudioDeviceTests
{
    private const double Hertz = 440;

    [Theory]
    [InlineData(8000, 300, 60)]
    [InlineData(8000, -300, 60)]
    [InlineData(48_000, 300, 2)]
    [InlineData(44_100, -300, 2)]
    public void For_an_hour_of_drift_what_waits_stays_as_long_and_nothing_clicks(int rate, double drift, int minutes)
    {
        DriftingDevice device = new(rate, drift);
        using IAudioDevice converted = ConvertedAudioDevice.Fit(device, 8000);
        short[] captured = new short[80];
        short[] period = new short[80];
        long sample = 0;
        for (int count = 0; count < minutes * 6000; count++)
        {
            Assert.True(converted.TryCapture(captured));
            foreach (ref short played in period.AsSpan())
            {
                played = (short)(8000 * Math.Sin(Math.Tau * Hertz * (sample++ % 8000) / 8000));
            }

            converted.Play(period);
        }

        string found = $"waiting {device.Least:F2} to {device.Most:F2} ms, greatest bend {device.Bend:F1} of {device.BendLimit:F1}";
        Assert.True(device.Least > 10 - 2 && device.Most < 10 + 2, found);
        Assert.True(device.Bend <= device.BendLimit, found);
        Assert.InRange(((ConvertedAudioDevice)converted).DriftCorrection, -drift - 5, -drift + 5);
    }

    [Fact]
    public void A_device_that_suits_is_left_as_it_is()
    {
        using DriftingDevice device = new(8000, null);
        Assert.Same(device, ConvertedAudioDevice.Fit(device, 8000));
    }

    /// <summary>A device whose loudspeaker is faster than its microphone, in periods of 10 ms.</summary>
    private sealed class DriftingDevice(int rate, double? drift) : IAudioDevice
    {
        private double _waiting = 2 * rate / 100;
        private double _before;
        private double _last;
        private long _played;

        public int SampleRate => rate;

        public int PeriodSamples => rate / 100;

        public int? QueuedSamples => drift is null ? null : (int)_waiting;

        public int WantedSamples => rate / 100;

        public long WorstLateness => 0;

        public long SkippedPeriods => 0;

        public double Least { get; private set; } = double.MaxValue;

        public double Most { get; private set; }

        public double Bend { get; private set; }

        public double BendLimit => (8000 * Math.Pow(Math.Tau * Hertz * 1.001 / rate, 2)) + 3;

        public bool TryCapture(Span<short> captured)
        {
            _waiting -= rate / 100.0 * (1 + (drift.GetValueOrDefault() / 1e6));
            Least = Math.Min(Least, _waiting * 1000 / rate);
            Most = Math.Max(Most, _waiting * 1000 / rate);
            return true;
        }

        public void Play(ReadOnlySpan<short> period)
        {
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
    }
}
