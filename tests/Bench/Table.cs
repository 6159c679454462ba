using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace IntercomAgent.Tests.Bench;

/// <summary>Writes rows as a table that reads well in a terminal and in Markdown. The ratio is ours by the peer's.</summary>
internal sealed class Table(TextWriter output)
{
    private static readonly CompositeFormat Layout =
        CompositeFormat.Parse("| {0,-46} | {1,12} | {2,12} | {3,7} | {4,-6} | {5,-40} |");

    /// <summary>Writes the names of the columns.</summary>
    public void WriteHead()
    {
        WriteLine("measured", "ours", "peer", "ratio", "unit", "peer is");
        WriteLine(new string('-', 46), new string('-', 11) + ":", new string('-', 11) + ":", "------:", "------", new string('-', 40));
    }

    /// <summary>Writes a row as soon as it has been measured.</summary>
    public void Write(Row row) => WriteLine(
        row.Name, Text(row.Ours), Text(row.Peer), Ratio(row), row.Unit, row.PeerName);

    /// <summary>The middle one of an odd number of measurements.</summary>
    public static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static string Ratio(Row row) =>
        row is { Ours: { } ours, Peer: { } peer } && peer != 0 ? (ours / peer).ToString("0.00", CultureInfo.InvariantCulture) : "";

    // Three digits say all that a measurement on a busy machine can say; large numbers keep their integer part.
    private static string Text(double? value) => value switch
    {
        null => "",
        { } number when Math.Abs(number) >= 100 => number.ToString("N0", CultureInfo.InvariantCulture),
        { } number when Math.Abs(number) >= 10 => number.ToString("0.0", CultureInfo.InvariantCulture),
        { } number => number.ToString("0.00", CultureInfo.InvariantCulture),
    };

    private void WriteLine(params object[] cells) => output.WriteLine(string.Format(CultureInfo.InvariantCulture, Layout, cells));
}
