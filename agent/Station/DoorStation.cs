using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using static IntercomAgent.Station.StationState;

namespace IntercomAgent.Station;

/// <summary>
/// What a door station, or an indoor one, does; pure decisions, no protocol.
/// <para>
/// A press of the button rings the targets of its plan, one after another or all at once. The first answer wins; the other calls are
/// taken back as answered elsewhere, and an answer that comes too late for that is hung up. In the one call that is up, a code opens
/// the strike, provided that the call is secured, as one that is entered at the door does: that is <see cref="DoorLock"/>'s.
/// The call ends by its limit, the button or the peer. A call from outside is answered, at once or after ringing, when the policy says so;
/// until both hear each other, the visitor who presses the button comes first.
/// </para>
/// The owner polls to idle after each input. Every input that carries a time serves first what was due by then.
/// </summary>
internal sealed partial class DoorStation
{
    private readonly Queue<StationOutput> _outputs = new();
    private readonly DoorLock _lock;
    private StationSettings _settings;
    private Instant[] _buttonRestedAt;
    private RingRound? _round;
    private CallFacts? _call;
    private bool _awaitsHand;
    private int _lastCall;

    /// <summary>Begins with nothing going on.</summary>
    /// <param name="settings">What this station does, until it is told otherwise.</param>
    public DoorStation(StationSettings settings)
    {
        _settings = settings;
        _buttonRestedAt = new Instant[settings.Buttons.Count];
        _lock = new DoorLock(settings, _outputs);
    }

    /// <summary>What the station is busy with.</summary>
    public StationState State { get; private set; } = Quiet;

    /// <summary>Who is at the other end of the call that is up or rings here; empty without one.</summary>
    public string Peer => _call?.Peer ?? "";

    /// <summary>Whether the strike is open.</summary>
    public bool IsStrikeOpen => _lock.IsOpen;

    /// <summary>How often the strike was opened.</summary>
    public long DoorOpenings => _lock.Openings;

    /// <summary>
    /// Wrong entries of codes that are remembered, in calls or at the keypad, whichever are more: to be kept for the next life, so that
    /// ending this one forgives nothing.
    /// </summary>
    public int WrongCodeEntries => _lock.WrongEntries;

    /// <summary>Inputs that meant nothing when they came: a button that rests, a call that is over, anything after the end.</summary>
    public long IgnoredInputs { get; private set; }

    /// <summary>Remembers wrong entries of codes from an earlier life; whether that locks the codes.</summary>
    public bool RememberWrongCodes(int wrongEntries, Instant now) => _lock.Remember(wrongEntries, now);

    /// <summary>
    /// Does other things from now on. What is going on goes on as it began: a call keeps its limit, a ring its plan, an open strike its
    /// pulse. A code that is half entered is to be entered again; wrong ones stay counted.
    /// </summary>
    public void Reconfigure(StationSettings settings)
    {
        _lock.Reconfigure(settings);
        Array.Resize(ref _buttonRestedAt, settings.Buttons.Count);
        _settings = settings;
    }

    /// <summary>The button of that number, counted from 0, was pressed. Letting it go is no input.</summary>
    public void ButtonPressed(int button, Instant now)
    {
        Advance(now);
        if (State != Ended && (uint)button >= (uint)_settings.Buttons.Count)
        {
            Note(StationFact.ButtonUnknown);
        }
        else if (State != Ended && HasRested(button, now))
        {
            Step(new StationInput(Happening.ButtonPressed, now, Button: button));
        }
        else
        {
            IgnoredInputs++;
        }
    }

    /// <summary>The handset was lifted: it answers the call that rings here. Or it was put down: it ends what there is.</summary>
    public void HookMoved(bool lifted, Instant now)
    {
        Advance(now);
        Step(new StationInput(lifted ? Happening.HookLifted : Happening.HookPutDown, now));
    }

    /// <summary>
    /// Somebody calls. The station gives the call its name; ring, answer or reject follows as output.
    /// </summary>
    public StationCall IncomingCall(Caller caller, Instant now)
    {
        Advance(now);
        StationCall call = NextCall();
        Step(new StationInput(Happening.CallOffered, now, call, Caller: caller));
        return call;
    }

    /// <summary>The target of a call that was placed lets it ring.</summary>
    public void CallRinging(StationCall call, Instant now)
    {
        Advance(now);
        Step(new StationInput(Happening.CallRinging, now, call));
    }

