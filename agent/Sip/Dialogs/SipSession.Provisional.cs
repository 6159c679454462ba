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
    /// Rings so that the caller must acknowledge it. To an INVITE without an offer it would have to bring ours (section 5), which we
    /// make in the 2xx: there the 100 has to do.
    /// </summary>
    private void RingReliably(IncomingInvite invite, Instant now)
    {
        if (_reliable is not null || invite.IsLateOffer)
        {
            return;
        }

        _lastNumber = _lastNumber == 0 ? 1 + _core.Identity.Pick(FirstNumbers) : _lastNumber + 1;
        _reliable = new ReliableProvisional(_lastNumber, invite.Sequence, _core.Times, now);
        Respond(invite.Transaction, 180, now, [.. TargetFields(invite.Transaction.Source), .. SipSessionLines.Reliable(_lastNumber)]);
    }

    private void ReceivePrack(ServerTransaction server, in SipMessage prack, Instant now)
    {
        if (_reliable is null || !_reliable.IsAcknowledgedBy(prack))
        {
            Respond(server, 481, now);
            return;
        }

        // Section 5: a caller whose own offer has had no answer may not make another one.
        _reliable = null;
        Respond(server, prack.Body.IsEmpty ? 200 : 488, now);
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
