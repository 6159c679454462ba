using System;

namespace IntercomAgent.Audio.Codecs;

/// <summary>
/// The numbers of ITU-T G.722 section 6: quantizers, how the step follows what they gave, and the filter between the sub-bands.
/// </summary>
internal static class G722Tables
{
    /// <summary>Decision levels of the lower sub-band's quantizer, for a step of 4096.</summary>
    public static readonly short[] LowDecisions =
    [
        35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121, 1219, 1339, 1458, 1612, 1765,
        1980, 2195, 2557, 2919,
    ];

    /// <summary>The code of each of the lower quantizer's intervals on the negative side, from zero outwards.</summary>
    public static ReadOnlySpan<byte> LowNegativeCodes =>
        [63, 62, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4];

    /// <summary>The same on the positive side.</summary>
    public static ReadOnlySpan<byte> LowPositiveCodes =>
        [61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36, 35, 34, 33, 32];

    /// <summary>What a code of six bits stands for, for a step of 32768: the lower sub-band as it is heard.</summary>
    public static readonly short[] LowLevels =
    [
        -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360, -8576, -7856,
        -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400, -2032, -1688, -1360, -1040, -728,
        24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456,
        4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136,
    ];

    /// <summary>
    /// What its upper four bits stand for: what both ends predict from, since the lower two may be taken for data.
    /// </summary>
    public static readonly short[] LowCoarseLevels =
        [0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0];

    /// <summary>By how much the logarithm of the lower step grows after those four bits.</summary>
    public static readonly short[] LowScaleChanges =
        [-60, 3042, 1198, 538, 334, 172, 58, -30, 3042, 1198, 538, 334, 172, 58, -30, -60];

    /// <summary>The decision level of the higher sub-band's quantizer, for a step of 4096.</summary>
    public const int HighDecision = 564;

    /// <summary>What a code of two bits stands for, for a step of 32768.</summary>
    public static readonly short[] HighLevels = [-7408, -1616, 7408, 1616];

    /// <summary>By how much the logarithm of the higher step grows after them.</summary>
    public static readonly short[] HighScaleChanges = [798, -214, 798, -214];

    /// <summary>Steps within one octave of the logarithm.</summary>
    public static readonly short[] InverseLogarithm =
    [
        2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834,
        2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008,
    ];

    /// <summary>
    /// Every second coefficient of the quadrature mirror filter, times 8192; the others are the same from behind.
    /// </summary>
    public static readonly int[] Filter = [3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11];

    /// <summary>Samples that the quadrature mirror filter looks at.</summary>
    public const int FilterLength = 24;

    /// <summary>The two phases of the filter over a window of <see cref="FilterLength"/>, the oldest first.</summary>
    public static (int Even, int Odd) ApplyFilter(ReadOnlySpan<int> window)
    {
        ReadOnlySpan<int> filter = Filter;
        int even = 0;
        int odd = 0;
        for (int index = 0; index < filter.Length; index++)
        {
            even += window[2 * index] * filter[index];
            odd += window[(2 * index) + 1] * filter[filter.Length - 1 - index];
        }

        return (even, odd);
    }
}
