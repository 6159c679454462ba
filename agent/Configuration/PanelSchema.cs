using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Station;

namespace IntercomAgent.Configuration;

/// <summary>What a configuration file may say of the panel: <c>[panel]</c>, and the lines of each <c>[[button]]</c>.</summary>
/// <param name="panel">The section.</param>
/// <param name="lines">The lines that have a use already, and those of the panel from now on.</param>
internal sealed class PanelSchema(ConfigurationSection panel, LineUses lines)
{
    /// <summary>Rows and columns of the largest keypad: 64 keys.</summary>
    private const int MaximumKeypad = 8;

    /// <summary>What the station's own pulse leaves to the panel's bound, where the file does not say.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    private readonly int _usedElsewhere = lines.Count;

    /// <summary>Reads the panel, whose strike is open for <paramref name="pulse"/> at a time.</summary>
    public PanelConfiguration Read(IReadOnlyList<ConfigurationSection> buttons, TimeSpan pulse)
    {
        PanelKind kind = panel.Choice("kind", PanelKind.None,
            ("none", PanelKind.None), ("stdin", PanelKind.StandardInput), ("gpio", PanelKind.Gpio));
        List<InputLine> inputs = [];
        foreach ((int number, ConfigurationSection button) in buttons.Index())
        {
            inputs.AddRange(ReadInput(button, PanelInput.Button, number, activeLow: true, isNeeded: kind == PanelKind.Gpio));
        }

        ConfigurationSection? door = panel.OptionalSection("door");
        inputs.AddRange(ReadContact(door, PanelInput.DoorContact, activeLow: false));
        inputs.AddRange(ReadContact(panel.OptionalSection("tamper"), PanelInput.TamperContact, activeLow: false));
        inputs.AddRange(ReadContact(panel.OptionalSection("hook"), PanelInput.HookSwitch, activeLow: true));
        GpioPanelSettings gpio = new()
        {
            Strike = panel.OptionalSection("strike") is { } strike ? ReadStrike(strike, pulse) : null,
            Inputs = inputs,
            Outputs =
            [
                .. ReadOutput("light", PanelOutput.Light), .. ReadOutput("led", PanelOutput.StatusLed),
                .. ReadOutput("buzzer", PanelOutput.Buzzer),
            ],
            Keypad = panel.OptionalSection("keypad") is { } keypad ? ReadKeypad(keypad) : null,
        };
        if (kind != PanelKind.Gpio && lines.Count > _usedElsewhere)
        {
            panel.Report("kind", "lines are given, but only kind = \"gpio\" has lines");
        }

        return new PanelConfiguration
        {
            Kind = kind,
            Gpio = gpio,
            Watch = new PanelWatchSettings
            {
                StuckAfter = panel.Seconds("stuck_seconds", 5, 600, otherwise: 30),
                LeftOpenAfter = door?.Seconds("left_open_seconds", 5, 3600, otherwise: 60) ?? TimeSpan.FromSeconds(60),
            },
            LightWhile = panel.Choices("light_while", [LightTime.Ringing, LightTime.Call],
                ("ringing", LightTime.Ringing), ("call", LightTime.Call), ("door-open", LightTime.DoorOpen)),
        };
    }

    private InputLine[] ReadContact(ConfigurationSection? section, PanelInput input, bool activeLow) =>
        section is null ? [] : ReadInput(section, input, 0, activeLow, isNeeded: true);

    private InputLine[] ReadInput(ConfigurationSection section, PanelInput input, int number, bool activeLow, bool isNeeded)
    {
        LineAddress? line = isNeeded || section.Has("line") ? lines.Read(section, "line") : null;
        bool isLow = ReadActive(section, activeLow);
        LineBias bias = section.Choice("bias", LineBias.PullUp,
            ("pull-up", LineBias.PullUp), ("pull-down", LineBias.PullDown), ("none", LineBias.Disabled), ("as-is", LineBias.AsIs));
        int debounce = section.WholeNumber("debounce_ms", 0, 1000, otherwise: 20);
        _ = section.OptionalText("line"); // A key that is known, whether or not it is given.
        return line is null ? [] : [new InputLine(input, number, line, isLow, bias, TimeSpan.FromMilliseconds(debounce))];
    }

    private OutputLine[] ReadOutput(string key, PanelOutput output)
    {
        if (panel.OptionalSection(key) is not { } section)
        {
            return [];
        }

        LineAddress? line = lines.Read(section, "line");
        bool isLow = ReadActive(section, otherwise: false);
        LineDrive drive = ReadDrive(section);
        return line is null ? [] : [new OutputLine(output, line, isLow, drive)];
    }

    private StrikeLine? ReadStrike(ConfigurationSection strike, TimeSpan pulse)
    {
        LineAddress? line = lines.Read(strike, "line");
        bool isLow = ReadActive(strike, otherwise: false);
        LineDrive drive = ReadDrive(strike);
        LockKind kind = strike.Choice("lock", LockKind.FailSecure, ("fail-secure", LockKind.FailSecure), ("fail-safe", LockKind.FailSafe));
        double most = (Strike.MaximumPulse + Margin).TotalSeconds;
        TimeSpan maximum = strike.Seconds("maximum_seconds", 0.2, most, otherwise: (pulse + Margin).TotalSeconds);
        if (maximum <= pulse)
        {
            strike.Report("maximum_seconds", "must be longer than pulse_seconds of [strike], which it is the last resort of");
        }

        return line is null ? null : new StrikeLine(line, isLow, drive, kind, maximum);
    }

    private KeypadLines? ReadKeypad(ConfigurationSection keypad)
    {
        List<LineAddress> rows = ReadLines(keypad, "rows");
        List<LineAddress> columns = ReadLines(keypad, "columns");
        IReadOnlyList<string> keys = keypad.Texts("keys", 1, MaximumKeypad, "\"123\", \"456\", \"789\", \"*0#\"");
        bool fits = keys.Count == rows.Count && keys.All(row => row.Length == columns.Count);
        if (rows.Count > 0 && columns.Count > 0 && keys.Count > 0 && !fits)
        {
            keypad.Report("keys", $"expected {rows.Count} texts, one a row, of {columns.Count} characters each, one a column");
        }

        return fits ? new KeypadLines(rows, columns, keys) : null;
    }

    private List<LineAddress> ReadLines(ConfigurationSection section, string key)
    {
        List<LineAddress> found = [];
        foreach (string text in section.Texts(key, 1, MaximumKeypad, "\"GPIO5\", \"GPIO6\""))
        {
            if (lines.Parse(section, key, text) is { } line)
            {
                found.Add(line);
            }
        }

        return found;
    }

    private static bool ReadActive(ConfigurationSection section, bool otherwise) =>
        section.Choice("active", otherwise, ("low", true), ("high", false));

    private static LineDrive ReadDrive(ConfigurationSection section) => section.Choice("drive", LineDrive.PushPull,
        ("push-pull", LineDrive.PushPull), ("open-drain", LineDrive.OpenDrain), ("open-source", LineDrive.OpenSource));
}
