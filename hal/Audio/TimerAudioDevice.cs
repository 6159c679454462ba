using System;
using IntercomAgent.Hal.Loop;

namespace IntercomAgent.Hal.Audio;

/// <summary>A sound device without hardware: a timer is its clock.</summary>
internal sealed class TimerAudioDevice : IAudioDevice, IDuePort
{
    private readonly TimerAudioSettings _settings;
    private readonly EventLoop _loop;
    private readonly PeriodClock _clock;
    private bool _closed;

    public TimerAudioDevice(TimerAudioSettings settings, EventLoop loop, Readiness readiness)
    {
        _settings = settings;
        _loop = loop;
        _clock = new PeriodClock(settings.SampleRate, settings.PeriodSamples, EventLoop.ReadClock());
        loop.Add(this, readiness);
    }

    /// <inheritdoc/>
    public int SampleRate => _settings.SampleRate;

    /// <inheritdoc/>
    public int PeriodSamples => _settings.PeriodSamples;

    /// <inheritdoc/>
    public long WorstLateness => _clock.WorstLateness;

    /// <inheritdoc/>
    public long SkippedPeriods => _clock.SkippedPeriods;

    /// <inheritdoc/>
    public long DueAt => _clock.DueAt;

    /// <inheritdoc/>
    public bool TryCapture(Span<short> captured)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        ArgumentOutOfRangeException.ThrowIfNotEqual(captured.Length, PeriodSamples);
        if (!_clock.TryEndPeriod(_loop.Now))
        {
            return false;
        }

        _settings.Microphone.Read(captured);
        return true;
    }

    /// <inheritdoc/>
    public void Play(ReadOnlySpan<short> period)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        ArgumentOutOfRangeException.ThrowIfNotEqual(period.Length, PeriodSamples);
        _settings.Loudspeaker.Write(period);
    }

    /// <summary>Stops the clock. Source and sink are their maker's to end. May be asked twice.</summary>
    public void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            _loop.Remove(this);
        }
    }
}
