using System;
using System.Collections.Generic;

namespace IntercomAgent.Configuration;

/// <summary>Finds what a person probably meant to write.</summary>
internal static class NearestName
{
    /// <summary>
    /// The known name that is nearest to what was written; null when none is near: more than a third of the letters would have to change.
    /// </summary>
    public static string? Find(string written, IEnumerable<string> known)
    {
        string? nearest = null;
        int best = Math.Max(1, written.Length / 3) + 1;
        foreach (string name in known)
        {
            int distance = Distance(written.ToLowerInvariant(), name.ToLowerInvariant());
            if (distance < best)
            {
                (nearest, best) = (name, distance);
            }
        }

        return nearest;
    }

    /// <summary>How many letters must be put in, taken out or replaced to make one text of the other (Levenshtein's distance).</summary>
    private static int Distance(string from, string to)
    {
        int[] row = new int[to.Length + 1];
        for (int column = 0; column <= to.Length; column++)
        {
            row[column] = column;
        }

        foreach (char letter in from)
        {
            int diagonal = row[0]++;
            for (int column = 1; column <= to.Length; column++)
            {
                int replaced = diagonal + (letter == to[column - 1] ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.Min(replaced, Math.Min(row[column], row[column - 1]) + 1);
            }
        }

        return row[^1];
    }
}
