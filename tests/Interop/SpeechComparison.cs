using System;
using System.Collections.Generic;
using System.Linq;

namespace IntercomAgent.Tests.Interop;

/// <summary>How much of what one end said has come out at the other: both as samples of 16 bits at 8 kHz.</summary>
/// <param name="Delay">Where the first sample of the sent speech lies in the received, in samples; negative when its start is lost.</param>
/// <param name="Correlation">1 for the same speech, whatever its loudness; about 0 for something else. Over all frames compared.</param>
/// <param name="SignalToNoise">
/// What four of five compared frames have at least, in decibels; G.711 gives about 36. The fifth may be where a jitter buffer changed the
/// delay: one piece of sound is faded into another there, which is no noise.
/// </param>
/// <param name="MatchingFrames">The fraction of the compared frames of 20 ms that have come through.</param>
/// <param name="ComparedFrames">The frames of the sent speech that fall into the received, those of silence left out.</param>
public sealed record SpeechComparison(
    int Delay, double Correlation, double SignalToNoise, double MatchingFrames, int ComparedFrames)
{
    private const int Frame = SpeechAlignment.Frame;

    private const double NoisyFrames = 0.2;

    /// <summary>Speech that has gone through G.711 has over 0.99 in each frame; other speech rarely passes this.</summary>
    private const double Same = 0.95;

    /// <summary>Compares. Speech too short or too quiet to find gives a correlation of 0 and no frames.</summary>
    public static SpeechComparison Compare(ReadOnlySpan<short> sent, ReadOnlySpan<short> received)
    {
        int?[] delays = SpeechAlignment.Place(sent, received);
        short[] halfway = Halfway(received);
        List<(int Delay, Sums Sums)> frames = [];
        for (int frame = 0; frame < delays.Length; frame++)
        {
            if (delays[frame] is { } delay)
            {
                int at = frame * Frame;
                ReadOnlySpan<short> piece = sent.Slice(at, Frame);
                Sums whole = Sums.Of(piece, received.Slice(at + delay, Frame));
                Sums half = Sums.Of(piece, halfway.AsSpan(at + delay, Frame));
                frames.Add((delay, half.Correlation > whole.Correlation ? half : whole));
            }
        }

        Sums all = frames.Aggregate(default(Sums), (sum, frame) => sum + frame.Sums);
        int matching = frames.Count(frame => frame.Sums.Correlation >= Same);
        return new SpeechComparison(
            frames.Count == 0 ? 0 : frames[0].Delay,
            all.Correlation,
            SignalToNoiseOf(frames, NoisyFrames),
            frames.Count == 0 ? 0 : (double)matching / frames.Count,
            frames.Count);
    }

    /// <summary>What lies halfway between each sample and the next: sound that was played faster at 16 kHz may be late by half a sample.</summary>
    private static short[] Halfway(ReadOnlySpan<short> samples)
    {
        short[] halfway = new short[samples.Length];
        for (int index = 1; index + 2 < samples.Length; index++)
        {
            int between = ((9 * (samples[index] + samples[index + 1])) - samples[index - 1] - samples[index + 2]) / 16;
            halfway[index] = (short)int.Clamp(between, short.MinValue, short.MaxValue);
        }

        return halfway;
    }

    /// <summary>Of the frames from the noisiest to the cleanest, the one at this place.</summary>
    private static double SignalToNoiseOf(List<(int Delay, Sums Sums)> frames, double place)
    {
        double[] ratios = [.. frames.Select(frame => frame.Sums.SignalToNoise).Order()];
        return ratios.Length == 0 ? 0 : ratios[(int)(place * (ratios.Length - 1))];
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

        public static Sums Of(ReadOnlySpan<short> sent, ReadOnlySpan<short> received)
        {
            long left = 0;
            long right = 0;
            long product = 0;
            for (int index = 0; index < sent.Length && index < received.Length; index++)
            {
                left += sent[index] * sent[index];
                right += received[index] * received[index];
                product += sent[index] * received[index];
            }

            return new Sums(left, right, product);
        }
    }
}
