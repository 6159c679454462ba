using System.Linq;
using IntercomAgent.Crypto.Wire;
using static IntercomAgent.Station.StationState;

namespace IntercomAgent.Station;

/// <summary>
/// A call that goes on with somebody else: its peer sends it to a target of a button, or another caller takes the peer's place. The visitor
/// stays where he is. The limit of the call stays as well, or two telephones could keep the microphone open by sending it to and fro, and
/// what was half entered of a code is the former peer's alone.
/// </summary>
internal sealed partial class DoorStation
{
    private StationState ConsiderTransfer(in StationInput input)
    {
        CallFacts call = _call!; // The transition asked whether it is the current one.
        bool may = _settings.AllowsTransfer && _round is null;
        if (!may || FindTarget(input.Target ?? "") is not { } target)
        {
            return ReportTransfer(call.Call, TransferProgress.Refused);
        }

        _round = new RingRound(new RingPlan(RingOrder.InOrder, [target]), Instant.Soonest(input.Now + _settings.RingLimit, call.Due))
        {
            Transferred = call,
        };
        _ = ReportTransfer(TransferProgress.Begun);
        return RingOn(input.Now);
    }

    /// <summary>
    /// Takes a call whose caller wants to be in another one's place: that of the peer of the call that is up, or of a target that rings.
    /// </summary>
    private StationState ConsiderSuccessor(in StationInput input)
    {
        Caller caller = input.Caller!; // Whoever offers a call says who calls.
        StationCall replaced = caller.Replaces!.Value; // The transition asked whether it names one.
        bool isRinging = IsRinging(replaced);
        bool isUp = State == Talking && IsCurrent(replaced);
        if (!_settings.AllowsTransfer || !MayTakeOver(caller) || !(isRinging || isUp))
        {
            return RejectCaller(input.Call, StationReason.Declined);
        }

        if (isRinging)
        {
            TakeBackRinging(StationReason.AnsweredElsewhere);
        }
        else if (_round is not null)
        {
            _ = StopRinging(StationReason.HungUp);
        }

        Emit(new StationOutput(StationOutputKind.AnswerCall, input.Call, caller.Shown));
        return GoOnWith(new CallFacts(input.Call, caller.Shown, input.Now), input.Now);
    }

    /// <summary>
    /// Whether a caller may be heard without a hand, and hear: one who is let in and known, by a list that says more than "everybody", by a
    /// password, or to the proxy that vouches for it.
    /// </summary>
    private bool MayTakeOver(Caller caller)
    {
        IncomingPolicy policy = _settings.Incoming;
        bool isListed = policy.Callers.Any(pattern => (pattern.IsSpecific || caller.IsVouched) && pattern.Matches(caller));
        return policy.Answers && (caller.Account is not null || isListed);
    }

    /// <summary>The station is in this call from now on; the one that it was in, if it was, is hung up.</summary>
    private StationState GoOnWith(CallFacts successor, Instant now)
    {
        _ = ReportTransfer(TransferProgress.Done);
        Instant due = (_call ?? _round?.Transferred)?.Due ?? now + _settings.CallLimit;
        _round = null;
        if (_call is { } former)
        {
            Emit(new StationOutput(StationOutputKind.HangUp, former.Call, Reason: StationReason.Transferred, Other: successor.Call));
            _lock.LeaveCall(former, now);
        }

        _call = successor with { Due = due };
        return Talking;
    }

    /// <summary>Tells the one who has asked for it what becomes of the transfer that is under way, if there is one.</summary>
    private StationState ReportTransfer(TransferProgress progress, CallOutcome outcome = CallOutcome.HungUp) =>
        _round?.Transferred is { } call ? ReportTransfer(call.Call, progress, outcome) : State;

    private StationState ReportTransfer(StationCall call, TransferProgress progress, CallOutcome outcome = CallOutcome.HungUp)
    {
        Emit(new StationOutput(StationOutputKind.ReportTransfer, call, Transfer: progress, Outcome: outcome));
        return State;
    }
}
