using System.Collections.Generic;

namespace IntercomAgent.Hal.Gpio;

/// <summary>
/// The program's end of a door panel without hardware. A machine attaches itself to be told when there is an event to read.
/// </summary>
public sealed class ProgrammedPanel
{
    private readonly Queue<PanelEvent> _events = new();

    /// <summary>Whether the strike is energised now.</summary>
    public bool StrikeOpen { get; private set; }

    /// <summary>How often the strike went from closed to open.</summary>
    public int StrikeOpenings { get; private set; }

    /// <summary>How many events wait to be read.</summary>
    public int Pending => _events.Count;

    /// <summary>Presses a button and lets it go again.</summary>
    public void Press(int button, long now)
    {
        _events.Enqueue(new PanelEvent(button, Pressed: true, now));
        _events.Enqueue(new PanelEvent(button, Pressed: false, now));
    }

    /// <summary>Takes the next event; false when there is none.</summary>
    public bool TryRead(out PanelEvent happened) => _events.TryDequeue(out happened);

    /// <summary>What the panel port does when the strike is switched.</summary>
    public void SetStrike(bool open)
    {
        if (open && !StrikeOpen)
        {
            StrikeOpenings++;
        }

        StrikeOpen = open;
    }
}
