using System;
using System.Collections.Generic;

namespace IntercomAgent.Hal.Gpio;

/// <summary>
/// The program's end of a door panel without hardware. A machine attaches itself to be told when there is an event to read.
/// </summary>
public sealed class ProgrammedPanel
{
    private readonly Queue<PanelEvent> _events = new();
    private readonly bool[] _outputs = new bool[Enum.GetValues<PanelOutput>().Length];

    /// <summary>Whether the strike is open now.</summary>
    public bool StrikeOpen => IsOn(PanelOutput.Strike);

    /// <summary>How often the strike went from closed to open.</summary>
    public int StrikeOpenings { get; private set; }

    /// <summary>How many events wait to be read.</summary>
    public int Pending => _events.Count;

    /// <summary>Whether an output is on now.</summary>
    public bool IsOn(PanelOutput output) => _outputs[(int)output];

    /// <summary>Presses a button and lets it go again.</summary>
    public void Press(int button, long now)
    {
        Put(PanelInput.Button, active: true, now, button);
        Put(PanelInput.Button, active: false, now, button);
    }

    /// <summary>Presses or lets go, opens or closes, lifts or puts down.</summary>
    public void Put(PanelInput input, bool active, long now, int number = 0) =>
        _events.Enqueue(new PanelEvent(input, number, active, now));

    /// <summary>Takes the next event; false when there is none.</summary>
    public bool TryRead(out PanelEvent happened) => _events.TryDequeue(out happened);

    /// <summary>What the panel port does when an output is switched.</summary>
    public void Set(PanelOutput output, bool on)
    {
        if (output == PanelOutput.Strike && on && !StrikeOpen)
        {
            StrikeOpenings++;
        }

        _outputs[(int)output] = on;
    }

    /// <summary>What the panel port does at its end: everything is off.</summary>
    public void Rest() => Array.Clear(_outputs);
}
