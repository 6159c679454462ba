using System;

namespace IntercomAgent.Tests.Unit.Audio;

/// <summary>
/// ITU-T G.711 appendix I, written down plainly to be compared with: frames of 10 ms at 8 kHz, and an output that is 3.75 ms late.
/// </summary>
internal sealed class AppendixOne
{
    public const int Frame = 80;
    public const int Delay = 30;

    private const int Longest = 120;
    private const int Shortest = 40;
    private const int Compared = 160;
    private const int Kept = (3 * Longest) + Delay;

    private readonly double[] _history = new double[Kept];
    private readonly double[] _voice = new double[Kept];
    private readonly double[] _tail = new double[Delay];
    private int _erased;
    private int _pitch;
    private int _quarter;
    private int _length;
    private int _at;

    public short[] Good(ReadOnlySpan<short> frame)
    {
        double[] sound = Array.ConvertAll(frame.ToArray(), sample => (double)sample);
        if (_erased > 0)
        {
            double[] over = Next(int.Min(_quarter + ((_erased - 1) * 32), Frame));
            double gain = double.Max(1 - ((_erased - 1) * 0.2), 0);
            for (int index = 0; index < over.Length; index++)
            {
                double share = (index + 1.0) / over.Length;
                sound[index] = (over[index] * (_erased > 6 ? 0 : gain) * (1 - share)) + (sound[index] * share);
            }

            _erased = 0;
        }

        return Save(sound);
    }

    public short[] Lost()
    {
        double[] sound;
        if (_erased == 0)
        {
            _history.CopyTo(_voice, 0);
            _pitch = FindPitch();
            _quarter = _pitch / 4;
            Array.Copy(_voice, Kept - _quarter, _tail, 0, _quarter);
            _length = _pitch;
            Smooth();
            Array.Copy(_voice, Kept - _quarter, _history, Kept - _quarter, _quarter);
            _at = 0;
            sound = Next(Frame);
        }
        else if (_erased < 3)
        {
            int saved = _at;
            double[] before = Next(_quarter);
            _at = saved % _pitch;
            _length += _pitch;
            Smooth();
            sound = Next(Frame);
            for (int index = 0; index < _quarter; index++)
            {
                double share = (index + 1.0) / _quarter;
                sound[index] = (before[index] * (1 - share)) + (sound[index] * share);
            }
        }
        else
        {
            sound = _erased > 5 ? new double[Frame] : Next(Frame);
        }

        for (int index = 0; index < Frame && _erased > 0; index++)
        {
            sound[index] *= double.Max(1 - ((_erased - 1) * 0.2) - (0.2 * index / Frame), 0);
        }

        _erased++;
        return Save(sound);
    }

    private void Smooth()
    {
        int first = Kept - _length;
        for (int index = 0; index < _quarter; index++)
        {
            double share = (index + 1.0) / _quarter;
            _voice[Kept - _quarter + index] = (_tail[index] * (1 - share)) + (_voice[first - _quarter + index] * share);
        }
    }

    private double[] Next(int samples)
    {
        double[] sound = new double[samples];
        for (int index = 0; index < samples; index++)
        {
            sound[index] = _voice[Kept - _length + _at];
            _at = (_at + 1) % _length;
        }

        return sound;
    }

    private int FindPitch()
    {
        int best = Shortest;
        double greatest = double.NegativeInfinity;
        for (int lag = Shortest; lag <= Longest; lag++)
        {
            double product = 0;
            double energy = 250 * Compared;
            for (int index = Kept - Compared; index < Kept; index++)
            {
                product += _voice[index] * _voice[index - lag];
                energy += _voice[index - lag] * _voice[index - lag];
            }

            double likeness = product / Math.Sqrt(energy);
            (best, greatest) = likeness >= greatest ? (lag, likeness) : (best, greatest);
        }

        return best;
    }

    private short[] Save(double[] sound)
    {
        Array.Copy(_history, Frame, _history, 0, Kept - Frame);
        sound.CopyTo(_history, Kept - Frame);
        return Array.ConvertAll(_history[(Kept - Frame - Delay)..(Kept - Delay)], sample => (short)Math.Round(sample));
    }
}