    /// <summary>
    /// A call that was placed is answered, or the caller knows of our answer; <paramref name="isOpen"/> when both hear each other from now on,
    /// and not only once it is secured.
    /// </summary>
    public void CallAnswered(StationCall call, Instant now, bool isOpen = false)
    {
        Advance(now);
        Step(new StationInput(Happening.CallAnswered, now, call));
        if (isOpen && IsCurrent(call))
        {
            _call = _call! with { IsUnheard = false };
        }
    }

    /// <summary>A call is over, whoever ended it; <paramref name="movedTo"/> is where its target is now, the best first.</summary>
    public void CallEnded(StationCall call, CallOutcome outcome, Instant now, IReadOnlyList<string>? movedTo = null)
    {
        Advance(now);
        Step(new StationInput(Happening.CallEnded, now, call, Outcome: outcome, MovedTo: movedTo));
    }

    /// <summary>The peer of a call wants it to go on with somebody else: <paramref name="target"/> says with whom.</summary>
    public void TransferAsked(StationCall call, string target, Instant now)
    {
        Advance(now);
        Step(new StationInput(Happening.TransferAsked, now, call, Target: target));
    }

    /// <summary>The call's media are encrypted and the peer's fingerprint matched: from now on its digits count.</summary>
    public void Secured(StationCall call)
    {
        _round?.Secure(call);
        if (_call?.Call == call)
        {
            _call = _call with { Secured = true, IsUnheard = false };
        }
    }

    /// <summary>A digit was pressed at the other end: <c>0</c> to <c>9</c>, <c>#</c> or <c>*</c>.</summary>
    public void Digit(StationCall call, char digit, Instant now)
    {
        Advance(now);
        if (State != Talking || _call is null || _call.Call != call)
        {
            IgnoredInputs++;
        }
        else if (_call.Secured)
        {
            _lock.EnterInCall(digit, _call, now);
        }
        else if (!_call.ToldUnsecured)
        {
            _call = _call with { ToldUnsecured = true };
            Note(StationFact.DigitUnsecured, _call);
        }
    }

    /// <summary>A key of the door's own keypad was pressed: <c>0</c> to <c>9</c>, <c>#</c> or <c>*</c>.</summary>
    public void KeyPressed(char key, Instant now)
    {
        Advance(now);
        if (State == Ended)
        {
            IgnoredInputs++;
        }
        else
        {
            _lock.EnterAtDoor(key, now);
        }
    }

    /// <summary>Does what is due.</summary>
    public void Advance(Instant now)
    {
        _lock.Advance(_call, now);
        if (_round is not null && now >= _round.EndsAt)
        {
            Step(new StationInput(Happening.RingLimitReached, now));
        }

        while (FindDue(now) is { } due)
        {
            Step(new StationInput(Happening.CallDue, now, due.Call));
        }
    }

    /// <summary>Ends the station: calls are taken back or hung up and the strike closes. Asking twice does no harm.</summary>
    public void End(Instant now)
    {
        if (State != Ended)
        {
            Step(new StationInput(Happening.End, now));
        }
    }

    /// <summary>The next thing to do or to tell; last of all <see cref="StationOutputKind.Idle"/>.</summary>
    public StationOutput Poll()
    {
        if (_outputs.TryDequeue(out StationOutput output))
        {
            return output;
        }

        Instant calls = Instant.Soonest(_call?.Due ?? Instant.Never, _round?.WakeAt ?? Instant.Never);
        return new StationOutput(StationOutputKind.Idle, WakeAt: Instant.Soonest(calls, _lock.WakeAt));
    }

