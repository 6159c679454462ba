using System;
using System.Collections.Generic;
using System.Linq;

namespace IntercomAgent.Hal.Gpio;

/// <summary>A panel whose buttons, contacts and relays are lines of the board.</summary>
public sealed record GpioPanelSettings : DoorPanelSettings
{
    /// <summary>Buttons and contacts.</summary>
    public IReadOnlyList<InputLine> Inputs { get; init; } = [];

    /// <summary>Relays and lamps but the strike; each kind at most once.</summary>
    public IReadOnlyList<OutputLine> Outputs { get; init; } = [];

    /// <summary>The strike; null when there is none.</summary>
    public StrikeLine? Strike { get; init; }

    /// <summary>The keypad; null when there is none.</summary>
    public KeypadLines? Keypad { get; init; }

    /// <summary>Whether both mean the same lines: a reload that says the same as before changes nothing.</summary>
    public bool Equals(GpioPanelSettings? other) => other is not null && Strike == other.Strike && Keypad == other.Keypad
        && Inputs.SequenceEqual(other.Inputs) && Outputs.SequenceEqual(other.Outputs);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Strike, Keypad, Inputs.Count, Outputs.Count);
}

/// <summary>A button or a contact.</summary>
/// <param name="Input">What it is.</param>
/// <param name="Number">Which of the buttons, counted from 0; else 0.</param>
/// <param name="Line">Where it is.</param>
/// <param name="ActiveLow">Whether it pulls its line low when it is pressed, open or lifted.</param>
/// <param name="Bias">What holds the line otherwise.</param>
/// <param name="Debounce">How long the line must be at rest for its new level to count; at most a second.</param>
public sealed record InputLine(PanelInput Input, int Number, LineAddress Line, bool ActiveLow, LineBias Bias, TimeSpan Debounce);

/// <summary>A relay, a lamp or a buzzer.</summary>
/// <param name="Output">What it is.</param>
/// <param name="Line">Where it is.</param>
/// <param name="ActiveLow">Whether the low level switches it on.</param>
/// <param name="Drive">How it is driven.</param>
public sealed record OutputLine(PanelOutput Output, LineAddress Line, bool ActiveLow, LineDrive Drive);

/// <summary>
/// The strike. Its safe level is that of a locked door: <see cref="LockKind.FailSecure"/> is inactive then, <see cref="LockKind.FailSafe"/>
/// is active.
/// </summary>
/// <param name="Line">Where its relay is.</param>
/// <param name="ActiveLow">Whether the low level draws the relay.</param>
/// <param name="Drive">How it is driven.</param>
/// <param name="Lock">What an active line does to the lock.</param>
/// <param name="Maximum">How long it may be open at once, whatever the program wants.</param>
public sealed record StrikeLine(LineAddress Line, bool ActiveLow, LineDrive Drive, LockKind Lock, TimeSpan Maximum);

/// <summary>What power does to a lock.</summary>
public enum LockKind
{
    /// <summary>Power opens it; without power it is locked.</summary>
    FailSecure,

    /// <summary>Power holds it locked; without power it is open.</summary>
    FailSafe,
}

/// <summary>A matrix of keys, whose lines are all on one chip.</summary>
/// <param name="Rows">The lines of the rows, from the top. They are pulled up, and a pressed key pulls one low.</param>
/// <param name="Columns">The lines of the columns, from the left. They are driven low or let go.</param>
/// <param name="Keys">The characters of the keys, a text for each row.</param>
public sealed record KeypadLines(IReadOnlyList<LineAddress> Rows, IReadOnlyList<LineAddress> Columns, IReadOnlyList<string> Keys)
{
    /// <summary>Whether both mean the same lines and keys.</summary>
    public bool Equals(KeypadLines? other) => other is not null
        && Rows.SequenceEqual(other.Rows) && Columns.SequenceEqual(other.Columns) && Keys.SequenceEqual(other.Keys);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rows.Count, Columns.Count, Keys.Count);
}
