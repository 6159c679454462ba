using System;
using System.Numerics;

namespace IntercomAgent.Tests.Unit.Audio.Quality;

/// <summary>The discrete Fourier transform of a power of two of samples.</summary>
internal static class Fourier
{
    /// <summary>Transforms where it is.</summary>
    public static void Transform(Span<Complex> data)
    {
        for (int index = 1, reversed = 0; index < data.Length; index++)
        {
            int bit = data.Length >> 1;
            for (; (reversed & bit) != 0; bit >>= 1)
            {
                reversed ^= bit;
            }

            reversed ^= bit;
            if (index < reversed)
            {
                (data[index], data[reversed]) = (data[reversed], data[index]);
            }
        }

        for (int length = 2; length <= data.Length; length <<= 1)
        {
            Complex turn = Complex.FromPolarCoordinates(1, -Math.Tau / length);
            for (int first = 0; first < data.Length; first += length)
            {
                Complex factor = 1;
                for (int index = first; index < first + (length / 2); index++)
                {
                    Complex even = data[index];
                    Complex odd = data[index + (length / 2)] * factor;
                    data[index] = even + odd;
                    data[index + (length / 2)] = even - odd;
                    factor *= turn;
                }
            }
        }
    }
}
