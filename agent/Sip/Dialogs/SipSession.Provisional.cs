using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// Reliable provisional responses (RFC 3262): as caller we acknowledge each that comes, as callee we send them to whoever requires it.
/// </summary>
internal sealed partial class SipSession
{
    /// <summary>The first RSeq is below this, so that no later one leaves the range of a CSeq.</summary>
    private const int FirstNumbers = 1 << 30;

    private bool _mustBeReliable;
    private int _lastNumber;
    private ReliableProvisional? _reliable;

    /// <summary>The last number that any branch has seen in CSeq which did not become the call.</summary>
    private int LastSequence
    {
        get
        {
            int last = 0;
            foreach (EarlyDialog early in _early)
            {
                last = early.Dialog == _dialog ? last : Math.Max(last, early.Dialog.LocalSequence);
            }

            return last;
        }
    }

    /// <summary>Acknowledges a reliable provisional response; false when it came before, came too early or names no dialog.</summary>
    private bool TryAcknowledge(EarlyDialog? early, in SipMessage response, Instant now)
    {
        if (early is null
            || !response.Headers.TryFindNumber(SipHeaderName.RSeq, out int number)
            || !early.TryTakeReliable(number))
        {
            return false;
        }

        SipRequest request = early.Dialog.Request(SipMethod.Prack, _core.Identity.NewBranch());
        SipRequest prack = request with
        {
            Fields = [.. request.Fields, .. SipSessionLines.RAck(number, response.CSeq)],
        };
        _ = _core.Transactions.Send(_digest.Authorize(prack), early.Dialog.NextHop(), Call.Number, now);
        return true;
    }

    private void ReceivePrackResponse(ClientTransaction client, int status, in SipMessage response, Instant now)
    {
        EarlyDialog? early = _early.Find(candidate => candidate.Dialog.IsOf(client.Request));
        if (status is 401 or 407 && early is not null && !IsOver
            && _digest.Answer(client, response, early.Dialog.NextSequence()) is { } repeated)
        {
            _ = _core.Transactions.Send(repeated, client.Destination, Call.Number, now);
        }
    }

    /// <summary>
    /// Our offer, for the ringing that has to bring it to an INVITE without one (RFC 3262 section 5). Without effect when it does not.
    /// </summary>
    public void RingWith(ReadOnlySpan<byte> offer, Instant now)
    {
        if (State == SessionState.Offered && _mustBeReliable && _reliable is null && _incoming is { IsLateOffer: true })
        {
            RingReliably(_incoming, offer, now);
        }
    }

    /// <summary>Rings so that the caller must acknowledge it; whoever made no offer waits for ours, which is asked for first.</summary>
    private void RingReliably(IncomingInvite invite, Instant now)
    {
        if (_reliable is not null)
        {
            return;
        }

        if (invite.IsLateOffer)
        {
            Tell(SipOutputKind.OfferWanted);
        }
        else
        {
            RingReliably(invite, default, now);
        }
    }

    private void RingReliably(IncomingInvite invite, ReadOnlySpan<byte> offer, Instant now)
    {
        _lastNumber = _lastNumber == 0 ? 1 + _core.Identity.Pick(FirstNumbers) : _lastNumber + 1;
        _reliable = new ReliableProvisional(_lastNumber, invite.Sequence, !offer.IsEmpty, _core.Times, now);
        byte[] fields = [.. TargetFields(invite.Transaction.Source), .. SipSessionLines.Reliable(_lastNumber)];
        _core.Transactions.Respond(invite.Transaction, 180, fields, offer, now);
    }

    private void ReceivePrack(ServerTransaction server, in SipMessage prack, Instant now)
    {
        if (_reliable is null || !_reliable.IsAcknowledgedBy(prack))
        {
            Respond(server, 481, now);
            return;
        }

        bool isAnswer = _reliable.HasOffer;
        _reliable = null;
        if (isAnswer)
        {
            _incoming?.Agree();
            Respond(server, 200, now);
            Tell(SipOutputKind.OfferAnswered, prack.SessionDescription);
        }
        else if (prack.Body.IsEmpty)
        {
            Respond(server, 200, now);
        }
        else if (_incoming is { IsAgreed: true } && State == SessionState.Offered && _peerOffer is null)
        {
            // Section 5: one more offer, which the 200 has to answer.
            _peerOffer = server;
            Tell(SipOutputKind.Reoffered, prack.Body);
        }
        else
        {
            // A caller whose own offer has had no answer may not make another one.
            Respond(server, 488, now);
        }
    }

    private void AdvanceReliable(Instant now)
    {
        if (_reliable is null || _incoming is null)
        {
            return;
        }

        if (_reliable.EndAt <= now)
        {
            _reliable = null;
            Step(SessionInput.PeerEnds, new Ending(504, "the ringing was not acknowledged", SipEnder.Nobody), now);
        }
        else if (_reliable.RepeatAt <= now)
        {
            _core.Transactions.Repeat(_incoming.Transaction);
            _reliable.Repeat();
        }
    }
}
