using System.Collections.Generic;
using IntercomAgent.Hal.Gpio;

namespace IntercomAgent.Configuration;

/// <summary>The lines of the board that a file names: each may have one use.</summary>
internal sealed class LineUses
{
    private readonly HashSet<string> _lines = [];

    /// <summary>Lines that are named so far.</summary>
    public int Count => _lines.Count;

    /// <summary>Reads the line under a key that must be given; null after a problem.</summary>
    public LineAddress? Read(ConfigurationSection section, string key)
    {
        string text = section.RequiredText(key, "GPIO17");
        return text.Length == 0 ? null : Parse(section, key, text);
    }

    /// <summary>Reads a line that stands under a key; null after a problem.</summary>
    public LineAddress? Parse(ConfigurationSection section, string key, string text)
    {
        if (!LineAddress.TryParse(text, out LineAddress? line))
        {
            section.Report(key, $"\"{text}\" is no line; expected a name, \"GPIO17\", or chip and offset, \"gpiochip0:17\"");
        }
        else if (!_lines.Add(text))
        {
            section.Report(key, $"the line \"{text}\" has another use already");
        }

        return line;
    }
}
