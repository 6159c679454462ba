using System;

namespace IntercomAgent.Audio;

/// <summary>
/// Remembers when a network stood still for a moment, as wireless ones do when they scan or save power. One such peak is an accident; two
/// within a while are a habit, and the delay should be ready for the next.
/// </summary>
/// <param name="period">Octets in a period, which is what is played at once.</param>
internal sealed class PeakMemory(int period)
{
    /// <summary>What is said while there is no habit.</summary>
    public const int None = int.MaxValue;

    // More peaks than that within their life have long become the rule, which the histogram knows.
    private const int Capacity = 8;

    // What comes every 15 s or more often is a habit, as are the scans of wireless networks: of that, two are always younger than 30 s.
    private const int LifeMilliseconds = 30_000;

    // All that was held up together is one peak.
    private const int TogetherMilliseconds = 1000;

    private readonly int[] _margins = new int[Capacity];
    private readonly long[] _moments = new long[Capacity];
    private long _now;
    private int _count;

    /// <summary>The least margin of the peaks, in octets, while they are a habit; else <see cref="None"/>.</summary>
    public int Least
    {
        get
        {
            int least = None;
            for (int index = 0; index < _count; index++)
            {
                least = int.Min(least, _margins[index]);
            }

            return _count >= 2 ? least : None;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Reset() => _count = 0;

    /// <summary>A packet came much later than its like: so many octets before its turn, or after it if negative.</summary>
    public void Record(int margin)
    {
        if (_count > 0 && _now - _moments[_count - 1] < TogetherMilliseconds)
        {
            _margins[_count - 1] = int.Min(_margins[_count - 1], margin);
            return;
        }

        if (_count == Capacity)
        {
            Forget(1);
        }

        _margins[_count] = margin;
        _moments[_count++] = _now;
    }

    /// <summary>The delay was changed: every margin would have been greater by that many octets, or less if negative.</summary>
    public void Shift(int octets)
    {
        foreach (ref int margin in _margins.AsSpan(0, _count))
        {
            margin += octets;
        }
    }

    /// <summary>A period has passed.</summary>
    public void EndPeriod()
    {
        _now += period / DelayControl.OctetsPerMillisecond;
        if (_count > 0 && _now - _moments[0] >= LifeMilliseconds)
        {
            Forget(1);
        }
    }

    private void Forget(int oldest)
    {
        _count -= oldest;
        _margins.AsSpan(oldest, _count).CopyTo(_margins);
        _moments.AsSpan(oldest, _count).CopyTo(_moments);
    }
}
