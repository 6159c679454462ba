using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Station;

/// <summary>The LED that says what the station does: a pattern for each status; pure.</summary>
internal sealed class StatusLight
{
    private static readonly OnOffPattern Ringing = new(repeats: true, 250, 250);
    private static readonly OnOffPattern Talking = new(repeats: true, 900, 100);
    private static readonly OnOffPattern DoorOpen = new(repeats: true, 100, 100);
    private static readonly OnOffPattern Unregistered = new(repeats: true, 100, 1900);
    private static readonly OnOffPattern Fault = new(repeats: true, 100, 200, 100, 200, 100, 1300);

    private readonly Blinker _blinker = new();
    private Status _shown = Status.Off;

    /// <summary>Whether the LED is lit now.</summary>
    public bool IsLit => _blinker.IsOn;

    /// <summary>When <see cref="Advance"/> has something to do.</summary>
    public Instant WakeAt => _blinker.WakeAt;

    /// <summary>Shows a status from now on; the one that is shown already goes on as it is.</summary>
    public void Show(Status status, Instant now)
    {
        if (status != _shown)
        {
            _shown = status;
            _blinker.Play(PatternOf(status), now);
        }
    }

    /// <summary>Does what is due.</summary>
    public void Advance(Instant now) => _blinker.Advance(now);

    private static OnOffPattern PatternOf(Status status) => status switch
    {
        Status.Off => OnOffPattern.Off,
        Status.Idle => OnOffPattern.On,
        Status.Ringing => Ringing,
        Status.Talking => Talking,
        Status.DoorOpen => DoorOpen,
        Status.Unregistered => Unregistered,
        Status.Fault => Fault,
    };
}

/// <summary>What the LED says.</summary>
internal enum Status
{
    /// <summary>The station does not run: dark.</summary>
    Off,

    /// <summary>All is well: lit.</summary>
    Idle,

    /// <summary>It rings: on and off, twice a second.</summary>
    Ringing,

    /// <summary>A call is up: lit, with a short break each second.</summary>
    Talking,

    /// <summary>Come in: a flicker.</summary>
    DoorOpen,

    /// <summary>The registrar does not know us: a flash every two seconds.</summary>
    Unregistered,

    /// <summary>Something is broken: three flashes every two seconds.</summary>
    Fault,
}
