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
                case SipOutputKind.Incoming:
                    TakeCaller(output, now);
                    break;
                case SipOutputKind.Registered:
                    _registrations.Enqueue(new RegistrationEvent(0, null));
                    break;
                case SipOutputKind.RegistrationFailed:
                    _registrations.Enqueue(new RegistrationEvent(output.Status, output.Text));
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
        switch (output.Kind)
        {
            case SipOutputKind.Ringing:
                _events.Enqueue(new CallEvent(CallEventKind.Ringing, call.Name));
                break;
            case SipOutputKind.Progress:
                call.EarlyAnswer = output.Body.ToArray();
                break;
            case SipOutputKind.Answered:
                TakeAnswer(call, output.Body.IsEmpty ? call.EarlyAnswer : output.Body, now);
                break;
            case SipOutputKind.Confirmed:
                Confirm(call, output.Body, now);
                break;
            case SipOutputKind.Reoffered when output.Body.IsEmpty && call.Description.HasOpenOffer:
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
            case SipOutputKind.Info when InfoDigits.TryRead(output.Body, out char digit):
                TakeKey(call, digit, KeyWay.Signalling, now);
                break;
            case SipOutputKind.Ended:
                CallReport report = Release(call, now);
                _events.Enqueue(new CallEvent(
                    CallEventKind.Ended, call.Name, Status: output.Status, Problem: output.Status == 0 ? null : output.Text, Report: report));
                break;
            default:
                break;
        }
    }

    private void TakeCaller(in SipOutput output, Instant now)
    {
        if (OpenCall(output.From.Endpoint, CallState.Called, out string? problem) is not { } call)
        {
            _sip.Reject(output.Call, status: 480, now);
            _events.Enqueue(new CallEvent(CallEventKind.TurnedAway, output.Call, Peer: output.Text, Problem: problem));
            return;
        }

        call.Name = output.Call;
        if (!output.Body.IsEmpty)
        {
            SdpVerdict verdict = call.Description.AnswerOffer(output.Body, _body, out int length, out AudioAgreement? agreement);
            if (verdict != SdpVerdict.Accepted)
            {
                _sip.Reject(output.Call, verdict.StatusCode(), now);
                _ = Release(call, now);
                _events.Enqueue(new CallEvent(CallEventKind.TurnedAway, output.Call, Peer: output.Text, Problem: verdict.Describe()));
                return;
            }

            call.Answer = _body.AsSpan(0, length).ToArray();
            call.Agreement = agreement;
        }

        _events.Enqueue(new CallEvent(CallEventKind.Incoming, call.Name, Peer: output.Text));
    }

    private void TakeAnswer(Call call, ReadOnlySpan<byte> answer, Instant now)
    {
        SdpVerdict verdict = call.Description.TakeAnswer(answer, out AudioAgreement? agreement);
        if (agreement is null)
        {
            Fail(call, SipEndCause.NotAcceptable, $"the answer cannot be used: {verdict.Describe()}", now);
            return;
        }

        call.State = CallState.Established;
        Apply(call, agreement, now);
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
            _events.Enqueue(new CallEvent(CallEventKind.Answered, call.Name));
        }
    }

    private void OfferInResponse(Call call, Instant now)
    {
        int length = call.Description.WriteOffer(call.Description.Direction, _body);
        call.Media.ExpectHandshake();
        call.AwaitsAnswerInAck = true;
        _sip.Accept(call.Name, _body.AsSpan(0, length), now);
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
        int length = call.Description.WriteOffer(direction, _body);
        _sip.Reinvite(call.Name, _body.AsSpan(0, length), now);
    }
}
