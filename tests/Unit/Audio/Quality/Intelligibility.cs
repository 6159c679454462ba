using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using IntercomAgent.Audio;

namespace IntercomAgent.Tests.Unit.Audio.Quality;

/// <summary>
/// How well speech is understood after something was done to it, from the speech before and after: STOI (C. H. Taal, R. C. Hendriks,
/// R. Heusdens, J. Jensen, IEEE Trans. Audio, Speech, Lang. Process. 19, 2011) and ESTOI (J. Jensen, C. H. Taal, 24, 2016). Both are 1 for
/// speech that is as it was, and about 0 for what has nothing to do with it.
/// </summary>
internal sealed class Intelligibility
{
    private const int SampleRate = 10_000;
    private const int FrameSamples = 256;
    private const int HopSamples = FrameSamples / 2;
    private const int TransformSize = 512;
    private const int Bands = 15;
    private const double LowestBand = 150;

    /// <summary>Frames that are compared at once: 384 ms.</summary>
    private const int SegmentFrames = 30;

    /// <summary>Frames that are so many decibels quieter than the loudest are silence.</summary>
    private const double DynamicRange = 40;

    /// <summary>STOI's bound of what a band can be worse than destroyed: a signal-to-distortion ratio of -15 dB.</summary>
    private const double LowerBound = -15;

    private static readonly double[] Window =
        [.. Enumerable.Range(1, FrameSamples).Select(index => 0.5 * (1 - Math.Cos(Math.Tau * index / (FrameSamples + 1))))];

    private readonly List<(double[][] Clean, double[][] Heard)> _segments = [];

    /// <summary>Compares two recordings that begin in the same moment; what one is longer is left out.</summary>
    public Intelligibility(ReadOnlySpan<short> clean, ReadOnlySpan<short> heard, int sampleRate)
    {
        double[] before = Convert(clean, sampleRate);
        double[] after = Convert(heard, sampleRate);
        int length = int.Min(before.Length, after.Length);
        (before, after) = WithoutSilence(before[..length], after[..length]);
        double[][] cleanBands = [.. Frames(before).Select(BandsOf)];
        double[][] heardBands = [.. Frames(after).Select(BandsOf)];
        for (int last = SegmentFrames; last <= cleanBands.Length; last++)
        {
            _segments.Add((Segment(cleanBands, last), Segment(heardBands, last)));
        }
    }

    /// <summary>The measure of 2011.</summary>
    public double Stoi() => _segments.Average(segment => Enumerable.Range(0, Bands).Average(band => CompareBand(segment, band)));

    /// <summary>The measure of 2016, which minds gaps and modulated noise more.</summary>
    public double Estoi() => _segments.Average(segment =>
    {
        double[][] clean = NormalisedTwice(segment.Clean);
        double[][] heard = NormalisedTwice(segment.Heard);
        double sum = 0;
        for (int band = 0; band < Bands; band++)
        {
            for (int frame = 0; frame < SegmentFrames; frame++)
            {
                sum += clean[band][frame] * heard[band][frame];
            }
        }

        return sum / SegmentFrames;
    });

    private static double[] Convert(ReadOnlySpan<short> samples, int sampleRate)
    {
        short[] converted = new short[(int)((long)(samples.Length + 1) * SampleRate / sampleRate)];
        int count = new Resampler(sampleRate, SampleRate, samples.Length).Convert(samples, converted);
        return [.. converted[..count].Select(sample => (double)sample)];
    }

    /// <summary>Takes out the frames in which the clean speech is silent, and joins what is left.</summary>
    private static (double[] Clean, double[] Heard) WithoutSilence(double[] clean, double[] heard)
    {
        double[][] cleanFrames = Frames(clean);
        double[][] heardFrames = Frames(heard);
        double[] levels = [.. cleanFrames.Select(frame => 20 * Math.Log10(Norm(frame) + 1e-9))];
        double least = levels.Max() - DynamicRange;
        int[] kept = [.. Enumerable.Range(0, levels.Length).Where(index => levels[index] > least)];
        double[] cleanJoined = new double[((kept.Length - 1) * HopSamples) + FrameSamples];
        double[] heardJoined = new double[cleanJoined.Length];
        for (int place = 0; place < kept.Length; place++)
        {
            for (int index = 0; index < FrameSamples; index++)
            {
                cleanJoined[(place * HopSamples) + index] += cleanFrames[kept[place]][index];
                heardJoined[(place * HopSamples) + index] += heardFrames[kept[place]][index];
            }
        }

        return (cleanJoined, heardJoined);
    }

