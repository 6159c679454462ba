using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace IntercomAgent.Tests.Storm;

/// <summary>Finds what must not be. Speeds are not judged: they are the machine's as well.</summary>
internal static class Verdict
{
    /// <summary>
    /// How much more memory the last quarter of the storm may take than the second: the youngest generation of the heap is 1 MB, and
    /// the heap grows and shrinks by about as much.
    /// </summary>
    private const double MemoryTolerance = 1.5;

    /// <summary>
    /// A storm whose memory is judged lasts so many times as long as signalling keeps a call: by its second quarter, as much is forgotten
    /// as comes new.
    /// </summary>
    private const double JudgedFrom = 64 * 4.4;

    /// <summary>Milliseconds: half a period of audio.</summary>
    private const double LongestTurn = 10;

    /// <summary>Everything that is wrong with one side.</summary>
    public static IEnumerable<string> Judge(string name, SideReport? side, int calls)
    {
        if (side is null)
        {
            yield return $"the {name} has not told what it did";
            yield break;
        }

        int accounted = side.EndedHere + side.EndedThere + side.Unanswered;
        if (side.Calls != calls || accounted != calls)
        {
            yield return Text($"the {name} had {side.Calls} of {calls} calls, and {accounted} of them ended as they should");
        }

        foreach ((string reason, int count) in side.Failed)
        {
            yield return Text($"the {name}, {count} times: {reason}");
        }

        if (side.Stray > 0)
        {
            yield return Text($"the {name} was told {side.Stray} times of calls that were over");
        }

        if (side.Left > 0)
        {
            yield return Text($"at the {name}, {side.Left} calls and transactions are left");
        }

        if (side.Threads.Before != side.Threads.After || side.Descriptors.Before != side.Descriptors.After)
        {
            yield return $"the {name} had other threads or descriptors after than before: {side.Threads}, {side.Descriptors}";
        }
    }

    /// <summary>Whether a storm of so many seconds tells whether memory grows.</summary>
    public static bool IsMemoryJudged(double seconds, bool isPeer) =>
        seconds >= JudgedFrom * (isPeer ? Station.UsualT1 : Station.ShortT1).TotalSeconds;

    /// <summary>Everything that is wrong with a process of ours, seen from outside.</summary>
    /// <param name="name">Who it is.</param>
    /// <param name="process">What was seen.</param>
    /// <param name="threads">How many it began with.</param>
    /// <param name="isMemoryJudged">Whether the storm lasted long enough to tell whether memory grows.</param>
    public static IEnumerable<string> Judge(string name, ProcessReport process, int threads, bool isMemoryJudged)
    {
        if (process.MostThreads > threads)
        {
            yield return Text($"the {name} had {process.MostThreads} threads instead of {threads}");
        }

        double growth = process.ResidentMegabytesInQuarters[3] - process.ResidentMegabytesInQuarters[1];
        if (isMemoryJudged && growth > MemoryTolerance)
        {
            yield return Text($"the {name} grew by {growth:F1} MB in the second half");
        }
    }

    /// <summary>
    /// A packet that never came is a glitch in any case. Sound that was made up is one if a side was itself the cause; a busy machine
    /// takes the processor away for longer than a jitter buffer bridges.
    /// </summary>
    /// <param name="sides">Those sides that are ours.</param>
    public static IEnumerable<string> JudgeLongCall(params SideReport?[] sides)
    {
        bool isOurs = sides.Any(static side => side?.LongestTurn > LongestTurn);
        foreach (SideReport side in sides.OfType<SideReport>())
        {
            if (side.LongCall is not { } call)
            {
                yield return "the long call did not live to its end";
            }
            else if (call.Lost != 0 || call.Received == 0 || (call.Concealed > 0 && isOurs))
            {
                yield return $"the long call glitched: {call}";
            }
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
