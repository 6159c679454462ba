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

    /// <summary>Samples of the piece of speech whose place in the received is looked for: one second is never the same twice.</summary>
    private const int Probe = 8000;

    /// <summary>Every which product of the search is added up: enough for the maximum to stand out, and eight times as fast.</summary>
    private const int Stride = 8;

    /// <summary>How far the delay moves in a call over a network that behaves: 60 ms either way.</summary>
    private const int UsualSlip = 480;

    /// <summary>The mean square below which a frame is silence: the hiss of a microphone.</summary>
    private const double Silence = 50 * 50;

    private const double ChangeCost = 1;

    /// <summary>The delay of each whole frame of the sent speech, in samples; null for frames of silence, and for what was not received.</summary>
    /// <param name="sent">The speech as it was.</param>
    /// <param name="received">What became of it.</param>
    /// <param name="slip">How far the delay may move either way, in samples.</param>
    public static int?[] Place(ReadOnlySpan<short> sent, ReadOnlySpan<short> received, int slip = UsualSlip)
    {
        int least = FindDelay(sent, received) - slip;
        double[] costs = new double[(2 * slip) + 1];
        int[][] before = new int[sent.Length / Frame][];
        for (int frame = 0; frame < before.Length; frame++)
        {
            ReadOnlySpan<short> piece = sent.Slice(frame * Frame, Frame);
            before[frame] = Step(costs);
            if (!IsSilent(piece))
            {
                AddCosts(costs, piece, received, (frame * Frame) + least);
            }
        }

        int?[] delays = new int?[before.Length];
        int at = IndexOfLeast(costs);
        for (int frame = delays.Length - 1; frame >= 0; frame--)
        {
            int place = (frame * Frame) + least + at;
            bool isCompared = place >= 0 && place + Frame <= received.Length && !IsSilent(sent.Slice(frame * Frame, Frame));
            delays[frame] = isCompared ? least + at : null;
            at = before[frame][at];
        }

        return delays;
    }

    /// <summary>How alike two pieces of the same length are: 1 for the same at any loudness, 0 where one is silent.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    /// <param name="stride">Every which sample is looked at.</param>
    public static double Likeness(ReadOnlySpan<short> left, ReadOnlySpan<short> right, int stride = 1)
    {
        (long leftEnergy, long rightEnergy, long product) = (0, 0, 0);
        for (int index = 0; index < left.Length; index += stride)
        {
            leftEnergy += left[index] * left[index];
            rightEnergy += right[index] * right[index];
            product += left[index] * right[index];
        }

        return leftEnergy == 0 || rightEnergy == 0 ? 0 : product / Math.Sqrt((double)leftEnergy * rightEnergy);
    }

    private static bool IsSilent(ReadOnlySpan<short> frame) => Energy(frame) < Silence * Frame;

    private static long Energy(ReadOnlySpan<short> samples, int stride = 1)
    {
        long sum = 0;
        for (int index = 0; index < samples.Length; index += stride)
        {
            sum += samples[index] * samples[index];
        }

        return sum;
    }

    /// <summary>Finds the loudest second that was received in the sent speech, which is longer where a call has ended early.</summary>
    private static int FindDelay(ReadOnlySpan<short> sent, ReadOnlySpan<short> received)
    {
        int length = Math.Min(Probe, Math.Min(sent.Length, received.Length));
        int start = FindLoudest(received, length);
        ReadOnlySpan<short> probe = received.Slice(start, length);
        int best = 0;
        double highest = 0;
        for (int at = 0; at + length <= sent.Length; at++)
        {
            double correlation = Likeness(sent.Slice(at, length), probe, Stride);
            if (correlation > highest)
            {
                highest = correlation;
                best = at;
            }
        }

        return start - best;
    }

    private static int FindLoudest(ReadOnlySpan<short> speech, int length)
    {
        int best = 0;
        double highest = -1;
        for (int at = 0; at + length <= speech.Length; at += Frame)
        {
            double energy = Energy(speech.Slice(at, length), Stride);
            if (energy > highest)
            {
                highest = energy;
                best = at;
            }
        }

        return best;
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
