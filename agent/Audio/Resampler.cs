using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.InteropServices;

namespace IntercomAgent.Audio;

/// <summary>
/// Converts between sample rates: a windowed sinc (Kaiser's window) in as many phases as linear interpolation between them needs. What
/// goes in comes out at once but for the filter's own delay, and with the rates' exact ratio: 441 samples of 44.1 kHz always give 80 of
/// 8 kHz. A small correction of the ratio makes up for the drift of clocks. It allocates nothing after it was made.
/// </summary>
internal sealed class Resampler
{
    /// <summary>The largest correction, in parts per million: far beyond any crystal, far below what is heard as another pitch.</summary>
    public const double MaximumCorrection = 1000;

    /// <summary>
    /// Periods of the lower rate that the filter spans. By Kaiser's formula, with 80 dB of attenuation, the transition is 0.15 of the lower
    /// rate wide: at 8 kHz it passes all below 3400 Hz, and what it folds back comes to lie above. Half of it is the delay, 2.1 ms.
    /// </summary>
    private const int Span = 34;

    // Kaiser's formula for 80 dB: 0.1102 * (80 - 8.7).
    private const double Shape = 7.857;

    /// <summary>Phases for a signal that fills the input's band: interpolating between them leaves an error of -94 dB.</summary>
    private const int FinestPhases = 256;

    private const int FewestPhases = 64;

    // Positions are counted in this part of the exact step's unit: a correction of a millionth is at least a thousand of them.
    private const int CorrectionBits = 30;

    /// <summary>
    /// The filters that were made, which all resamplers of the thread share: by taps, phases, and the lower rate of the two in parts of the
    /// input's. A program meets few pairs of rates.
    /// </summary>
    [ThreadStatic]
    private static Dictionary<(int Taps, int Phases, double Share), float[]>? _filters;

    private readonly int _taps;
    private readonly int _rowLength;
    private readonly int _phases;
    private readonly float[] _filter;
    private readonly float[] _history;
    private readonly long _unit;
    private readonly long _exactStep;
    private long _step;
    private long _at;
    private int _filled;

