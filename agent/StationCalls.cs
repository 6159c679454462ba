using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Calls;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Logging;
using IntercomAgent.Rtp;
using IntercomAgent.Sdp;
using IntercomAgent.Sip;
using IntercomAgent.Station;
using Microsoft.Extensions.Logging;

namespace IntercomAgent;

/// <summary>
/// Carries what happens to calls to the station, and what the station decides to the calls and the panel. Here the station's names
/// of calls meet those of signalling; neither room knows the other.
/// </summary>
internal sealed class StationCalls(DoorStation station, Switchboard switchboard, StationPanel panel, StationSounds sounds, IAudioDevice audio, ILogger logger)
{
    private readonly Dictionary<SipCall, StationCall> _stationNames = [];
    private readonly Dictionary<StationCall, SipCall> _signallingNames = [];
    private readonly Dictionary<StationCall, SipCall> _referrers = [];
    private SoundTally _soundBefore;

    /// <summary>When the station wants to be advanced.</summary>
    public Instant WakeAt { get; private set; } = Instant.Never;

    /// <summary>Calls that have a name here, in either direction: those that are not over.</summary>
    public int NamedCalls => Math.Max(_stationNames.Count, _signallingNames.Count);

    /// <summary>What the calls that are up have come to so far; the station has one of them at most.</summary>
    public CallReport? CurrentCall => Talking is { } call ? switchboard.Report(call) : null;

    /// <summary>What the last call that was up came to.</summary>
    public CallReport? LastCall { get; private set; }

    /// <summary>Why the last call that was up ended, in words; empty before.</summary>
    public string LastReason { get; private set; } = "";

    /// <summary>What has gone wrong with the sound since the device was opened.</summary>
    public SoundTally Sound => new(audio.Counters.Interruptions, audio.Counters.Losses, audio.SkippedPeriods);

    /// <summary>The call that is up.</summary>
    private SipCall? Talking { get; set; }

    /// <summary>Presses keys in the call that is up; false when there is none, or it takes not all of them.</summary>
    public bool TryDial(string keys, Instant now) => Talking is { } call
        && keys.All(key => DtmfDigit.TryFromKey(key, out DtmfDigit digit) && switchboard.TryPressKey(call, digit, now));

    /// <summary>Holds the call that is up, or takes it back from hold; false when there is none.</summary>
    public bool TryHold(bool hold, Instant now) => Talking is { } call && switchboard.TryHold(call, hold, now);

    /// <summary>Hangs up the call that is up, if there is one.</summary>
    public void HangUp(Instant now)
    {
        if (Talking is { } call && _stationNames.TryGetValue(call, out StationCall name))
        {
            Release(call, "hung up here", switchboard.End(call, SipEndCause.HungUp, now));
            station.CallEnded(name, CallOutcome.HungUp, now);
            Settle(now);
        }
    }

    /// <summary>Carries everything in both directions until nobody has anything more to say.</summary>
    public void Settle(Instant now)
    {
        while (true)
        {
            while (switchboard.TryTake(out CallEvent happened))
            {
                TellStation(happened, now);
            }

            StationOutput output = station.Poll();
            if (output.Kind == StationOutputKind.Idle)
            {
                WakeAt = output.WakeAt;
                return;
            }

            StationLog.Tell(logger, output);
            panel.Obey(output, now);
            sounds.Obey(output);
            Obey(output, now);
        }
    }

    private void TellStation(in CallEvent happened, Instant now)
    {
        if (happened.Kind == CallEventKind.Text)
        {
            CallLog.Text(logger, happened.Sender ?? "", happened.Problem ?? "");
            return;
        }

        if (happened.Kind == CallEventKind.TurnedAway)
        {
            CallLog.TurnedAway(logger, happened.Caller?.Uri ?? "", happened.Problem ?? "");
            return;
        }

        if (happened.Kind == CallEventKind.Incoming)
        {
            Name(happened.Call, station.IncomingCall(CallerOf(happened.Caller!), now)); // Such an event has a caller.
            return;
        }

        if (!_stationNames.TryGetValue(happened.Call, out StationCall call))
        {
            return;
        }

        switch (happened.Kind)
        {
            case CallEventKind.Ringing:
                CallLog.Ringing(logger, call.Number);
                station.CallRinging(call, now);
                break;
            case CallEventKind.Answered:
                CallLog.Answered(logger, call.Number);
                BeginTalking(happened.Call);
                station.CallAnswered(call, now, happened.IsOpen);
                break;
            case CallEventKind.Secured:
                CallLog.Secured(logger, call.Number, happened.Report!.Security);
                station.Secured(call);
                break;
            case CallEventKind.Digit:
                station.Digit(call, happened.Digit, now);
                break;
            case CallEventKind.TransferAsked:
                string target = happened.Target ?? "";
                CallLog.TransferAsked(logger, call.Number, target);
                _referrers[call] = happened.Call;
                station.TransferAsked(call, target, now);
                break;
            case CallEventKind.Ended:
                CallLog.Ended(logger, call.Number, happened);
                Release(happened.Call, happened.Problem ?? "the other side hung up", happened.Report);
                station.CallEnded(call, Outcome(happened), now, happened.MovedTo);
                break;
            case CallEventKind.Text or CallEventKind.TurnedAway or CallEventKind.Incoming:
            default:
                break;
        }
    }

