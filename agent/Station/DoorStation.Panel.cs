using IntercomAgent.Crypto.Wire;
using static IntercomAgent.Station.StationState;

namespace IntercomAgent.Station;

/// <content>The handset of an indoor station, the keypad of a door, and what a code does.</content>
internal sealed partial class DoorStation
{
    /// <summary>Whether the strike is open.</summary>
    public bool IsStrikeOpen => _strike.IsOpen;

    /// <summary>The handset was lifted: it answers the call that rings here. Or it was put down: it ends what there is.</summary>
    public void HookMoved(bool lifted, Instant now)
    {
        Advance(now);
        Step(new Input(lifted ? Happening.HookLifted : Happening.HookPutDown, now));
    }

    /// <summary>
    /// A key of the door's own keypad was pressed: <c>0</c> to <c>9</c>, <c>#</c> or <c>*</c>. The codes are those of the calls; wrong
    /// entries are counted apart, so that nobody at the door locks out the house, nor the other way round.
    /// </summary>
    public void KeyPressed(char key, Instant now)
    {
        Advance(now);
        if (State == Ended)
        {
            IgnoredInputs++;
            return;
        }

        Judge(_keypad.Enter(key, now, out DoorCode? code), code, now, null);
    }

    private StationState GiveUpCaller()
    {
        Emit(new StationOutput(StationOutputKind.RejectCall, _call!.Call, Reason: StationReason.RingLimit)); // It is alerting.
        _call = null;
        return Quiet;
    }

    /// <summary>Does and tells what an entry has come to.</summary>
    /// <param name="verdict">What the entry has come to.</param>
    /// <param name="code">The code that it is, if it is one.</param>
    /// <param name="now">Now.</param>
    /// <param name="call">The call in which it was entered; null at the door's own keypad.</param>
    private void Judge(CodeVerdict verdict, DoorCode? code, Instant now, CallFacts? call)
    {
        switch (verdict)
        {
            case CodeVerdict.Accepted:
                if (_strike.TryOpen(now))
                {
                    DoorOpenings++;
                    Emit(new StationOutput(StationOutputKind.OpenStrike, call?.Call ?? default));
                }

                Note(StationFact.CodeAccepted, call, code!.Name); // An accepted entry is the entry of a code.
                break;
            case CodeVerdict.Wrong:
                Note(StationFact.CodeWrong, call);
                break;
            case CodeVerdict.Locked:
                Note(StationFact.CodesLocked, call);
                break;
            case CodeVerdict.Incomplete:
            default:
                break;
        }
    }
}
