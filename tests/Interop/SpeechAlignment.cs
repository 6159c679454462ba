using System;

namespace IntercomAgent.Tests.Interop;

/// <summary>
/// Where each frame of sent speech lies in the received, though a jitter buffer leaves out a period of a vowel here and plays one twice
/// there: of all ways to place the frames, the one in which they are most alike and the delay seldom changes.
/// </summary>
/// <remarks>
/// A frame placed wrongly by a period of its pitch is almost right too, so the delay cannot be found frame by frame; but what follows tells
/// where it changed. A change costs as much as a whole frame that is lost, so that one that was made up of its neighbours stays lost.
/// </remarks>
internal static class SpeechAlignment
{
    /// <summary>Samples in a frame: 20 ms.</summary>
    public const int Frame = 160;

    private const double ChangeCost = 1;

    /// <summary>The delay of each whole frame of the sent speech, in samples.</summary>
    /// <param name="sent">What was sent.</param>
    /// <param name="received">What was received of it.</param>
    /// <param name="least">The shortest delay that is looked at, in samples.</param>
    /// <param name="count">How many delays from there are looked at.</param>
    /// <param name="isSilent">The frames that could lie anywhere.</param>
    public static int[] Find(ReadOnlySpan<short> sent, ReadOnlySpan<short> received, int least, int count, ReadOnlySpan<bool> isSilent)
    {
        int frames = sent.Length / Frame;
        double[] costs = new double[count];
        int[][] before = new int[frames][];
        for (int frame = 0; frame < frames; frame++)
        {
            before[frame] = Step(costs);
            if (!isSilent[frame])
            {
                AddCosts(costs, sent.Slice(frame * Frame, Frame), received, (frame * Frame) + least);
            }
        }

        int[] delays = new int[frames];
        int at = IndexOfLeast(costs);
        for (int frame = frames - 1; frame >= 0; frame--)
        {
            delays[frame] = least + at;
            at = before[frame][at];
        }

        return delays;
    }

    /// <summary>How alike two pieces of the same length are: 1 for the same at any loudness, 0 where one is silent.</summary>
    public static double Likeness(ReadOnlySpan<short> left, ReadOnlySpan<short> right)
    {
        (long leftEnergy, long rightEnergy, long product) = (0, 0, 0);
        for (int index = 0; index < left.Length; index++)
        {
            leftEnergy += left[index] * left[index];
            rightEnergy += right[index] * right[index];
            product += left[index] * right[index];
        }

        return leftEnergy == 0 || rightEnergy == 0 ? 0 : product / Math.Sqrt((double)leftEnergy * rightEnergy);
    }

    /// <summary>For each delay, which one of the frame before it comes from; and what that costs.</summary>
    private static int[] Step(double[] costs)
    {
        int least = IndexOfLeast(costs);
        double changed = costs[least] + ChangeCost;
        int[] from = new int[costs.Length];
        for (int index = 0; index < costs.Length; index++)
        {
            from[index] = costs[index] <= changed ? index : least;
            costs[index] = double.Min(costs[index], changed);
        }

        return from;
    }

    /// <summary>Adds, for each delay, the share of what was received there that is not the frame: all of it outside the recording.</summary>
    private static void AddCosts(double[] costs, ReadOnlySpan<short> frame, ReadOnlySpan<short> received, int first)
    {
        for (int index = 0; index < costs.Length; index++)
        {
            int at = first + index;
            double likeness = at < 0 || at + Frame > received.Length ? 0 : double.Max(Likeness(frame, received.Slice(at, Frame)), 0);
            costs[index] += 1 - (likeness * likeness);
        }
    }

    private static int IndexOfLeast(double[] costs)
    {
        int least = 0;
        for (int index = 1; index < costs.Length; index++)
        {
            least = costs[index] < costs[least] ? index : least;
        }

        return least;
    }
}
