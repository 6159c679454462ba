using System;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Sdp;
using IntercomAgent.Sip;

namespace IntercomAgent.Calls;

/// <summary>What signalling does to calls, step by step.</summary>
internal sealed partial class Switchboard
{
    private void DrainSignalling(Instant now)
    {
        while (true)
        {
            SipOutput output = _sip.Poll(_message);
            switch (output.Kind)
            {
                case SipOutputKind.Idle when _connections?.TryTakeFailure(out ConnectionFailure failure) == true:
                    _sip.ReceiveUnreachable(failure.Hop, now, failure.Problem);
                    break;
                case SipOutputKind.Idle:
                    _sipWakeAt = output.WakeAt;
                    return;
                case SipOutputKind.Send when output.To.IsReliable:
                    _connections?.Send(output.To, output.Datagram, now);
                    break;
                case SipOutputKind.Send:
                    _signalling.Send(output.Datagram, output.To.Endpoint);
                    break;
                case SipOutputKind.Ping:
                    _connections?.Ping(output.To, now);
                    break;
                case SipOutputKind.Incoming:
                    TakeCaller(output, now);
                    break;
                case SipOutputKind.Registered:
                    _registrations.Enqueue(new RegistrationEvent(0, null, output.Name));
                    break;
                case SipOutputKind.RegistrationFailed:
                    _registrations.Enqueue(new RegistrationEvent(output.Status, output.Text, output.Name));
                    break;
                case SipOutputKind.Message:
                    string text = ReasonText.Readable(output.Body, string.Empty);
                    _events.Enqueue(new CallEvent(CallEventKind.Text, output.Call, Sender: output.Text, Problem: text));
                    break;
                case SipOutputKind.CheckSync:
                    IsReloadWanted = true;
                    break;
                case SipOutputKind.Located:
                    OfferTo(output.To, output.Call, now);
                    break;
                case SipOutputKind.Ended when _located.Remove(output.Call) && Find(output.Call) is null:
                    // It came to no server, or to none that media lead to.
                    _events.Enqueue(new CallEvent(CallEventKind.Ended, output.Call, Status: output.Status, Problem: output.Text));
                    break;
                default:
                    if (Find(output.Call) is { } call)
                    {
                        Step(call, output, now);
                    }

                    break;
            }
        }
    }

    /// <summary>Every effect that signalling has on a call.</summary>
    private void Step(Call call, in SipOutput output, Instant now)
    {
        Weigh(call);
        switch (output.Kind)
        {
            case SipOutputKind.Ringing:
                _events.Enqueue(new CallEvent(CallEventKind.Ringing, call.Name));
                break;
            case SipOutputKind.Progress or SipOutputKind.EarlyAnswered:
                TakeEarlyAnswer(call, output.Body, now);
                break;
            case SipOutputKind.OfferWanted:
                RingWithOffer(call, now);
                break;
            case SipOutputKind.OfferAnswered:
                TakeAnswerWhileRinging(call, output.Body, now);
                break;
            case SipOutputKind.Answered:
                TakeFinalAnswer(call, output.Body, now);
                break;
            case SipOutputKind.Confirmed:
                Confirm(call, output.Body, now);
                break;
            case SipOutputKind.Reoffered when output.Body.IsEmpty && (call.Description.HasOpenOffer || !MayOffer(call)):
                // RFC 3261 section 14.2: an offer that we make in the response would cross the one that waits for its turn.
                _sip.Reject(call.Name, SdpVerdict.NotExpected.StatusCode(), now);
                break;
            case SipOutputKind.Reoffered when output.Body.IsEmpty:
                OfferInResponse(call, now);
                break;
            case SipOutputKind.Reoffered:
                AnswerReoffer(call, output.Body, now);
                break;
            case SipOutputKind.ReofferAnswered:
                TakeAnswer(call, output.Body, now);
                break;
            case SipOutputKind.ReofferFailed:
                call.Description.WithdrawOffer();
                OfferPostponed(call, now);
                break;
            case SipOutputKind.RefreshDue when !call.Description.HasOpenOffer:
                Reoffer(call, call.Description.Direction, now);
                break;
            case SipOutputKind.Info when InfoDigits.TryRead(output.Body, out char digit):
                TakeKey(call, digit, KeyWay.Signalling, now);
                break;
            case SipOutputKind.Referred:
                _events.Enqueue(new CallEvent(CallEventKind.TransferAsked, call.Name, Target: output.Text));
                break;
            case SipOutputKind.Ended:
                CallReport report = Release(call, now);
                _events.Enqueue(new CallEvent(
                    CallEventKind.Ended, call.Name, Status: output.Status, Problem: output.Status == 0 ? null : output.Text, Report: report,
                    MovedTo: output.MovedTo, MayOfferKeys: call.MayOfferKeys));
                break;
            default:
                break;
        }
    }

