using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Media;

/// <summary>
/// Knows how far the period that is being played has come. A loop may be late for a period, but never early: so the one of the last second
/// or two that was served soonest tells when all of them begin.
/// </summary>
internal sealed class PlayoutClock
{
    private const long NanosecondsPerSample = 1_000_000_000 / AudioStream.SampleRate;
    private const long Period = AudioStream.PeriodSamples * NanosecondsPerSample;

    /// <summary>Periods in a second.</summary>
    private const int Periods = AudioStream.SampleRate / AudioStream.PeriodSamples;

    /// <summary>Later than this, three periods, the clock has begun anew: devices make up for no more.</summary>
    private const long LongestLateness = 3 * Period;

    private long _due;
    private long _least;
    private long _leastBefore;
    private int _periods;
    private bool _runs;

    /// <summary>A period begins.</summary>
    public void Begin(Instant now)
    {
        _due += Period;
        long late = now.Nanoseconds - _due;
        if (!_runs || late - long.Min(_least, _leastBefore) > LongestLateness)
        {
            _runs = true;
            _due = now.Nanoseconds;
            (_least, _leastBefore, _periods) = (0, 0, 0);
            return;
        }

        _least = long.Min(_least, late);
        if (++_periods == Periods)
        {
            (_least, _leastBefore, _periods) = (late, _least, 0);
        }
    }

    /// <summary>How long ago the period began, in samples: more than it has when the next one is late. 0 before the first.</summary>
    public int Elapsed(Instant now)
    {
        long began = _due + long.Min(_least, _leastBefore);
        return _runs ? (int)(long.Clamp(now.Nanoseconds - began, 0, LongestLateness) / NanosecondsPerSample) : 0;
    }
}
