using System;

namespace IntercomAgent.Hal.Gpio;

/// <summary>What a door has: things to press and contacts that tell, a strike, lights.</summary>
public interface IDoorPanel : IDisposable
{
    /// <summary>Takes the next event; false when there is none.</summary>
    bool TryRead(out PanelEvent happened);

    /// <summary>
    /// Switches an output; one that the panel does not have does nothing. The strike is open when it is on, however its lock is wired.
    /// Dispose closes the strike and switches everything off, whatever came before.
    /// </summary>
    void Set(PanelOutput output, bool on);
}

/// <summary>Something happened at the panel.</summary>
/// <param name="Input">Where.</param>
/// <param name="Number">Which button, counted from 0; the character of a key; 0 for what there is one of.</param>
/// <param name="IsActive">Pressed, open, lifted or broken; false when that is over.</param>
/// <param name="At">When, in nanoseconds on the machine's monotonic clock.</param>
/// <param name="IsFound">Whether it was so already when the panel was opened, rather than seen to happen.</param>
/// <param name="Problem">The sentence of a <see cref="PanelInput.Fault"/>; else null.</param>
public readonly record struct PanelEvent(
    PanelInput Input, int Number, bool IsActive, long At, bool IsFound = false, string? Problem = null);

/// <summary>Where something can happen.</summary>
public enum PanelInput
{
    /// <summary>A button that rings. Active: pressed.</summary>
    Button,

    /// <summary>A key of the keypad, which is pressed; that it is let go is not told.</summary>
    Key,

    /// <summary>The contact of the door. Active: the door is open.</summary>
    DoorContact,

    /// <summary>The contact of the housing. Active: somebody opens it.</summary>
    TamperContact,

    /// <summary>The hook of a handset. Active: it is lifted.</summary>
    HookSwitch,

    /// <summary>The panel itself does not work as it should.</summary>
    Fault,
}

/// <summary>What can be switched.</summary>
public enum PanelOutput
{
    /// <summary>The strike. On: the door can be opened.</summary>
    Strike,

    /// <summary>The relay of a light.</summary>
    Light,

    /// <summary>The LED that says what the station does.</summary>
    StatusLed,

    /// <summary>The buzzer.</summary>
    Buzzer,
}

/// <summary>Which door panel to open: a closed set of kinds.</summary>
public abstract record DoorPanelSettings;

/// <summary>No panel: nobody presses, and no strike is there.</summary>
public sealed record NoPanelSettings : DoorPanelSettings;

/// <summary>A panel without hardware: the program itself presses the buttons and looks at the strike.</summary>
/// <param name="Panel">The program's end of it.</param>
public sealed record ProgrammedPanelSettings(ProgrammedPanel Panel) : DoorPanelSettings;

/// <summary>
/// A panel on standard input: the line <c>press</c> presses the first button, <c>press 2</c> the second. For boards whose wiring is
/// not there yet.
/// </summary>
public sealed record StandardInputPanelSettings : DoorPanelSettings;