    /// <summary>Every transition of the station.</summary>
    private void Step(in StationInput input) =>
        State = (State, input.Happening) switch
        {
            (Ended, _) => Ignore(Ended),
            (_, Happening.End) => EndLife(input),

            // Something may ring in mid-call as well: whoever the call is to be transferred to.
            (_, Happening.CallRinging) when IsRinging(input.Call) => NoteReached(),
            (_, Happening.CallAnswered) when IsRinging(input.Call) => TakeWinner(input),
            (_, Happening.CallEnded) when IsRinging(input.Call) => RingOnWithout(input),
            (_, Happening.CallDue) when IsRinging(input.Call) => RingOnAfterTakingBack(input),
            (_, Happening.RingLimitReached) => StopRinging(StationReason.RingLimit),

            (_, Happening.CallOffered) when input.Caller!.Replaces is not null => ConsiderSuccessor(input),
            (Talking, Happening.TransferAsked) when IsCurrent(input.Call) => ConsiderTransfer(input),
            (_, Happening.TransferAsked) => ReportTransfer(input.Call, TransferProgress.Refused),

            (Quiet, Happening.ButtonPressed) => StartRinging(input),
            (Quiet, Happening.CallOffered) => ConsiderCaller(input),

            (Ringing, Happening.ButtonPressed) when _settings.ButtonHangsUp => StopRinging(StationReason.HungUp),
            (Ringing, Happening.HookPutDown) => StopRinging(StationReason.HungUp),

            (Alerting, Happening.ButtonPressed) when !_awaitsHand => RingInsteadOfCaller(input),
            (Alerting, Happening.CallDue) when _awaitsHand => GiveUpCaller(),
            (Alerting, Happening.CallDue) => AnswerCaller(byHand: false, input.Now),
            (Alerting, Happening.HookLifted) => AnswerCaller(byHand: true, input.Now),
            (Alerting, Happening.CallEnded) when IsCurrent(input.Call) => FinishCall(input.Now),

            (Talking, Happening.ButtonPressed) when _call!.IsUnheard => RingInsteadOfCaller(input),
            (Talking, Happening.ButtonPressed) when _settings.ButtonHangsUp => HangUp(StationReason.HungUp, input.Now),
            (Talking, Happening.HookPutDown) => HangUp(StationReason.HungUp, input.Now),
            (Talking, Happening.CallAnswered) when IsCurrent(input.Call) => Talking,
            (Talking, Happening.CallDue) => HangUp(StationReason.CallLimit, input.Now),
            (Talking, Happening.CallEnded) when IsCurrent(input.Call) => FinishCall(input.Now),

            (_, Happening.CallOffered) => RejectCaller(input.Call, StationReason.Busy),
            (_, Happening.CallAnswered) => HangUpLateAnswer(input.Call),
            _ => Ignore(State),
        };

    private StationState StartRinging(in StationInput input)
    {
        _round = new RingRound(_settings.Buttons[input.Button], input.Now + _settings.RingLimit);
        return RingOn(input.Now);
    }

    /// <summary>Calls whoever's turn it is; when nothing rings after that, the plan is exhausted.</summary>
    private StationState RingOn(Instant now)
    {
        RingRound round = _round!; // The station has a round exactly while something rings.
        while (round.TakeTarget() is { } target)
        {
            PlaceCall(round, target.Uri, now + target.RingTime, target.Security);
        }

        return round.Calls.Count > 0 ? (_call is null ? Ringing : Talking) : FinishRinging();
    }

    private void PlaceCall(
        RingRound round, string uri, Instant due, CallSecurity security, CallFacts? former = null, bool withKeys = false)
    {
        CallFacts call = new(NextCall(), uri, due, security) { Hops = former?.Hops ?? 0, Alternatives = former?.Alternatives ?? [] };
        round.Add(call);
        CallOffer offer = withKeys ? CallOffer.SignalledKeys
            : security == CallSecurity.AllowPlain ? CallOffer.Plain
            : CallOffer.Handshake;
        Emit(new StationOutput(StationOutputKind.PlaceCall, call.Call, call.Peer, Offer: offer, Other: round.Transferred?.Call ?? default));
    }

    private StationState NoteReached()
    {
        _round!.ReachedSomebody = true;
        return ReportTransfer(TransferProgress.Ringing);
    }

    private StationState TakeWinner(in StationInput input)
    {
        CallFacts winner = _round!.Find(input.Call)!; // The transition asked whether it rings.
        _ = _round.Remove(winner.Call);
        TakeBackRinging(StationReason.AnsweredElsewhere);
        return GoOnWith(winner, input.Now);
    }