    private static double[][] Frames(double[] samples) =>
        [.. Enumerable.Range(0, ((samples.Length - FrameSamples) / HopSamples) + 1)
            .Select(frame => Enumerable.Range(0, FrameSamples)
                .Select(index => samples[(frame * HopSamples) + index] * Window[index]).ToArray())];

    /// <summary>The square roots of a frame's power in thirds of octaves.</summary>
    private static double[] BandsOf(double[] frame)
    {
        Complex[] spectrum = new Complex[TransformSize];
        for (int index = 0; index < frame.Length; index++)
        {
            spectrum[index] = frame[index];
        }

        Fourier.Transform(spectrum);
        double[] bands = new double[Bands];
        for (int band = 0; band < Bands; band++)
        {
            double centre = LowestBand * Math.Pow(2, band / 3.0);
            int first = Bin(centre * Math.Pow(2, -1 / 6.0));
            int end = Bin(centre * Math.Pow(2, 1 / 6.0));
            double power = 0;
            for (int bin = first; bin < end; bin++)
            {
                power += (spectrum[bin].Real * spectrum[bin].Real) + (spectrum[bin].Imaginary * spectrum[bin].Imaginary);
            }

            bands[band] = Math.Sqrt(power);
        }

        return bands;

        static int Bin(double hertz) => (int)Math.Round(hertz * TransformSize / SampleRate);
    }

    private static double[][] Segment(double[][] bands, int last)
    {
        double[][] segment = NewSegment();
        for (int band = 0; band < Bands; band++)
        {
            for (int frame = 0; frame < SegmentFrames; frame++)
            {
                segment[band][frame] = bands[last - SegmentFrames + frame][band];
            }
        }

        return segment;
    }

    private static double CompareBand((double[][] Clean, double[][] Heard) segment, int band)
    {
        double[] clean = Row(segment.Clean, band);
        double[] heard = Row(segment.Heard, band);
        double scale = Norm(clean) / (Norm(heard) + 1e-9);
        double bound = 1 + Math.Pow(10, -LowerBound / 20);
        for (int frame = 0; frame < SegmentFrames; frame++)
        {
            heard[frame] = double.Min(heard[frame] * scale, clean[frame] * bound);
        }

        Centre(clean);
        Centre(heard);
        return clean.Zip(heard, (before, after) => before * after).Sum();
    }

    private static double[][] NormalisedTwice(double[][] segment)
    {
        double[][] normalised = NewSegment();
        for (int band = 0; band < Bands; band++)
        {
            double[] row = Row(segment, band);
            Centre(row);
            for (int frame = 0; frame < SegmentFrames; frame++)
            {
                normalised[band][frame] = row[frame];
            }
        }

        for (int frame = 0; frame < SegmentFrames; frame++)
        {
            double[] column = [.. Enumerable.Range(0, Bands).Select(band => normalised[band][frame])];
            Centre(column);
            for (int band = 0; band < Bands; band++)
            {
                normalised[band][frame] = column[band];
            }
        }

        return normalised;
    }

    private static double[][] NewSegment() => [.. Enumerable.Range(0, Bands).Select(_ => new double[SegmentFrames])];

    private static double[] Row(double[][] segment, int band) => [.. Enumerable.Range(0, SegmentFrames).Select(frame => segment[band][frame])];

    /// <summary>Takes out the mean, and makes the length 1.</summary>
    private static void Centre(double[] values)
    {
        double mean = values.Average();
        for (int index = 0; index < values.Length; index++)
        {
            values[index] -= mean;
        }

        double norm = Norm(values) + 1e-9;
        for (int index = 0; index < values.Length; index++)
        {
            values[index] /= norm;
        }
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));
}
