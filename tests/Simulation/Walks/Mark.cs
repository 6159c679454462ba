using System;
using System.Collections.Generic;
using IntercomAgent.Audio;

namespace IntercomAgent.Tests.Simulation.Walks;

/// <summary>
/// A mark that a voice carries and an ear can read: a constant sample value, which µ-law carries unchanged. It tells the station that
/// speaks and, by turns, the visit during which it does.
/// </summary>
/// <param name="Station">The station's number in its world.</param>
/// <param name="Visit">The visit's number at that station, modulo <see cref="Visits"/>.</param>
internal readonly record struct Mark(int Station, int Visit)
{
    /// <summary>Stations that can be told apart.</summary>
    public const int Stations = 6;

    /// <summary>Visits that can be told apart: the 120 negative values of µ-law that are not close to silence, shared out.</summary>
    public const int Visits = 20;

    private static readonly short[] Values = BuildValues();
    private static readonly Dictionary<short, Mark> Marks = BuildMarks();

    /// <summary>The sample value that says it.</summary>
    public short Value => Values[(Station * Visits) + Visit];

    /// <summary>Reads a period; false when it is not one value throughout, such as silence, or concealment of a loss.</summary>
    public static bool TryRead(ReadOnlySpan<short> period, out Mark mark)
    {
        mark = default;
        return !period.ContainsAnyExcept(period[0]) && Marks.TryGetValue(period[0], out mark);
    }

    private static short[] BuildValues()
    {
        byte[] codes = new byte[Stations * Visits];
        for (int code = 0; code < codes.Length; code++)
        {
            codes[code] = (byte)code;
        }

        short[] values = new short[codes.Length];
        MuLaw.Decode(codes, values);
        return values;
    }

    private static Dictionary<short, Mark> BuildMarks()
    {
        Dictionary<short, Mark> marks = [];
        for (int index = 0; index < Values.Length; index++)
        {
            marks.Add(Values[index], new Mark(index / Visits, index % Visits));
        }

        return marks;
    }
}
