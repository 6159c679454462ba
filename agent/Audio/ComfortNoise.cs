using System;

namespace IntercomAgent.Audio;

/// <summary>
/// Makes the noise that a silent sender describes (RFC 3389), so that a pause does not sound as if the line were dead: white noise through
/// the filter that the reflection coefficients stand for, as loud as the level says.
/// </summary>
internal sealed class ComfortNoise
{
    /// <summary>The payload type that RFC 3551 table 4 assigns.</summary>
    public const byte PayloadType = 13;

    // RFC 3389 section 3.2 sets no limit. More than ten tell nothing of noise, and what is left out only makes the spectrum smoother.
    private const int MostCoefficients = 10;

    // RFC 3389 section 3.1: 0 dBov is a square wave with values of +-8031 in the 14 bits of mu-law.
    private const double FullScale = 4 * 8031;

    // Near 1 the filter would ring: the quantization leaves no more than 258 * 127 / 32768.
    private const double Unit = 258.0 / 32768;

    // A change of the noise is followed within some 20 ms.
    private const double Smoothing = 1.0 / 160;

    private readonly double[] _reflections = new double[MostCoefficients];
    private readonly double[] _filter = new double[MostCoefficients];
    private readonly double[] _scratch = new double[MostCoefficients];
    private readonly double[] _memory = new double[MostCoefficients];
    private uint _state = 1;
    private int _octets;
    private double _level;
    private double _gain;

    /// <summary>Whether a sender has described its noise.</summary>
    public bool IsKnown => _octets > 0;

    /// <summary>There is no description any more, as when somebody speaks.</summary>
    public void Forget()
    {
        _octets = 0;
        _gain = 0;
        Array.Clear(_memory);
    }

    /// <summary>Takes a description, or the next piece of one.</summary>
    /// <param name="begins">Whether it is the first piece.</param>
    /// <param name="description">Octets of it; any will do.</param>
    public void Describe(bool begins, ReadOnlySpan<byte> description)
    {
        if (begins)
        {
            _octets = 0;
            Array.Clear(_reflections);
        }

        foreach (byte octet in description)
        {
            if (_octets == 0)
            {
                // Section 3.1: the level in -dBov, 0 to 127.
                _level = FullScale * Math.Pow(10, -(octet & 0x7F) / 20.0);
            }
            else if (_octets <= MostCoefficients)
            {
                // Section 3.2; index 255 is reserved.
                _reflections[_octets - 1] = octet == 255 ? 0 : Unit * (octet - 127);
            }

            _octets = int.Min(_octets + 1, MostCoefficients + 1);
        }

        MakeFilter();
    }

    /// <summary>Makes noise.</summary>
    public void Make(Span<short> noise)
    {
        // Evenly spread between -1 and 1, its level is 1 / sqrt(3); the filter makes it louder by what the coefficients take away.
        double wanted = _level * Math.Sqrt(3);
        foreach (double reflection in _reflections)
        {
            wanted *= Math.Sqrt(1 - (reflection * reflection));
        }

        for (int index = 0; index < noise.Length; index++)
        {
            _gain += (wanted - _gain) * Smoothing;
            double sample = _gain * White();
            for (int tap = 0; tap < MostCoefficients; tap++)
            {
                sample -= _filter[tap] * _memory[tap];
            }

            _memory.AsSpan(0, MostCoefficients - 1).CopyTo(_memory.AsSpan(1));
            _memory[0] = double.Clamp(sample, short.MinValue, short.MaxValue);
            noise[index] = (short)_memory[0];
        }
    }

    /// <summary>From reflection coefficients to those of the filter: the Levinson recursion's step up.</summary>
    private void MakeFilter()
    {
        for (int order = 0; order < MostCoefficients; order++)
        {
            _filter.AsSpan(0, order).CopyTo(_scratch);
            for (int tap = 0; tap < order; tap++)
            {
                _filter[tap] = _scratch[tap] + (_reflections[order] * _scratch[order - 1 - tap]);
            }

            _filter[order] = _reflections[order];
        }
    }

    /// <summary>White noise between -1 and 1. It need not be hard to guess: the generator of Numerical Recipes will do.</summary>
    private double White()
    {
        _state = unchecked((_state * 1_664_525) + 1_013_904_223);
        return (int)_state / 2_147_483_648.0;
    }
}
