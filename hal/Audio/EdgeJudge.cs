using System;

namespace IntercomAgent.Hal.Audio;

/// <summary>What is to be thought of a clock's edges.</summary>
internal enum EdgeVerdict
{
    /// <summary>It is too early to say.</summary>
    Undecided,

    /// <summary>They come at their rate.</summary>
    KeepsTime,

    /// <summary>They come at another rate.</summary>
    WrongRate,

    /// <summary>They come so fast that a program cannot count them: this is a word clock that nothing divides.</summary>
    Unbearable,

    /// <summary>None has come for too long.</summary>
    Standstill,

    /// <summary>The line can be read no more.</summary>
    Unreadable,
}

/// <summary>Judges a clock by the kernel's time stamps of its edges: so a loop that is late spoils no judgement.</summary>
/// <param name="edgesPerSecond">How many there should be.</param>
internal sealed class EdgeJudge(int edgesPerSecond)
{
    /// <summary>
    /// For how long edges are watched before they are judged, in nanoseconds: ten at the slowest rate in use, and still shorter than what
    /// anybody notices of a clock that is slightly wrong.
    /// </summary>
    public const long JudgedTime = 200_000_000;

    /// <summary>
    /// A word clock itself: the interrupts alone cost a small board its processor. Twice what may be configured is no clock of ours.
    /// </summary>
    private const int UnbearableEdgesPerSecond = 2 * LineClock.MaximumEdgesPerSecond;

    /// <summary>
    /// The part of the time by which edges may be off: crystals are off by a few thousandths of that, but a busy kernel stamps an edge
    /// some milliseconds late.
    /// </summary>
    private const int Tolerance = 20;

    /// <summary>After a longer silence they begin anew: what they did before says nothing of a clock that has come back.</summary>
    private const long LongestSilence = 50_000_000;

    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly long _edgeTime = NanosecondsPerSecond / edgesPerSecond;
    private long? _last;
    private long _from;
    private long _edges;

    /// <summary>Edges a second, of those that are judged now or were judged last.</summary>
    public long Rate { get; private set; }

    /// <summary>Some edges have come, the last one at a moment on the kernel's monotonic clock, in nanoseconds.</summary>
    public EdgeVerdict Count(long edges, long at)
    {
        bool wasSilent = _last is not { } last || at - last - (edges * _edgeTime) > LongestSilence;
        _last = at;
        if (wasSilent)
        {
            Begin(at);
            return EdgeVerdict.Undecided;
        }

        _edges += edges;
        long elapsed = at - _from;
        long counted = _edges * _edgeTime;
        Rate = _edges * NanosecondsPerSecond / Math.Max(elapsed, 1);
        if (elapsed < JudgedTime)
        {
            // A rate that is too high need not be watched to the end to be wrong. One edge may lie on either side of the limit.
            return counted > JudgedTime + (JudgedTime / Tolerance) + _edgeTime ? EdgeVerdict.WrongRate : EdgeVerdict.Undecided;
        }

        Begin(at);
        return Math.Abs(counted - elapsed) <= elapsed / Tolerance ? EdgeVerdict.KeepsTime
            : Rate > UnbearableEdgesPerSecond ? EdgeVerdict.Unbearable
            : EdgeVerdict.WrongRate;
    }

    private void Begin(long at)
    {
        _from = at;
        _edges = 0;
    }
}
