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
    private const int Frame = SpeechAlignment.Frame;

    /// <summary>Samples of the piece of speech whose place in the received is looked for: one second is never the same twice.</summary>
    private const int Probe = 8000;

    /// <summary>Every which product of the search is added up: enough for the maximum to stand out, and eight times as fast.</summary>
    private const int Stride = 8;

    /// <summary>Speech that has gone through G.711 has over 0.99 in each frame; other speech rarely passes this.</summary>
    private const double Same = 0.95;

    /// <summary>How far the delay may move in a call: 60 ms either way.</summary>
    private const int Slip = 480;

    /// <summary>The mean square below which a frame is silence: the hiss of a microphone.</summary>
    private const double Silence = 50 * 50;

    /// <summary>Compares. Speech too short or too quiet to find gives a correlation of 0 and no frames.</summary>
    public static SpeechComparison Compare(ReadOnlySpan<short> sent, ReadOnlySpan<short> received)
    {
        bool[] isSilent = new bool[sent.Length / Frame];
        for (int frame = 0; frame < isSilent.Length; frame++)
        {
            ReadOnlySpan<short> piece = sent.Slice(frame * Frame, Frame);
            isSilent[frame] = Sums.Of(piece, piece).Product < Silence * Frame;
        }

        int[] delays = SpeechAlignment.Find(sent, received, FindDelay(sent, received) - Slip, (2 * Slip) + 1, isSilent);
        List<(int Delay, Sums Sums)> frames = [];
        for (int frame = 0; frame < delays.Length; frame++)
        {
            int at = frame * Frame;
            if (!isSilent[frame] && at + delays[frame] >= 0 && at + delays[frame] + Frame <= received.Length)
            {
                frames.Add((delays[frame], Sums.Of(sent.Slice(at, Frame), received.Slice(at + delays[frame], Frame))));
            }
        }

        Sums all = frames.Aggregate(default(Sums), (sum, frame) => sum + frame.Sums);
        int matching = frames.Count(frame => frame.Sums.Correlation >= Same);
        return new SpeechComparison(
            frames.Count == 0 ? 0 : frames[0].Delay,
            all.Correlation,
            SignalToNoiseOf(frames),
            frames.Count == 0 ? 0 : (double)matching / frames.Count,
            frames.Count);
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
