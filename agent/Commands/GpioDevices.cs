using System.Collections.Generic;
using System.IO;
using System.Linq;
using IntercomAgent.Hal.Gpio;

namespace IntercomAgent.Commands;

/// <summary>The GPIO part of <c>devices</c>: chips, lines, who uses them, and what to write in the configuration.</summary>
internal static class GpioDevices
{
    /// <summary>Lists all chips.</summary>
    public static void List(StandardStreams streams)
    {
        IReadOnlyList<GpioChip> chips = GpioChip.OpenAll(out IReadOnlyList<string> problems);
        foreach (string problem in problems)
        {
            streams.Error.WriteLine($"intercom-agent: {problem}");
        }

        List<(GpioChip Chip, GpioLine Line)> lines = [.. chips.SelectMany(chip => LinesOf(chip).Select(line => (chip, line)))];
        HashSet<string> ambiguous = [.. lines.GroupBy(entry => entry.Line.Name).Where(group => group.Count() > 1).Select(group => group.Key)];
        foreach (GpioChip chip in chips)
        {
            streams.Output.WriteLine($"GPIO chip {chip.Name} ({chip.Label}), {chip.LineCount} lines");
            streams.Output.WriteLine("  offset  name                  now                              write");
            foreach (GpioLine line in LinesOf(chip))
            {
                Tell(streams.Output, chip, line, !ambiguous.Contains(line.Name));
            }

            streams.Output.WriteLine();
        }

        streams.Output.WriteLine(chips.Count > 0
            ? "In the configuration: kind = \"gpio\" in [panel], and line = \"…\" for each button and relay."
            : "GPIO: this machine has no chip that can be opened; without one, kind = \"stdin\" in [panel] is a panel.");
        foreach (GpioChip chip in chips)
        {
            chip.Dispose();
        }
    }

    private static void Tell(TextWriter output, GpioChip chip, GpioLine line, bool isUnique)
    {
        string user = line.User.Length > 0 ? $"\"{line.User}\"" : "somebody";
        string now = $"{(line.IsOutput ? "output" : "input")}{(line.IsUsed ? $", used by {user}" : "")}";
        string address = line.Name.Length > 0 && isUnique && !line.Name.Contains(':', System.StringComparison.Ordinal)
            ? line.Name
            : $"{chip.Label}:{line.Offset}";
        output.WriteLine($"  {line.Offset,6}  {line.Name,-20}  {now,-31}  {(line.IsUsed ? "" : $"line = \"{address}\"")}".TrimEnd());
    }

    private static IEnumerable<GpioLine> LinesOf(GpioChip chip) =>
        Enumerable.Range(0, chip.LineCount).Select(chip.FindLine).OfType<GpioLine>();
}
