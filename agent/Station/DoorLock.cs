using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Station;

/// <summary>
/// Who may open the door: codes that are entered in calls or at the door's own keypad, and the strike that a right one opens. The codes are
/// the same; wrong entries are counted apart, so that nobody at the door locks out the house, nor the other way round.
/// </summary>
/// <param name="settings">The codes and the pulse, until it is told otherwise.</param>
/// <param name="outputs">Where what is to be done and told goes: the station's outputs, in one order with all others.</param>
internal sealed class DoorLock(StationSettings settings, Queue<StationOutput> outputs)
{
    private readonly Strike _strike = new() { Pulse = settings.StrikePulse };
    private CodeEntry _codes = new(settings.Codes);
    private CodeEntry _keypad = new(settings.Codes);

    /// <summary>Whether the strike is open.</summary>
    public bool IsOpen => _strike.IsOpen;

    /// <summary>How often the strike was opened.</summary>
    public long Openings { get; private set; }

    /// <summary>Wrong entries that are remembered, in calls or at the keypad, whichever are more.</summary>
    public int WrongEntries => Math.Max(_codes.WrongEntries, _keypad.WrongEntries);

    /// <summary>When <see cref="Advance"/> has something to do.</summary>
    public Instant WakeAt => Instant.Soonest(_strike.ClosesAt, Instant.Soonest(_codes.WakeAt, _keypad.WakeAt));

    /// <summary>Remembers wrong entries from an earlier life; whether that locks the codes.</summary>
    public bool Remember(int wrongEntries, Instant now)
    {
        _codes.Remember(wrongEntries, now);
        _keypad.Remember(wrongEntries, now);
        return _codes.IsLocked;
    }

    /// <summary>
    /// Takes other codes and another pulse. An open strike keeps its pulse; a code that is half entered is to be entered again; wrong
    /// ones stay counted.
    /// </summary>
    public void Reconfigure(StationSettings settings)
    {
        _codes = _codes.With(settings.Codes);
        _keypad = _keypad.With(settings.Codes);
        _strike.Pulse = settings.StrikePulse;
    }

    /// <summary>A digit was pressed at the other end of a call that is secured.</summary>
    public void EnterInCall(char digit, CallFacts call, Instant now) =>
        Judge(_codes.Enter(digit, now, out DoorCode? code), code, call, now);

    /// <summary>A key of the door's own keypad was pressed.</summary>
    public void EnterAtDoor(char key, Instant now) => Judge(_keypad.Enter(key, now, out DoorCode? code), code, null, now);

    /// <summary>The call is over: what was half entered in it counts as it is.</summary>
    public void LeaveCall(CallFacts? call, Instant now) => Judge(_codes.Abandon(now), null, call, now);

    /// <summary>Does what is due.</summary>
    /// <param name="call">The call that is up, if there is one.</param>
    /// <param name="now">Now.</param>
    public void Advance(CallFacts? call, Instant now)
    {
        if (_strike.Advance(now))
        {
            outputs.Enqueue(new StationOutput(StationOutputKind.CloseStrike));
        }

        Judge(_codes.Advance(now), null, call, now);
        Judge(_keypad.Advance(now), null, null, now);
    }

    /// <summary>Closes the strike and forgets what was entered.</summary>
    public void End()
    {
        if (_strike.TryClose())
        {
            outputs.Enqueue(new StationOutput(StationOutputKind.CloseStrike));
        }

        _codes.Forget();
        _keypad.Forget();
    }

    /// <summary>Does and tells what an entry has come to.</summary>
    /// <param name="verdict">What the entry has come to.</param>
    /// <param name="code">The code that it is, if it is one.</param>
    /// <param name="call">The call in which it was entered; null at the door's own keypad.</param>
    /// <param name="now">Now.</param>
    private void Judge(CodeVerdict verdict, DoorCode? code, CallFacts? call, Instant now)
    {
        switch (verdict)
        {
            case CodeVerdict.Accepted:
                if (_strike.TryOpen(now))
                {
                    Openings++;
                    outputs.Enqueue(new StationOutput(StationOutputKind.OpenStrike, call?.Call ?? default));
                }

                Note(StationFact.CodeAccepted, call, code!.Name); // An accepted entry is the entry of a code.
                break;
            case CodeVerdict.Wrong:
                Note(StationFact.CodeWrong, call, call?.Peer ?? "");
                break;
            case CodeVerdict.Locked:
                Note(StationFact.CodesLocked, call, call?.Peer ?? "");
                break;
            case CodeVerdict.Incomplete:
            default:
                break;
        }
    }

    private void Note(StationFact fact, CallFacts? call, string who) =>
        outputs.Enqueue(new StationOutput(StationOutputKind.Note, call?.Call ?? default, who, Fact: fact));
}
