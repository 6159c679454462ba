using System;
using IntercomAgent.Hal.Loop;

namespace IntercomAgent.Hal.Audio;

/// <summary>
/// A sound device without hardware. Its periods fall due at moments counted from the opening, so neither rounding nor a late turn
/// makes its clock drift against the monotonic clock.
/// </summary>
internal sealed class TimerAudioDevice : IAudioDevice, IDuePort
{
    /// <summary>
    /// Periods that a late loop makes up for, back to back: with 20 ms each, about what a jitter buffer at the other end bridges. What
    /// is older is skipped, as a sound card would have lost it.
    /// </summary>
    public const int MaximumPeriodsBehind = 3;

    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly TimerAudioSettings _settings;
    private readonly EventLoop _loop;
    private readonly long _opened;
    private long _periods;
    private bool _closed;

    public TimerAudioDevice(TimerAudioSettings settings, EventLoop loop, Readiness readiness)
    {
        _settings = settings;
        _loop = loop;
        _opened = EventLoop.ReadClock();
        loop.Add(this, readiness);
    }

    /// <inheritdoc/>
    public int SampleRate => _settings.SampleRate;

    /// <inheritdoc/>
    public int PeriodSamples => _settings.PeriodSamples;

    /// <inheritdoc/>
    public long WorstLateness { get; private set; }

    /// <inheritdoc/>
    public long SkippedPeriods { get; private set; }

    /// <inheritdoc/>
    public long DueAt => DueAfter(_periods + 1);

    /// <inheritdoc/>
    public bool TryCapture(Span<short> captured)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        ArgumentOutOfRangeException.ThrowIfNotEqual(captured.Length, PeriodSamples);
        if (_loop.Now < DueAt)
        {
            return false;
        }

        WorstLateness = Math.Max(WorstLateness, _loop.Now - DueAt);
        SkipWhatIsTooOld();
        _periods++;
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

    /// <summary>When so many periods are over: exact to the nanosecond, after years too, since whole seconds are counted apart.</summary>
    private long DueAfter(long periods)
    {
        (long seconds, long samples) = Math.DivRem(periods * PeriodSamples, SampleRate);
        return _opened + (seconds * NanosecondsPerSecond) + (samples * NanosecondsPerSecond / SampleRate);
    }

    private void SkipWhatIsTooOld()
    {
        // Only after a pause of the whole process (a stopped or starved one) are there many: the loop counts them out.
        while (DueAfter(_periods + 1 + MaximumPeriodsBehind) <= _loop.Now)
        {
            _periods++;
            SkippedPeriods++;
        }
    }
}
