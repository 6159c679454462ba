using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Media;

/// <summary>
/// Knows how far the period that is being played has come. A loop may be late for a period, but never early: so the one of the last second
/// or two that was served soonest tells when all of them begin.
/// </summary>
/// <param name="periodSamples">Samples in a period, as which all counts here that is played at once.</param>
/// <param name="sampleRate">Samples a second.</param>
internal sealed class PlayoutClock(int periodSamples, int sampleRate)
{
    private readonly long _nanosecondsPerSample = 1_000_000_000 / sampleRate;
    private readonly long _period = periodSamples * (1_000_000_000L / sampleRate);

    /// <summary>Periods in a second.</summary>
    private readonly int _periodsPerSecond = sampleRate / periodSamples;

    private long _due;
    private long _least;
    private long _leastBefore;
    private int _periods;
    private bool _runs;

    /// <summary>
    /// Later than this, three periods, the clock has begun anew. Where it had not, what is made up for comes at once, and tells when it
    /// began.
    /// </summary>
    private long LongestLateness => 3 * _period;

    /// <summary>A period begins.</summary>
    public void Begin(Instant now)
    {
        _due += _period;
        long late = now.Nanoseconds - _due;
        if (!_runs || late - long.Min(_least, _leastBefore) > LongestLateness)
        {
            _runs = true;
            _due = now.Nanoseconds;
            (_least, _leastBefore, _periods) = (0, 0, 0);
            return;
        }

        _least = long.Min(_least, late);
        if (++_periods == _periodsPerSecond)
        {
            (_least, _leastBefore, _periods) = (late, _least, 0);
        }
    }

    /// <summary>How long ago the period began, in samples: more than it has when the next one is late. 0 before the first.</summary>
    public int Elapsed(Instant now)
    {
        long began = _due + long.Min(_least, _leastBefore);
        return _runs ? (int)(long.Clamp(now.Nanoseconds - began, 0, LongestLateness) / _nanosecondsPerSample) : 0;
    }
}
