namespace IntercomAgent.Hal.Audio;

/// <summary>What tells a device without hardware that a period is over. A clock that holds something can be disposed of.</summary>
internal interface IPeriodClock
{
    /// <summary>
    /// When the loop must ask at the latest, in nanoseconds on the monotonic clock; 0 for at once. A clock with a descriptor in the loop is
    /// asked whenever that is ready as well.
    /// </summary>
    long DueAt { get; }

    /// <summary>How late the worst period so far was noticed, in nanoseconds.</summary>
    long WorstLateness { get; }

    /// <summary>Periods that were skipped.</summary>
    long SkippedPeriods { get; }

    /// <summary>What the clock has counted.</summary>
    AudioCounters Counters => default;

    /// <summary>Ends a period that is over; false when none is.</summary>
    bool TryEndPeriod(long now);

    /// <summary>Takes what has happened to the clock and was not told yet; false when there is nothing.</summary>
    bool TryTakeIncident(out AudioIncident incident)
    {
        incident = default;
        return false;
    }
}
