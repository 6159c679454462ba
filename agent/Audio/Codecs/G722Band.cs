using System;

namespace IntercomAgent.Audio.Codecs;

/// <summary>
/// What encoder and decoder both keep of one sub-band of G.722: a step that follows the signal's loudness, and a predictor of two poles
/// and six zeros that follows its spectrum (ITU-T G.722, in the integers of section 6). Both ends feed it with the
/// same codes, so that it is the same at both.
/// </summary>
/// <param name="shortestStep">The step at the beginning, and in silence: 32 for the lower sub-band, 8 for the higher.</param>
/// <param name="longestScale">The greatest logarithm of the step, in parts of 2048.</param>
internal sealed class G722Band(int shortestStep, int longestScale)
{
    private const int Zeros = 6;
    private const int LowShortestStep = 32;

    // Leakage lets both ends agree again after bit errors. In parts of 32768, but for the scale's, in parts of 128.
    private const int FirstPoleLeakage = 32640;
    private const int SecondPoleLeakage = 32512;
    private const int ZeroLeakage = 32640;
    private const int ScaleLeakage = 127;

    // What keeps the predictor stable: 0.75 and 0.9375, in parts of 16384.
    private const int GreatestSecondPole = 12288;
    private const int PoleSum = 15360;

    // The octaves between the greatest step and one: the table of the logarithm is scaled by 2048, the step by 4 more.
    private readonly int _octaves = shortestStep == LowShortestStep ? 8 : 10;

    private readonly int[] _zeros = new int[Zeros];
    private readonly int[] _differences = new int[Zeros];
    private int _firstPole;
    private int _secondPole;
    private int _lastSum;
    private int _sumBefore;
    private int _lastSignal;
    private int _scale;
    private int _zeroPart;

    /// <summary>The lower sub-band, 0 to 4 kHz.</summary>
    public static G722Band Lower() => new(LowShortestStep, 18432);

    /// <summary>The higher sub-band, 4 to 8 kHz.</summary>
    public static G722Band Higher() => new(8, 22528);

    /// <summary>What the next sample is expected to be.</summary>
    public int Prediction { get; private set; }

    /// <summary>The quantizer's step.</summary>
    public int Step { get; private set; } = shortestStep;

    /// <summary>Cuts a number to 16 bits.</summary>
    public static int Saturate(int value) => int.Clamp(value, short.MinValue, short.MaxValue);

    /// <summary>The difference from the prediction that a level of the quantizer's tables stands for.</summary>
    public int Scale(int level) => (Step * level) >> 15;

    /// <summary>Learns from the sample that has been coded.</summary>
    /// <param name="difference">By how much it differs from the prediction, as both ends know it.</param>
    /// <param name="scaleChange">By how much the logarithm of the step grows.</param>
    public void Adapt(int difference, int scaleChange)
    {
        AdaptStep(scaleChange);
        int signal = Saturate(Prediction + difference);
        int sum = Saturate(_zeroPart + difference);
        AdaptPoles(sum);
        AdaptZeros(difference);
        Predict(signal);
        _sumBefore = _lastSum;
        _lastSum = sum;
        _lastSignal = signal;
    }

    // Blocks LOGSCL and SCALEL, LOGSCH and SCALEH.
    private void AdaptStep(int change)
    {
        _scale = int.Clamp(((_scale * ScaleLeakage) >> 7) + change, 0, longestScale);
        int octave = _octaves - (_scale >> 11);
        int mantissa = G722Tables.InverseLogarithm[(_scale >> 6) & 31];
        Step = (octave < 0 ? mantissa << -octave : mantissa >> octave) << 2;
    }

    // Blocks UPPOL2 and UPPOL1.
    private void AdaptPoles(int sum)
    {
        bool sameAsLast = (sum ^ _lastSum) >= 0;
        bool sameAsBefore = (sum ^ _sumBefore) >= 0;
        int lean = Saturate(4 * _firstPole);
        lean = sameAsLast ? Saturate(-lean) : lean;
        int second = Saturate((lean >> 7) + (sameAsBefore ? 128 : -128) + ((_secondPole * SecondPoleLeakage) >> 15));
        _secondPole = int.Clamp(second, -GreatestSecondPole, GreatestSecondPole);

        int first = Saturate((sameAsLast ? 192 : -192) + ((_firstPole * FirstPoleLeakage) >> 15));
        int greatest = PoleSum - _secondPole;
        _firstPole = int.Clamp(first, -greatest, greatest);
    }

    // Block UPZERO, with the delay of the differences.
    private void AdaptZeros(int difference)
    {
        int gain = difference == 0 ? 0 : 128;
        for (int index = Zeros - 1; index >= 0; index--)
        {
            int turn = (difference ^ _differences[index]) >= 0 ? gain : -gain;
            _zeros[index] = Saturate(turn + ((_zeros[index] * ZeroLeakage) >> 15));
        }

        _differences.AsSpan(0, Zeros - 1).CopyTo(_differences.AsSpan(1));
        _differences[0] = difference;
    }

    // Blocks FILTEP, FILTEZ and PREDIC.
    private void Predict(int signal)
    {
        int poles = Saturate(
            ((_firstPole * Saturate(2 * signal)) >> 15) + ((_secondPole * Saturate(2 * _lastSignal)) >> 15));
        int zeros = 0;
        for (int index = Zeros - 1; index >= 0; index--)
        {
            zeros = Saturate(zeros + ((_zeros[index] * Saturate(2 * _differences[index])) >> 15));
        }

        _zeroPart = zeros;
        Prediction = Saturate(poles + zeros);
    }
}