    private ReadOnlySpan<byte> WriteOffer(Call call)
    {
        int length = call.Description.WriteOffer(MediaDirection.SendReceive, _body);
        ExpectHandshake(call);
        return _body.AsSpan(0, length);
    }

    private static void ExpectHandshake(Call call)
    {
        if (!call.Description.OffersKeys)
        {
            call.Media.ExpectHandshake();
        }
    }

    /// <summary>
    /// A server was found that a call can go through, the first one or the next: media begin anew, from an address that leads to it.
    /// </summary>
    private void OfferTo(SipHop server, SipCall name, Instant now)
    {
        if (!_located.TryGetValue(name, out CallTerms? terms))
        {
            return;
        }

        if (Find(name) is { } former)
        {
            _ = Release(former, now);
        }

        if (OpenOutgoing(server, terms, out string? problem) is not { } call)
        {
            _sip.PassOver(name, problem ?? "", now);
            return;
        }

        call.Name = name;
        _sip.Offer(name, WriteOffer(call), now);
    }

    private void TakeCaller(in SipOutput output, Instant now)
    {
        SipCaller caller = output.Caller!; // Whoever calls is told with the call.
        SdpSettings description = Settings.Description;
        if (OpenCall(caller.Source.Endpoint, CallState.Called, description, out string? problem) is not { } call)
        {
            _sip.Reject(output.Call, status: 480, now);
            _events.Enqueue(new CallEvent(CallEventKind.TurnedAway, output.Call, Caller: caller, Problem: problem));
            return;
        }

        call.Name = output.Call;
        Weigh(call);
        if (!output.Body.IsEmpty)
        {
            SdpVerdict verdict = call.Description.AnswerOffer(output.Body, _body, out int length, out AudioAgreement? agreement);
            if (verdict != SdpVerdict.Accepted)
            {
                _sip.Reject(output.Call, verdict.StatusCode(), now);
                _ = Release(call, now);
                _events.Enqueue(new CallEvent(CallEventKind.TurnedAway, output.Call, Caller: caller, Problem: verdict.Describe()));
                return;
            }

            call.Answer = _body.AsSpan(0, length).ToArray();
            call.Agreement = agreement;
        }

        _events.Enqueue(new CallEvent(CallEventKind.Incoming, call.Name, Caller: caller));
    }

    /// <summary>The other side may be heard before it answers: its announcements, or the tone that says that it rings.</summary>
    private void TakeEarlyAnswer(Call call, ReadOnlySpan<byte> answer, Instant now)
    {
        call.EarlyAnswer = answer.ToArray();
        call.Description.AwaitAnotherAnswer();
        _ = call.Description.TakeAnswer(answer, out AudioAgreement? agreement);

        // What cannot be used now is no reason to end the call: the answer itself is still to come.
        if (agreement is not null)
        {
            ApplyAnswer(call, agreement, now);
            call.HasEarlyMedia = true;
        }
    }

    private void TakeFinalAnswer(Call call, ReadOnlySpan<byte> answer, Instant now)
    {
        bool isSaid = answer.IsEmpty || answer.SequenceEqual(call.EarlyAnswer);
        if (call.HasEarlyMedia && isSaid && call.Description.Agreement is { } agreement)
        {
            call.State = CallState.Established;
            Apply(call, agreement with { IsNewAssociation = false }, now);
            TellAnswered(call);
            TellSecured(call, now);
            return;
        }

        if (call.EarlyAnswer.Length > 0)
        {
            call.Description.AwaitAnotherAnswer();
        }

        TakeAnswer(call, answer.IsEmpty ? call.EarlyAnswer : answer, now);
        if (call.HasEarlyMedia)
        {
            TellSecured(call, now);
        }
    }

    private void TellSecured(Call call, Instant now)
    {
        if (call.State == CallState.Established && call.Media.IsSecured)
        {
            _events.Enqueue(new CallEvent(CallEventKind.Secured, call.Name, Report: call.Report()));
            Begin(call, now);
        }
    }

    private void ApplyAnswer(Call call, AudioAgreement agreement, Instant now)
    {
        if (call.HasEarlyMedia && (agreement.IsNewAssociation || !agreement.IsEncrypted))
        {
            call.Media.Restart();
        }

        Apply(call, agreement, now);
    }

