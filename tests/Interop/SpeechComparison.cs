using System;
using System.Collections.Generic;
using System.Linq;

namespace IntercomAgent.Tests.Interop;

/// <summary>How much of what one end said has come out at the other: both as samples of 16 bits at 8 kHz.</summary>
/// <param name="Delay">Where the first sample of the sent speech lies in the received, in samples; negative when its start is lost.</param>
/// <param name="Correlation">1 for the same speech, whatever its loudness; about 0 for something else. Over all frames compared.</param>
/// <param name="SignalToNoise">
/// Of the frames that match and beside which the delay stays, in decibels; G.711 gives about 37. Where it changes, one piece of sound is faded
/// into another, which is no noise. 0 where the delay changes so often that fewer than three quarters of the frames are left.
/// </param>
/// <param name="MatchingFrames">The fraction of the compared frames of 20 ms that have come through.</param>
/// <param name="ComparedFrames">The frames of the sent speech that fall into the received, those of silence left out.</param>
public sealed record SpeechComparison(
    int Delay, double Correlation, double SignalToNoise, double MatchingFrames, int ComparedFrames)
{
    private const int Frame = 160;

    /// <summary>Samples of the piece of speech whose place in the received is looked for: one second is never the same twice.</summary>
    private const int Probe = 8000;

    /// <summary>Every which product of the search is added up: enough for the maximum to stand out, and eight times as fast.</summary>
    private const int Stride = 8;

    /// <summary>Speech that has gone through G.711 has over 0.99 in each frame; other speech rarely passes this.</summary>
    private const double Same = 0.95;

    /// <summary>
    /// What is as it was has more. A vowel that was shortened or lengthened by a period of its pitch has less until its new delay is found,
    /// though it may still be the same.
    /// </summary>
    private const double Clean = 0.995;

    /// <summary>How far a jitter buffer may move the delay at once: 200 ms.</summary>
    private const int Slip = 1600;

    /// <summary>Frames that must agree before a slip of the delay is believed.</summary>
    private const int SlipFrames = 5;

    /// <summary>The mean square below which a frame is silence: the hiss of a microphone.</summary>
    private const double Silence = 50 * 50;

    /// <summary>Compares. Speech too short or too quiet to find gives a correlation of 0 and no frames.</summary>
    public static SpeechComparison Compare(ReadOnlySpan<short> sent, ReadOnlySpan<short> received)
    {
        int delay = FindDelay(sent, received);
        int first = delay;
        List<(int Delay, Sums Sums)> frames = [];
        for (int at = 0; at + Frame <= sent.Length; at += Frame)
        {
            ReadOnlySpan<short> frame = sent.Slice(at, Frame);
            if (at + delay < 0 || at + delay + Frame > received.Length || Sums.Of(frame, frame).Product < Silence * Frame)
            {
                continue;
            }

            Sums sums = Sums.Of(frame, received.Slice(at + delay, Frame));
            if (sums.Correlation < Clean && FindSlip(sent, received, at, delay) is { } slipped)
            {
                delay = slipped;
                sums = Sums.Of(frame, received.Slice(at + delay, Frame));
            }

            frames.Add((delay, sums));
        }

        Sums all = frames.Aggregate(default(Sums), (sum, frame) => sum + frame.Sums);
        int matching = frames.Count(frame => frame.Sums.Correlation >= Same);
        return new SpeechComparison(
            first, all.Correlation, SignalToNoiseOf(frames), frames.Count == 0 ? 0 : (double)matching / frames.Count, frames.Count);
    }

    private static double SignalToNoiseOf(List<(int Delay, Sums Sums)> frames)
    {
        int steady = 0;
        Sums sum = default;
        for (int index = 0; index < frames.Count; index++)
        {
            bool isSteady = frames[int.Max(index - 1, 0)].Delay == frames[index].Delay
                && frames[int.Min(index + 1, frames.Count - 1)].Delay == frames[index].Delay;
            if (isSteady)
            {
                steady++;
                sum += frames[index].Sums.Correlation >= Same ? frames[index].Sums : default;
            }
        }

        return 4 * steady < 3 * frames.Count ? 0 : sum.SignalToNoise;
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
            double correlation = Sums.Of(sent.Slice(at, length), probe, Stride).Correlation;
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
            ReadOnlySpan<short> piece = speech.Slice(at, length);
            double energy = Sums.Of(piece, piece, Stride).Product;
            if (energy > highest)
            {
                highest = energy;
                best = at;
            }
        }

        return best;
    }

    /// <summary>Looks whether the speech goes on with another delay; null when it is just gone for a frame.</summary>
    private static int? FindSlip(ReadOnlySpan<short> sent, ReadOnlySpan<short> received, int at, int delay)
    {
        const int length = SlipFrames * Frame;
        if (at + length > sent.Length)
        {
            return null;
        }

        int? best = null;
        double highest = Same;
        for (int slipped = delay - Slip; slipped <= delay + Slip; slipped++)
        {
            if (at + slipped < 0 || at + slipped + length > received.Length)
            {
                continue;
            }

            double correlation = Sums.Of(sent.Slice(at, length), received.Slice(at + slipped, length), Stride).Correlation;
            if (correlation > highest)
            {
                highest = correlation;
                best = slipped;
            }
        }

        // A lost frame lowers the correlation of its neighbours too: where the old delay does as well, it stays.
        return best == delay ? null : best;
    }

    /// <summary>What correlation and noise are made of.</summary>
    private readonly record struct Sums(double Sent, double Received, double Product)
    {
        public double Correlation => Sent <= 0 || Received <= 0 ? 0 : Product / Math.Sqrt(Sent * Received);

        /// <summary>What remains when the sent speech, at the loudness that fits best, is taken away is noise.</summary>
        public double SignalToNoise
        {
            get
            {
                double explained = Correlation * Correlation;
                return explained >= 1 ? double.PositiveInfinity : 10 * Math.Log10(explained / (1 - explained));
            }
        }

        public static Sums operator +(Sums left, Sums right) =>
            new(left.Sent + right.Sent, left.Received + right.Received, left.Product + right.Product);

        public static Sums Of(ReadOnlySpan<short> sent, ReadOnlySpan<short> received, int stride = 1)
        {
            long left = 0;
            long right = 0;
            long product = 0;
            for (int index = 0; index < sent.Length && index < received.Length; index += stride)
            {
                left += sent[index] * sent[index];
                right += received[index] * received[index];
                product += sent[index] * received[index];
            }

            return new Sums(left, right, product);
        }
    }
}
