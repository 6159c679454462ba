using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace IntercomAgent.Hal.Gpio;

/// <summary>
/// Which line is meant: <c>GPIO17</c> by its name, on whatever chip has it, or <c>gpiochip0:17</c> and <c>pinctrl-rp1:17</c> by the
/// name or the label of its chip and its offset there. Labels stay the same; the numbers of chips may change with the kernel.
/// </summary>
public sealed record LineAddress
{
    private LineAddress(string text, string? chip, int offset)
    {
        Text = text;
        Chip = chip;
        Offset = offset;
    }

    /// <summary>The address as it was written; without a chip, the name of the line.</summary>
    public string Text { get; }

    /// <summary>Name or label of the chip; null when the line is meant by its name.</summary>
    internal string? Chip { get; }

    /// <summary>The offset on the chip, if there is one.</summary>
    internal int Offset { get; }

    /// <summary>Reads an address; false for what cannot be one. Whether there is such a line is another matter.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out LineAddress? address)
    {
        int colon = text.LastIndexOf(':');
        address = null;
        if (colon < 0)
        {
            address = text.Trim().Length == text.Length && text.Length > 0 ? new LineAddress(text, null, 0) : null;
        }
        else if (colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int offset))
        {
            address = new LineAddress(text, text[..colon], offset);
        }

        return address is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