    private void TakeAnswer(Call call, ReadOnlySpan<byte> answer, Instant now)
    {
        SdpVerdict verdict = call.Description.TakeAnswer(answer, out AudioAgreement? agreement);
        if (agreement is null)
        {
            // Whoever answers with what cannot be used has refused what was offered, and so it counts.
            int status = call.State == CallState.Calling ? SipEndCauses.Status(SipEndCause.NotAcceptable) : 0;
            Fail(call, SipEndCause.NotAcceptable, $"the answer cannot be used: {verdict.Describe()}", now, status);
            return;
        }

        if (call.State == CallState.Established)
        {
            Apply(call, agreement, now);
        }
        else
        {
            call.State = CallState.Established;
            ApplyAnswer(call, agreement, now);
        }

        TellAnswered(call);
    }

    private void Confirm(Call call, ReadOnlySpan<byte> body, Instant now)
    {
        if (call.AwaitsAnswerInAck)
        {
            call.AwaitsAnswerInAck = false;
            TakeAnswer(call, body, now);
        }

        TellAnswered(call);
    }

    /// <summary>Tells the station once: what re-offers bring is none of its business. A call may have failed before it comes to that.</summary>
    private void TellAnswered(Call call)
    {
        if (!call.IsAnswerTold && call.State == CallState.Established)
        {
            call.IsAnswerTold = true;
            _events.Enqueue(new CallEvent(CallEventKind.Answered, call.Name, IsOpen: call.Media.IsOpen));
        }
    }

    private void OfferInResponse(Call call, Instant now)
    {
        int length = call.Description.WriteOffer(call.Description.Direction, _body);
        ExpectHandshake(call);
        call.AwaitsAnswerInAck = true;
        _sip.Accept(call.Name, _body.AsSpan(0, length), now);
    }

    /// <summary>
    /// The handshake may begin while it rings; what it brings is used when the call is answered, as with any caller.
    /// </summary>
    private void RingWithOffer(Call call, Instant now)
    {
        int length = call.Description.WriteOffer(MediaDirection.SendReceive, _body);
        call.Media.ExpectHandshake();
        call.AwaitsAnswerInPrack = true;
        _sip.RingWith(call.Name, _body.AsSpan(0, length), now);
    }

    private void TakeAnswerWhileRinging(Call call, ReadOnlySpan<byte> answer, Instant now)
    {
        call.AwaitsAnswerInPrack = false;
        SdpVerdict verdict = call.Description.TakeAnswer(answer, out AudioAgreement? agreement);
        if (agreement is null)
        {
            string problem = $"the answer cannot be used: {verdict.Describe()}";
            Fail(call, SipEndCause.NotAcceptable, problem, now, SipEndCauses.Status(SipEndCause.NotAcceptable));
            return;
        }

        call.Agreement = agreement;
        if (call.AnswersWithTone is { } withTone)
        {
            Answer(call.Name, withTone, now);
        }
    }

    /// <summary>The 200, with our answer unless everything is agreed on already.</summary>
    private void AcceptCall(Call call, Instant now)
    {
        if (call.Answer.Length == 0)
        {
            _sip.Accept(call.Name, now);
        }
        else
        {
            _sip.Accept(call.Name, call.Answer, now);
        }
    }

    /// <summary>
    /// Answers a new offer. If one of ours waits for its turn, as after both sides made one at once, it gives way: signalling drops it,
    /// and it is made again on what holds then.
    /// </summary>
    private void AnswerReoffer(Call call, ReadOnlySpan<byte> offer, Instant now)
    {
        call.Postponed = call.Description.OfferedDirection;
        call.Description.WithdrawOffer();
        SdpVerdict verdict = call.Description.AnswerOffer(offer, _body, out int length, out AudioAgreement? agreement);
        if (agreement is null)
        {
            // RFC 3261 section 14.2: a re-offer that is refused leaves the call as it was.
            _sip.Reject(call.Name, verdict.StatusCode(), now);
            OfferPostponed(call, now);
            return;
        }

        _sip.Accept(call.Name, _body.AsSpan(0, length), now);
        if (call.State == CallState.Called)
        {
            // It still rings: what is agreed on counts from the answer on.
            call.Agreement = agreement with { IsNewAssociation = agreement.IsNewAssociation || call.Agreement?.IsNewAssociation == true };
            return;
        }

        Apply(call, agreement, now);
    }

    private void OfferPostponed(Call call, Instant now)
    {
        if (call.Postponed is { } direction)
        {
            call.Postponed = null;
            Reoffer(call, direction, now);
        }
    }

    private void Reoffer(Call call, MediaDirection direction, Instant now)
    {
        if (MayOffer(call))
        {
            int length = call.Description.WriteOffer(direction, _body);
            _sip.Reinvite(call.Name, _body.AsSpan(0, length), now, isSecret: call.Description.OffersKeys);
        }
    }
}
