using System;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using static IntercomAgent.Station.StationState;

namespace IntercomAgent.Station;

/// <summary>Somebody calls the station: whether, how and how long it rings here, until a visitor does.</summary>
internal sealed partial class DoorStation
{
    private StationState ConsiderCaller(in StationInput input)
    {
        Caller caller = input.Caller!; // Whoever offers a call says who calls.
        IncomingPolicy policy = _settings.Incoming;
        if (!policy.Answers || !(caller.Account is not null || policy.Callers.Any(pattern => pattern.Matches(caller))))
        {
            return RejectCaller(input.Call, StationReason.Declined);
        }

        TimeSpan? wish = MayOpenMicrophone(caller, policy) ? caller.AnswerAfter : null;
        TimeSpan answerAfter = wish ?? policy.AnswerAfter;
        bool awaitsHand = policy.ByHand && wish is null;
        if (caller.DemandsAnswerMode && awaitsHand == caller.AnswerAfter is not null)
        {
            return RejectCaller(input.Call, StationReason.AnswerMode);
        }

        _awaitsHand = awaitsHand;
        _call = new CallFacts(input.Call, caller.Shown, input.Now + (_awaitsHand ? _settings.RingLimit : answerAfter)) { IsUnheard = true };
        if (!_awaitsHand && answerAfter <= TimeSpan.Zero)
        {
            return AnswerCaller(byHand: false, input.Now);
        }

        Emit(new StationOutput(StationOutputKind.RingCall, input.Call, caller.Shown));
        return Alerting;
    }

    /// <summary>Everybody may ring where everybody may; to have the microphone opened, a caller must be known.</summary>
    private static bool MayOpenMicrophone(Caller caller, IncomingPolicy policy) =>
        caller.Account is not null || policy.Callers.Any(pattern => pattern.IsSpecific && pattern.Matches(caller));

    private StationState RejectCaller(StationCall call, StationReason reason)
    {
        Emit(new StationOutput(StationOutputKind.RejectCall, call, Reason: reason));
        return State;
    }

    private StationState AnswerCaller(bool byHand, Instant now)
    {
        bool withTone = !byHand && _settings.Incoming.HasTone;
        _call = _call! with { Due = now + _settings.CallLimit }; // The call that rings here is the current one.
        Emit(new StationOutput(StationOutputKind.AnswerCall, _call.Call, _call.Peer, WithTone: withTone));
        return Talking;
    }

    private StationState GiveUpCaller()
    {
        Emit(new StationOutput(StationOutputKind.RejectCall, _call!.Call, Reason: StationReason.RingLimit)); // It is alerting.
        _call = null;
        return Quiet;
    }

    /// <summary>Nobody hears the caller yet, nor is heard: without this, whoever calls and says no more would keep the visitors from ringing.</summary>
    private StationState RingInsteadOfCaller(in StationInput input)
    {
        StationOutputKind kind = State == Alerting ? StationOutputKind.RejectCall : StationOutputKind.HangUp;
        Emit(new StationOutput(kind, _call!.Call, Reason: StationReason.VisitorRings)); // The call that is up or rings here.
        _ = FinishCall(input.Now);
        return StartRinging(input);
    }
}
