using System;
using System.Collections.Generic;
using System.Numerics;

namespace IntercomAgent.Tests.Interop;

/// <summary>
/// How much of what one end said has come out at the other through a codec that keeps what is heard and not the form of the wave: both as
/// samples of 16 bits at 8 kHz, compared by the loudness of the bands of each frame.
/// </summary>
/// <param name="Delay">Where the first sample of the sent speech lies in the received, in samples; negative when its start is lost.</param>
/// <param name="MatchingFrames">The fraction of the compared frames that have the same spectrum and about the same loudness.</param>
/// <param name="MedianDistance">Between the bands of a frame and those that were sent, in decibels: the median of all frames.</param>
/// <param name="ComparedFrames">The frames of the sent speech that fall into the received, those of silence left out.</param>
public sealed record SpectralComparison(int Delay, double MatchingFrames, double MedianDistance, int ComparedFrames)
{
    private const int Window = 256;
    private const int Bands = 12;

    /// <summary>The mean square below which a frame is silence.</summary>
    private const double Silence = 200 * 200;

    /// <summary>What lies so much below the loudest band of a frame is masked by it, in decibels.</summary>
    private const double Masked = 30;

    /// <summary>Another frame of such speech is usually 10 dB away.</summary>
    private const double Same = 4;

    /// <summary>Compares. Speech too short or too quiet to find has no frames.</summary>
    public static SpectralComparison Compare(ReadOnlySpan<short> sent, ReadOnlySpan<short> received)
    {
        int?[] delays = SpeechAlignment.Place(sent, received);
        int matching = 0;
        List<double> distances = [];
        for (int frame = 0; frame < delays.Length; frame++)
        {
            int at = frame * SpeechAlignment.Frame;
            if (delays[frame] is { } delay && at + Window <= sent.Length && at + delay + Window <= received.Length
                && Power(sent.Slice(at, Window)) >= Silence)
            {
                double distance = Distance(BandsOf(sent.Slice(at, Window)), BandsOf(received.Slice(at + delay, Window)));
                distances.Add(distance);
                matching += distance <= Same ? 1 : 0;
            }
        }

        distances.Sort();
        return new SpectralComparison(
            Array.Find(delays, delay => delay is not null) ?? 0,
            distances.Count == 0 ? 0 : (double)matching / distances.Count,
            distances.Count == 0 ? 0 : distances[distances.Count / 2],
            distances.Count);
    }

    private static double Power(ReadOnlySpan<short> samples)
    {
        double sum = 0;
        foreach (short sample in samples)
        {
            sum += (double)sample * sample;
        }

        return sum / samples.Length;
    }

    /// <summary>The loudness of each band in decibels, no less than what the loudest masks.</summary>
    private static double[] BandsOf(ReadOnlySpan<short> samples)
    {
        double[] bands = new double[Bands];
        for (int bin = 2; bin < Window * 7 / 16; bin++)
        {
            Complex sum = Complex.Zero;
            for (int index = 0; index < Window; index++)
            {
                double hann = 0.5 - (0.5 * Math.Cos(Math.Tau * index / Window));
                sum += Complex.FromPolarCoordinates(hann * samples[index], -Math.Tau * bin * index / Window);
            }

            bands[bin * Bands * 16 / (Window * 7)] += (sum * Complex.Conjugate(sum)).Real;
        }

        double loudest = 0;
        foreach (double band in bands)
        {
            loudest = Math.Max(loudest, band);
        }

        return Array.ConvertAll(bands, band => 10 * Math.Log10(Math.Max(Math.Max(band, loudest / Math.Pow(10, Masked / 10)), 1)));
    }

    private static double Distance(double[] left, double[] right)
    {
        double sum = 0;
        for (int band = 0; band < Bands; band++)
        {
            sum += Math.Pow(left[band] - right[band], 2);
        }

        return Math.Sqrt(sum / Bands);
    }
}
