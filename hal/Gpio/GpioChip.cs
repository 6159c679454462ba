using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Text;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Gpio;

/// <summary>A GPIO controller and its lines. Lines that were requested from it stay when it is closed.</summary>
public sealed unsafe class GpioChip : IDisposable
{
    private readonly IGpioKernel _kernel;
    private readonly Descriptor _chip;

    private GpioChip(IGpioKernel kernel, Descriptor chip, string name, string label, int lines)
    {
        _kernel = kernel;
        _chip = chip;
        Name = name;
        Label = label;
        LineCount = lines;
    }

    /// <summary>The name that the kernel gave it: <c>gpiochip0</c>.</summary>
    public string Name { get; }

    /// <summary>What it is: <c>pinctrl-bcm2711</c>.</summary>
    public string Label { get; }

    /// <summary>How many lines it has; their offsets begin at 0.</summary>
    public int LineCount { get; }

    /// <summary>
    /// Opens all chips of this machine; the caller closes them. Each that cannot be opened is a sentence in
    /// <paramref name="problems"/>.
    /// </summary>
    public static IReadOnlyList<GpioChip> OpenAll(out IReadOnlyList<string> problems) => OpenAll(new GpioKernel(), out problems);

    /// <summary>Asks about a line; null for a line that is gone since, with its chip.</summary>
    public GpioLine? FindLine(int offset)
    {
        GpioLineInformation line = new() { Offset = (uint)offset };
        if (_kernel.Control(_chip, GpioCommand.GPIO_V2_GET_LINEINFO_IOCTL, &line) != Errno.None)
        {
            return null;
        }

        return new GpioLine(
            offset, Text(line.Name), Text(line.Consumer), line.Flags.HasFlag(GpioLineFlags.GPIO_V2_LINE_FLAG_USED),
            line.Flags.HasFlag(GpioLineFlags.GPIO_V2_LINE_FLAG_OUTPUT), line.Flags.HasFlag(GpioLineFlags.GPIO_V2_LINE_FLAG_ACTIVE_LOW));
    }

    /// <inheritdoc/>
    public void Dispose() => _chip.Dispose();

    /// <summary>What <see cref="OpenAll(out IReadOnlyList{string})"/> does, with any kernel.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The chips are owned by whoever asked for them.")]
    internal static IReadOnlyList<GpioChip> OpenAll(IGpioKernel kernel, out IReadOnlyList<string> problems)
    {
        List<GpioChip> chips = [];
        List<string> sentences = [];
        foreach (string path in kernel.FindChips())
        {
            if (Open(kernel, path, out string? problem) is { } chip)
            {
                chips.Add(chip);
            }
            else
            {
                sentences.Add(problem!); // There is no chip, so there is a reason.
            }
        }

        problems = sentences;
        return chips;
    }

    /// <summary>Takes lines; the descriptor that comes back in the request is the caller's.</summary>
    internal Errno Request(GpioLineRequest* request) => _kernel.Control(_chip, GpioCommand.GPIO_V2_GET_LINE_IOCTL, request);

    private static GpioChip? Open(IGpioKernel kernel, string path, out string? problem)
    {
        problem = null;
        Errno error = kernel.Open(path, out Descriptor chip);
        if (error != Errno.None)
        {
            problem = SystemError.Sentence($"cannot open {path}", error);
            chip.Dispose();
            return null;
        }

        GpioChipInformation information;
        error = kernel.Control(chip, GpioCommand.GPIO_GET_CHIPINFO_IOCTL, &information);
        if (error != Errno.None)
        {
            problem = SystemError.Sentence($"cannot ask {path} what it is", error);
            chip.Dispose();
            return null;
        }

        string name = Text(information.Name);
        return new GpioChip(
            kernel, chip, name.Length > 0 ? name : Path.GetFileName(path), Text(information.Label), (int)information.Lines);
    }

    private static string Text(in GpioName name)
    {
        ReadOnlySpan<byte> bytes = name;
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}

/// <summary>What a line is now.</summary>
/// <param name="Offset">Its offset on its chip.</param>
/// <param name="Name">Its name, from the device tree; empty when it has none. Several lines may have the same.</param>
/// <param name="User">Who uses it, by the name that the user gave; empty when nobody does.</param>
/// <param name="IsUsed">Whether it is taken, by a program or by the kernel.</param>
/// <param name="IsOutput">Whether it drives, rather than listens.</param>
/// <param name="IsActiveLow">Whether its user calls the low level active.</param>
public sealed record GpioLine(int Offset, string Name, string User, bool IsUsed, bool IsOutput, bool IsActiveLow);
