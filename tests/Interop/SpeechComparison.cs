using System;
using System.Collections.Generic;

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
        int? first = null;
        Sums all = default;
        int matching = 0;
        List<double> ratios = [];
        for (int frame = 0; frame < delays.Length; frame++)
        {
            if (delays[frame] is { } delay)
            {
                int at = frame * Frame;
                ReadOnlySpan<short> piece = sent.Slice(at, Frame);
                ReadOnlySpan<short> heard = received.Slice(at + delay, Frame);
                Sums sums = Sums.Of(piece, heard);
                all += sums;
                matching += sums.Correlation >= Same ? 1 : 0;
                ratios.Add(double.Max(
                    SignalToNoiseOf(piece, sent.Slice(int.Max(at - 1, 0), Frame), heard),
                    SignalToNoiseOf(piece, sent.Slice(int.Min(at + 1, sent.Length - Frame), Frame), heard)));
                first ??= delay;
            }
        }

        ratios.Sort();
        int frames = ratios.Count;
        return frames == 0
            ? new SpeechComparison(0, 0, 0, 0, 0)
            : new SpeechComparison(first ?? 0, all.Correlation, ratios[(int)(NoisyFrames * (frames - 1))], (double)matching / frames, frames);
    }

    /// <summary>
    /// What remains of a heard frame when as much as fits of the sent one, and of the same one sample to the side, is taken away is noise:
    /// with both, a delay that is no whole number of samples is none.
    /// </summary>
    private static double SignalToNoiseOf(ReadOnlySpan<short> sent, ReadOnlySpan<short> beside, ReadOnlySpan<short> heard)
    {
        Sums one = Sums.Of(sent, heard);
        Sums other = Sums.Of(beside, heard);
        double common = Sums.Of(sent, beside).Product;
        double determinant = (one.Sent * other.Sent) - (common * common);
        double explained = determinant <= 0
            ? one.Product * one.Product / one.Sent
            : ((one.Product * one.Product * other.Sent) - (2 * one.Product * other.Product * common) + (other.Product * other.Product * one.Sent))
                / determinant;
        double noise = one.Received - explained;
        return explained <= 0 ? double.NegativeInfinity : noise <= 0 ? double.PositiveInfinity : 10 * Math.Log10(explained / noise);
    }

    /// <summary>What correlation and noise are made of.</summary>
    private readonly record struct Sums(double Sent, double Received, double Product)
    {
        public double Correlation => Sent <= 0 || Received <= 0 ? 0 : Product / Math.Sqrt(Sent * Received);

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
