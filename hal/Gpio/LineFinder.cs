using System;
using System.Collections.Generic;
using System.Linq;

namespace IntercomAgent.Hal.Gpio;

/// <summary>Finds lines on the chips of this machine. It owns the chips that it was given.</summary>
/// <param name="chips">The chips.</param>
/// <param name="problems">Why some could not be opened: told where a line is not found, as it may be on one of them.</param>
internal sealed class LineFinder(IReadOnlyList<GpioChip> chips, IReadOnlyList<string> problems) : IDisposable
{
    /// <summary>Names that a sentence lists: as many as a Raspberry Pi has on its header.</summary>
    private const int MaximumListed = 28;

    /// <summary>Opens all chips of a machine.</summary>
    public static LineFinder Open(IGpioKernel kernel)
    {
        IReadOnlyList<GpioChip> chips = GpioChip.OpenAll(kernel, out IReadOnlyList<string> problems);
        return new LineFinder(chips, problems);
    }

    /// <summary>Finds a line; null, with a sentence that says what there is instead, when there is none or more than one.</summary>
    public (GpioChip Chip, int Offset)? Find(LineAddress address, out string? problem)
    {
        if (chips.Count == 0)
        {
            problem = $"there is no line {address}: {(problems.Count > 0 ? string.Join("; ", problems) : "this machine has no GPIO chip")}";
            return null;
        }

        return address.Chip is null ? FindByName(address.Text, out problem) : FindByOffset(address, out problem);
    }

    /// <summary>Finds a chip by its name or else by its label; null, with a sentence, when there is none or more than one.</summary>
    /// <param name="nameOrLabel">Name or label.</param>
    /// <param name="problem">What is wrong; null on success.</param>
    /// <param name="rest">What follows the chip in the address, for the sentence.</param>
    public GpioChip? FindChip(string nameOrLabel, out string? problem, string rest = "")
    {
        List<GpioChip> found = [.. chips.Where(chip => chip.Name == nameOrLabel)];
        if (found.Count == 0)
        {
            found = [.. chips.Where(chip => chip.Label == nameOrLabel)];
        }

        problem = found.Count switch
        {
            0 => $"no chip is named {nameOrLabel}: there are {Describe(chips)}{Unopened()}",
            1 => null,
            _ => $"{found.Count} chips are labelled {nameOrLabel}; write one of "
                + string.Join(", ", found.Select(chip => chip.Name + rest)),
        };
        return problem is null ? found[0] : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (GpioChip chip in chips)
        {
            chip.Dispose();
        }
    }

    private (GpioChip Chip, int Offset)? FindByName(string name, out string? problem)
    {
        List<(GpioChip Chip, int Offset)> found = [];
        List<string> names = [];
        foreach (GpioChip chip in chips)
        {
            foreach (GpioLine line in Lines(chip).Where(line => line.Name.Length > 0))
            {
                names.Add(line.Name);
                if (line.Name == name)
                {
                    found.Add((chip, line.Offset));
                }
            }
        }

        problem = found.Count switch
        {
            0 => $"no line is named {name}: {Describe(names)}{Unopened()}",
            1 => null,
            _ => $"{found.Count} lines are named {name}; write one of "
                + string.Join(", ", found.Select(line => $"{line.Chip.Name}:{line.Offset}")),
        };
        return found.Count == 1 ? found[0] : null;
    }

    private (GpioChip Chip, int Offset)? FindByOffset(LineAddress address, out string? problem)
    {
        if (FindChip(address.Chip ?? "", out problem, $":{address.Offset}") is not { } chip)
        {
            return null;
        }

        if (address.Offset >= chip.LineCount)
        {
            problem = $"{address.Chip} has the lines 0 to {chip.LineCount - 1}, not {address.Offset}";
            return null;
        }

        return (chip, address.Offset);
    }

    private string Describe(List<string> names)
    {
        if (names.Count == 0)
        {
            return $"the lines here have no names; write chip and offset, as in {chips[0].Name}:0; there are {Describe(chips)}";
        }

        string more = names.Count > MaximumListed ? $" and {names.Count - MaximumListed} more" : "";
        return $"there are {string.Join(", ", names.Take(MaximumListed))}{more}, on {Describe(chips)}";
    }

    private static string Describe(IEnumerable<GpioChip> chips) =>
        string.Join(", ", chips.Select(chip => $"{chip.Name} ({chip.Label}, lines 0 to {chip.LineCount - 1})"));

    private string Unopened() => problems.Count == 0 ? "" : $"; {string.Join("; ", problems)}";

    private static IEnumerable<GpioLine> Lines(GpioChip chip) =>
        Enumerable.Range(0, chip.LineCount).Select(chip.FindLine).OfType<GpioLine>();
}