    private void Obey(in StationOutput output, Instant now)
    {
        SipCall call = _signallingNames.GetValueOrDefault(output.Call);
        switch (output.Kind)
        {
            case StationOutputKind.PlaceCall:
                Place(output, now);
                break;
            case StationOutputKind.RingCall:
                switchboard.Ring(call, now);
                break;
            case StationOutputKind.AnswerCall:
                // It can be hung up from now on, whether or not the caller's ACK has come.
                BeginTalking(call);
                switchboard.Answer(call, output.WithTone, now);
                break;
            case StationOutputKind.RejectCall or StationOutputKind.CancelCall or StationOutputKind.HangUp:
                Release(call, StationLog.Describe(output.Reason), switchboard.End(call, Cause(output.Reason), now));
                if (_signallingNames.TryGetValue(output.Other, out SipCall successor))
                {
                    BeginTalking(successor);
                }

                break;
            case StationOutputKind.ReportTransfer:
                ReportTransfer(output, now);
                break;
            case StationOutputKind.OpenStrike or StationOutputKind.CloseStrike or StationOutputKind.Note or StationOutputKind.Idle:
            default:
                break;
        }
    }

    private void Place(in StationOutput output, Instant now)
    {
        SipCall referrer = _referrers.GetValueOrDefault(output.Other);
        if (switchboard.Place(output.Text, KeyingOf(output.Offer), now, out string? problem, referrer) is { } call)
        {
            Name(call, output.Call);
            return;
        }

        CallLog.CannotPlace(logger, output.Call.Number, problem ?? "");
        station.CallEnded(output.Call, CallOutcome.Unreachable, now);
    }

    /// <summary>The one who has asked for a transfer hears what becomes of it, even when its own call is over by then.</summary>
    private void ReportTransfer(in StationOutput output, Instant now)
    {
        switchboard.ReportTransfer(_referrers.GetValueOrDefault(output.Call), Status(output.Transfer, output.Outcome), now);
        if (output.Transfer is TransferProgress.Refused or TransferProgress.Done or TransferProgress.Failed)
        {
            _ = _referrers.Remove(output.Call);
        }
    }

    private void Name(SipCall call, StationCall name)
    {
        _stationNames[call] = name;
        _signallingNames[name] = call;
    }

    private void BeginTalking(SipCall call)
    {
        if (Talking is null)
        {
            Talking = call;
            _soundBefore = Sound;
        }
    }

    private void Release(SipCall call, string reason, CallReport? report)
    {
        if (_stationNames.Remove(call, out StationCall name))
        {
            _ = _signallingNames.Remove(name);
            CallLog.Dropped(logger, name.Number, report);
            CallLog.HeardThere(logger, name.Number, report);
        }

        if (Talking == call)
        {
            CallLog.Levels(logger, name.Number, report);
            CallLog.Sound(logger, name.Number, Sound.Since(_soundBefore));
            Talking = null;
            LastCall = report;
            LastReason = reason;
        }
    }

    /// <summary>A call that is over here has no name any more: the station finds it to be none of its own.</summary>
    private Caller CallerOf(SipCaller caller) => new(
        caller.Uri, caller.Source.Endpoint.AddressText(), caller.IsFromProxy, caller.Account, caller.AnswerAfter, caller.DemandsAnswerMode,
        caller.Replaced == default ? null : _stationNames.GetValueOrDefault(caller.Replaced));

    /// <summary>What a transfer is told to have come to: how its call ended, and no more (RFC 3515 section 5).</summary>
    private static int Status(TransferProgress progress, CallOutcome outcome) => progress switch
    {
        TransferProgress.Refused => 403,
        TransferProgress.Begun => 100,
        TransferProgress.Ringing => 180,
        TransferProgress.Done => 200,
        TransferProgress.Failed => outcome switch
        {
            CallOutcome.HungUp => 487,
            CallOutcome.Busy => 486,
            CallOutcome.Declined => 603,
            CallOutcome.NoAnswer => 480,
            CallOutcome.Unreachable => 503,
            CallOutcome.NotAcceptable or CallOutcome.HandshakeNotAcceptable => 488,
            CallOutcome.Failed => 500,
        },
    };

    private static SipEndCause Cause(StationReason reason) => reason switch
    {
        StationReason.AnsweredElsewhere => SipEndCause.AnsweredElsewhere,
        StationReason.Busy or StationReason.VisitorRings => SipEndCause.Busy,
        StationReason.Declined => SipEndCause.Declined,
        StationReason.AnswerMode => SipEndCause.Forbidden,
        StationReason.StationEnded => SipEndCause.ShuttingDown,
        StationReason.None or StationReason.AnsweredTooLate or StationReason.RingLimit or StationReason.HungUp
            or StationReason.CallLimit or StationReason.Transferred => SipEndCause.HungUp,
    };

    /// <summary>What a status of the final response tells about the target (RFC 3261 section 21).</summary>
    private static CallOutcome Outcome(in CallEvent ended) => ended.Status switch
    {
        0 when ended.Problem is not null => CallOutcome.Failed,
        0 => CallOutcome.HungUp,
        486 or 600 => CallOutcome.Busy,
        403 or 603 or 607 => CallOutcome.Declined,
        480 or 487 => CallOutcome.NoAnswer,
        404 or 408 or 410 or 500 or 502 or 503 or 504 or 604 => CallOutcome.Unreachable,
        415 or 488 or 606 => ended.MayOfferKeys ? CallOutcome.HandshakeNotAcceptable : CallOutcome.NotAcceptable,
        _ => CallOutcome.Failed,
    };

    private static MediaKeying KeyingOf(CallOffer offer) => offer switch
    {
        CallOffer.Handshake => MediaKeying.Dtls,
        CallOffer.SignalledKeys => MediaKeying.Signalling,
        CallOffer.Plain => MediaKeying.None,
    };
}
