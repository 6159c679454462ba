using System;

namespace IntercomAgent.Hal.Gpio;

/// <summary>Buttons and the strike of a door.</summary>
public interface IDoorPanel : IDisposable
{
    /// <summary>Takes the next event; false when there is none.</summary>
    bool TryRead(out PanelEvent happened);

    /// <summary>Energises the strike relay or lets it go. Dispose lets it go whatever came before.</summary>
    void SetStrike(bool open);
}

/// <summary>A button was pressed or let go.</summary>
/// <param name="Button">The button's number; the first is 0.</param>
/// <param name="Pressed">True when pressed, false when let go.</param>
/// <param name="At">When, in nanoseconds on the machine's monotonic clock.</param>
public readonly record struct PanelEvent(int Button, bool Pressed, long At);

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