    private StationState RingOnWithout(in StationInput input)
    {
        CallFacts over = _round!.Find(input.Call)!; // The transition asked whether it rings.
        _ = _round.Remove(input.Call);
        if (input.Outcome == CallOutcome.HandshakeNotAcceptable)
        {
            Note(StationFact.HandshakeRefused, over);
            PlaceCall(_round, over.Peer, over.Due, over.Security, over, withKeys: true);
            return State;
        }

        if (input.Outcome == CallOutcome.NotAcceptable && over.Security == CallSecurity.PreferSecure)
        {
            Note(StationFact.EncryptionRefused, over);
            PlaceCall(_round, over.Peer, over.Due, CallSecurity.AllowPlain, over);
            return State;
        }

        over = over with { Alternatives = [.. FindMoved(input.MovedTo, over), .. over.Alternatives] };
        if (TryAlternative(over, input.Now))
        {
            return State;
        }

        _round.LastOutcome = input.Outcome;
        _round.ReachedSomebody |= input.Outcome is CallOutcome.Busy or CallOutcome.Declined or CallOutcome.NoAnswer;
        return RingOn(input.Now);
    }

    private StationState RingOnAfterTakingBack(in StationInput input)
    {
        CallFacts over = _round!.Find(input.Call)!; // The transition asked whether it rings.
        _ = _round.Remove(input.Call);
        _round.LastOutcome = CallOutcome.NoAnswer;
        Emit(new StationOutput(StationOutputKind.CancelCall, input.Call, Reason: StationReason.RingLimit));
        return TryAlternative(over, input.Now) ? State : RingOn(input.Now);
    }

    private StationState StopRinging(StationReason reason)
    {
        TakeBackRinging(reason);
        if (reason == StationReason.RingLimit)
        {
            return FinishRinging();
        }

        _ = ReportTransfer(TransferProgress.Failed, CallOutcome.HungUp);
        _round = null;
        return _call is null ? Quiet : Talking;
    }

    private StationState FinishRinging()
    {
        RingRound round = _round!; // Something rang until now.
        _ = ReportTransfer(TransferProgress.Failed, round.LastOutcome);
        if (_call is null)
        {
            Note(round.ReachedSomebody ? StationFact.NobodyAnswered : StationFact.NobodyReachable);
        }

        _round = null;
        return _call is null ? Quiet : Talking;
    }

    private void TakeBackRinging(StationReason reason)
    {
        foreach (CallFacts call in _round!.Calls)
        {
            Emit(new StationOutput(StationOutputKind.CancelCall, call.Call, Reason: reason));
        }
    }

    private StationState HangUp(StationReason reason, Instant now)
    {
        if (_round is not null)
        {
            _ = StopRinging(StationReason.HungUp);
        }

        Emit(new StationOutput(StationOutputKind.HangUp, _call!.Call, Reason: reason));
        return FinishCall(now);
    }

    private StationState HangUpLateAnswer(StationCall call)
    {
        StationReason reason = State == Talking ? StationReason.AnsweredElsewhere : StationReason.AnsweredTooLate;
        Emit(new StationOutput(StationOutputKind.HangUp, call, Reason: reason));
        return State;
    }

    private StationState FinishCall(Instant now)
    {
        _lock.LeaveCall(_call, now);
        _call = null;

        // Whoever has asked for a transfer may hang up at once: the visitor waits on, at the ringing that is left.
        return _round is null ? Quiet : Ringing;
    }

    private StationState EndLife(in StationInput input)
    {
        if (_round is not null)
        {
            _ = StopRinging(StationReason.StationEnded);
        }

        if (_call is not null)
        {
            StationOutputKind kind = State == Alerting ? StationOutputKind.RejectCall : StationOutputKind.HangUp;
            Emit(new StationOutput(kind, _call.Call, Reason: StationReason.StationEnded));
            _ = FinishCall(input.Now);
        }

        _lock.End();
        return Ended;
    }

    private StationState Ignore(StationState state)
    {
        IgnoredInputs++;
        return state;
    }

    private bool HasRested(int button, Instant now)
    {
        bool rested = now >= _buttonRestedAt[button];
        _buttonRestedAt[button] = now + _settings.ButtonRest;
        return rested;
    }

    private bool IsRinging(StationCall call) => _round?.Find(call) is not null;

    private bool IsCurrent(StationCall call) => _call?.Call == call;

    private CallFacts? FindDue(Instant now) => _call is not null && now >= _call.Due ? _call : _round?.FindDue(now);

    private StationCall NextCall() => new(++_lastCall);

    private void Emit(in StationOutput output) => _outputs.Enqueue(output);

    private void Note(StationFact fact, CallFacts? call = null) =>
        Emit(new StationOutput(StationOutputKind.Note, call?.Call ?? default, call?.Peer ?? "", Fact: fact));
}
