using System;
using IntercomAgent.Hal.Loop;

namespace IntercomAgent.Hal.Audio;

/// <summary>A sound device without hardware: a timer is its clock, or a line whose edges take the timer's place.</summary>
internal sealed class TimerAudioDevice : IAudioDevice, IDuePort
{
    private readonly TimerAudioSettings _settings;
    private readonly IEventLoop _loop;
    private readonly IPeriodClock _clock;
    private bool _closed;

    /// <summary>Opens the device, which owns the clock from now on.</summary>
    public TimerAudioDevice(TimerAudioSettings settings, IPeriodClock clock, IEventLoop loop, Readiness readiness)
    {
        _settings = settings;
        _loop = loop;
        _clock = clock;
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
    public AudioCounters Counters => _clock.Counters;

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
    public void Play(ReadOnlySpan<short> sound)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (sound.Length != PeriodSamples)
        {
            // A half, which of an odd period is the shorter or the longer one.
            ArgumentOutOfRangeException.ThrowIfLessThan(sound.Length, PeriodSamples / 2);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(sound.Length, (PeriodSamples + 1) / 2);
        }

        _settings.Loudspeaker.Write(sound);
    }

    /// <inheritdoc/>
    public bool TryTakeIncident(out AudioIncident incident) => _clock.TryTakeIncident(out incident);

    /// <summary>Stops the clock. Source and sink are their maker's to end. May be asked twice.</summary>
    public void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            _loop.Remove(this);
            (_clock as IDisposable)?.Dispose();
        }
    }
}
