using System;

namespace IntercomAgent.Audio;

/// <summary>
/// Finds where a piece of sound is most like another: the place with the greatest normalized correlation. It looks roughly first, at
/// 8 kHz, and then more closely.
/// </summary>
/// <param name="sampleRate">Samples a second: 8000 or a multiple.</param>
/// <param name="longest">Samples that are looked at, at most: those of the piece, and the places.</param>
internal sealed class PitchSearch(int sampleRate, int longest)
{
    private readonly int _factor = sampleRate / 8000;
    private readonly short[] _piece = new short[longest];
    private readonly short[] _field = new short[longest];

    /// <summary>How alike two pieces of sound are, whatever their loudness: 1 for equal ones, 0 or less for unlike ones.</summary>
    public static double Likeness(ReadOnlySpan<short> first, ReadOnlySpan<short> second)
    {
        double energies = (double)Dot(first, first) * Dot(second, second);
        return energies > 0 ? Dot(first, second) / Math.Sqrt(energies) : 1;
    }

    /// <summary>Returns the place in the field, from 0 on, at which it is most like the piece. The field is no shorter than the piece.</summary>
    /// <param name="piece">What is looked for.</param>
    /// <param name="field">Where it is looked for.</param>
    /// <param name="likeness">How alike they are there.</param>
    public int Find(ReadOnlySpan<short> piece, ReadOnlySpan<short> field, out double likeness)
    {
        if (_factor == 1)
        {
            return Search(piece, field, out likeness);
        }

        ReadOnlySpan<short> roughField = Reduce(field, _field);
        int rough = _factor * Search(Reduce(piece, _piece), roughField, out _);
        int first = int.Max(rough - _factor, 0);
        int last = int.Min(rough + _factor, field.Length - piece.Length);
        return first + Search(piece, field[first..(last + piece.Length)], out likeness);
    }

    private static int Search(ReadOnlySpan<short> piece, ReadOnlySpan<short> field, out double likeness)
    {
        double best = double.NegativeInfinity;
        int place = 0;
        long energy = Dot(field[..piece.Length], field[..piece.Length]);
        for (int at = 0; at <= field.Length - piece.Length; at++)
        {
            double product = Dot(piece, field.Slice(at, piece.Length));
            double score = energy > 0 ? product * Math.Abs(product) / energy : 0;
            if (score > best)
            {
                (best, place) = (score, at);
            }

            if (at + piece.Length < field.Length)
            {
                energy += ((long)field[at + piece.Length] * field[at + piece.Length]) - ((long)field[at] * field[at]);
            }
        }

        likeness = Likeness(piece, field.Slice(place, piece.Length));
        return place;
    }

    private static long Dot(ReadOnlySpan<short> first, ReadOnlySpan<short> second)
    {
        long sum = 0;
        for (int index = 0; index < first.Length; index++)
        {
            sum += first[index] * second[index];
        }

        return sum;
    }

    private ReadOnlySpan<short> Reduce(ReadOnlySpan<short> sound, Span<short> reduced)
    {
        int count = sound.Length / _factor;
        for (int index = 0; index < count; index++)
        {
            int sum = 0;
            foreach (short sample in sound.Slice(index * _factor, _factor))
            {
                sum += sample;
            }

            reduced[index] = (short)(sum / _factor);
        }

        return reduced[..count];
    }
}
