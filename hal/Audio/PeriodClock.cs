using System;

namespace IntercomAgent.Hal.Audio;

/// <summary>
/// A clock of periods by the monotonic clock. Its periods fall due at moments counted from the start, so neither rounding nor a late
/// turn makes it drift.
/// </summary>
/// <param name="sampleRate">Samples a second.</param>
/// <param name="periodSamples">Samples in one period.</param>
/// <param name="start">When the first period begins.</param>
internal sealed class PeriodClock(int sampleRate, int periodSamples, long start) : IPeriodClock
{
    /// <summary>
    /// Periods that a late loop makes up for, back to back: with 20 ms each, about what a jitter buffer at the other end bridges. What
    /// is older is skipped, as a sound card would have lost it.
    /// </summary>
    public const int MaximumPeriodsBehind = 3;

    private const long NanosecondsPerSecond = 1_000_000_000;

    private long _start = start;
    private long _periods;

    /// <summary>When the period began that is underway.</summary>
    public long BegunAt => DueAfter(_periods);

    /// <summary>When the period is over that is underway.</summary>
    public long DueAt => DueAfter(_periods + 1);

    /// <inheritdoc/>
    public long WorstLateness { get; private set; }

    /// <inheritdoc/>
    public long SkippedPeriods { get; private set; }

    /// <summary>Begins again at another moment; what was counted stays.</summary>
    public void Restart(long now)
    {
        _start = now;
        _periods = 0;
    }

    /// <inheritdoc/>
    public bool TryEndPeriod(long now)
    {
        if (now < DueAt)
        {
            return false;
        }

        WorstLateness = Math.Max(WorstLateness, now - DueAt);

        // Only after a pause of the whole process (a stopped or starved one) are there many: the loop counts them out.
        while (DueAfter(_periods + 1 + MaximumPeriodsBehind) <= now)
        {
            _periods++;
            SkippedPeriods++;
        }

        _periods++;
        return true;
    }

    /// <summary>When so many periods are over: exact to the nanosecond, after years too, since whole seconds are counted apart.</summary>
    private long DueAfter(long periods)
    {
        (long seconds, long samples) = Math.DivRem(periods * periodSamples, sampleRate);
        return _start + (seconds * NanosecondsPerSecond) + (samples * NanosecondsPerSecond / sampleRate);
    }
}