    /// <summary>A converter from one rate to another.</summary>
    /// <param name="inputRate">Samples a second that go in.</param>
    /// <param name="outputRate">Samples a second that come out.</param>
    /// <param name="longestInput">Samples that go in at once, at most.</param>
    public Resampler(int inputRate, int outputRate, int longestInput)
    {
        int lower = int.Min(inputRate, outputRate);
        int divisor = (int)BigInteger.GreatestCommonDivisor(inputRate, outputRate);
        _taps = 2 * (int)((((long)Span * inputRate) + (2L * lower) - 1) / (2L * lower));
        _phases = int.Max((int)((long)FinestPhases * lower / inputRate), FewestPhases);

        // Whole vectors: what is beyond the taps counts for nothing.
        _rowLength = (_taps + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        double share = (double)lower / inputRate;
        _filters ??= [];
        if (!_filters.TryGetValue((_taps, _phases, share), out float[]? filter))
        {
            filter = MakeFilter(_taps, _rowLength, _phases, 0.5 * share);
            _filters.Add((_taps, _phases, share), filter);
        }

        _filter = filter;
        _history = new float[_rowLength + longestInput + 1];
        _filled = _taps - 1;
        _unit = (long)(outputRate / divisor) << CorrectionBits;
        _exactStep = (long)(inputRate / divisor) << CorrectionBits;
        _step = _exactStep;
    }

    /// <summary>
    /// Makes the filters between some rates. To be called before there is a call: each takes some milliseconds on a slow board, in which
    /// the loop would stand still.
    /// </summary>
    public static void Prepare(params ReadOnlySpan<int> rates)
    {
        foreach (int input in rates)
        {
            foreach (int output in rates)
            {
                _ = new Resampler(input, output, 1);
            }
        }
    }

    /// <summary>How many samples before the next one <see cref="Join"/> wants to know.</summary>
    public int Past => (_taps / 2) - 1;

    /// <summary>By how many millionths faster than by the rates the input is used up; within the maximum on either side.</summary>
    public double Correction
    {
        get => ((double)_step / _exactStep - 1) * 1e6;
        set => _step = _exactStep + (long)(double.Clamp(value, -MaximumCorrection, MaximumCorrection) * 1e-6 * _exactStep);
    }

    /// <summary>
    /// Joins sound that has come without a conversion so far: given its last samples, as many as <see cref="Past"/> says, what comes out
    /// next stands for what goes in next. The filter looks ahead, so more must go in first than comes out.
    /// </summary>
    public void Join(ReadOnlySpan<short> past)
    {
        _at = 0;
        _filled = past.Length;
        for (int index = 0; index < past.Length; index++)
        {
            _history[index] = past[index];
        }
    }

    /// <summary>How many samples must go in, so that as many as this come out.</summary>
    public int InputFor(int output) => int.Max((int)((_at + ((output - 1) * _step)) / _unit) + _taps - _filled, 0);

    /// <summary>
    /// Converts all of the input; returns how many samples came out. The output has room for what the largest correction adds to its
    /// share, or for what <see cref="InputFor"/> was asked for: what is left over then comes out the next time.
    /// </summary>
    public int Convert(ReadOnlySpan<short> input, Span<short> output)
    {
        for (int index = 0; index < input.Length; index++)
        {
            _history[_filled + index] = input[index];
        }

        _filled += input.Length;
        int count = 0;
        (long first, long within) = long.DivRem(_at, _unit);
        while (first + _taps <= _filled && count < output.Length)
        {
            output[count++] = Interpolate((int)first, (float)within * _phases / _unit);
            _at += _step;
            (first, within) = long.DivRem(_at, _unit);
        }

        // The next sample may lie beyond what is there, by less than a step.
        int used = int.Min((int)first, _filled);
        _history.AsSpan(used, _filled - used).CopyTo(_history);
        _filled -= used;
        _at -= used * _unit;
        return count;
    }

    private short Interpolate(int first, float phase)
    {
        int row = int.Min((int)phase, _phases - 1);
        Vector<float> share = new(phase - row);
        ReadOnlySpan<Vector<float>> samples = MemoryMarshal.Cast<float, Vector<float>>(_history.AsSpan(first, _rowLength));
        ReadOnlySpan<Vector<float>> before = MemoryMarshal.Cast<float, Vector<float>>(_filter.AsSpan(row * _rowLength, _rowLength));
        ReadOnlySpan<Vector<float>> after = MemoryMarshal.Cast<float, Vector<float>>(_filter.AsSpan((row + 1) * _rowLength, _rowLength));
        Vector<float> sums = Vector<float>.Zero;
        for (int index = 0; index < samples.Length; index++)
        {
            sums += samples[index] * (before[index] + ((after[index] - before[index]) * share));
        }

        return (short)float.Clamp(float.Round(Vector.Sum(sums)), short.MinValue, short.MaxValue);
    }

    /// <summary>One row for each phase, and one more for the end of the last. Each passes a constant unchanged.</summary>
    private static float[] MakeFilter(int taps, int rowLength, int phases, double cutOff)
    {
        float[] filter = new float[rowLength * (phases + 1)];
        double[] row = new double[taps];
        double greatest = Bessel(Shape);
        for (int phase = 0; phase <= phases; phase++)
        {
            double sum = 0;
            for (int tap = 0; tap < taps; tap++)
            {
                double x = tap - ((taps / 2) - 1) - ((double)phase / phases);
                double place = x / (taps / 2.0);
                double window = Bessel(Shape * Math.Sqrt(double.Max(1 - (place * place), 0))) / greatest;
                double turn = Math.Tau * cutOff * x;
                row[tap] = window * (Math.Abs(x) < 1e-9 ? 1 : Math.Sin(turn) / turn);
                sum += row[tap];
            }

            for (int tap = 0; tap < taps; tap++)
            {
                filter[(phase * rowLength) + tap] = (float)(row[tap] / sum);
            }
        }

        return filter;
    }

    /// <summary>The modified Bessel function of the first kind and order zero, by its series.</summary>
    private static double Bessel(double x)
    {
        double sum = 1;
        double term = 1;
        for (int order = 1; term > sum * 1e-12; order++)
        {
            term *= x / (2 * order) * (x / (2 * order));
            sum += term;
        }

        return sum;
    }
}
