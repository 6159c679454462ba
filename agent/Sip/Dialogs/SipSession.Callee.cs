using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>The callee's side: ringing, accepting, refusing, and the wait for the ACK (RFC 3261 sections 9.2 and 13.3).</summary>
internal sealed partial class SipSession
{
    /// <summary>RFC 3261 section 13.3.1.1: a provisional response every minute keeps proxies from giving up.</summary>
    private static readonly TimeSpan RingInterval = TimeSpan.FromMinutes(1);

    private Instant _ringAgainAt = Instant.Never;
    private Instant _expiresAt = Instant.Never;

    /// <summary>Somebody calls us; null when the INVITE lacks what a dialog needs.</summary>
    public static SipSession? Receive(
        SipCore core, SipCall call, ServerTransaction server, in SipMessage invite, SipCaller caller, Instant now)
    {
        if (!Dialog.TryFromRequest(invite, server.Tag, server.Source, out Dialog? dialog))
        {
            return null;
        }

        SipSession session = new(core, call, SessionState.Offered, invite.RequestUri)
        {
            _dialog = dialog,
            _incoming = new IncomingInvite(server, invite.CSeq, invite.Body.IsEmpty),
            _isOverTls = server.Source.Transport == SipTransport.Tls,
        };
        server.Call = call.Number;
        session.NotePeer(invite);
        session._mustBeReliable = invite.Headers.Lists(SipHeaderName.Require, SipOptions.Reliable);

        // RFC 3261 section 13.3.1: an INVITE may say how long it is worth answering.
        if (invite.Headers.TryFindNumber(SipHeaderName.Expires, out int seconds))
        {
            session._expiresAt = now + TimeSpan.FromSeconds(seconds);
        }

        session.Respond(server, 100, now);
        core.Outputs.Tell(SipOutputKind.Incoming, call, invite.Body, text: caller.Uri, name: caller.Name, caller: caller);
        return session;
    }

    /// <summary>Tells the caller that it rings here. Without effect once the call is answered.</summary>
    public void Ring(Instant now)
    {
        if (State == SessionState.Offered && _incoming is not null)
        {
            _ringAgainAt = now + RingInterval;
            if (_mustBeReliable)
            {
                RingReliably(_incoming, now);
            }
            else
            {
                Respond(_incoming.Transaction, 180, now, TargetFields(_incoming.Transaction.Source));
            }
        }
    }

    /// <summary>Answers the peer's new offer, or else the call. Without effect when nothing awaits an answer.</summary>
    public void Accept(ReadOnlySpan<byte> sessionDescription, Instant now)
    {
        if (TryAcceptUpdate(sessionDescription, now) || IsOver || _incoming is null || _incoming.Transaction.IsAnswered)
        {
            return;
        }

        _ = SipMessageReader.Read(_incoming.Transaction.Request, out SipMessage invite, out _);
        ConfirmedDialog.RefreshTarget(invite);
        ConfirmedDialog.Confirm();
        LocateNextHops(now);
        byte[] fields = [.. TargetFields(_incoming.Transaction.Source), .. _timer.Answer(invite, now)];
        _core.Transactions.Respond(_incoming.Transaction, 200, fields, sessionDescription, now);
        _reliable?.Stop();
        _incoming.Accept(_core.Times, now);
        _ringAgainAt = _expiresAt = Instant.Never;
        Step(SessionInput.Accept, default, now);
        DropOwnOffer();
    }

    /// <summary>Refuses the peer's new offer, which leaves the session as it is, or else the call, which ends it.</summary>
    public void Reject(int status, Instant now)
    {
        if (_peerOffer is not null)
        {
            RefuseOffer(status, now);
        }
        else if (State == SessionState.Offered)
        {
            Step(SessionInput.End, new Ending(status, SipStatus.Phrase(status), SipEnder.Us), now);
        }
        else if (!IsOver)
        {
            RefusePending(status, now);
        }
    }

    /// <summary>The peer cancels an INVITE (RFC 3261 section 9.2). Without effect once it is answered.</summary>
    public void ReceiveCancel(in SipMessage cancel, Instant now)
    {
        if (State == SessionState.Offered)
        {
            Step(SessionInput.PeerEnds, new Ending(487, ReasonText.Of(cancel, "cancelled"), SipEnder.Peer), now);
        }
        else
        {
            RefusePending(487, now);
        }
    }

    /// <summary>The ACK for a 2xx of ours. A repeated one changes nothing.</summary>
    public void ReceiveAck(in SipMessage ack, SipHop from, Instant now)
    {
        _isOverTls &= from.Transport == SipTransport.Tls;
        if (_incoming is { AwaitsAck: true } && _incoming.Sequence == ack.CSeq)
        {
            _incoming.Stop();
            Step(SessionInput.Ack, default, now);
            Tell(SipOutputKind.Confirmed, ack.SessionDescription);
            TrySendOffer(now);
        }
    }

    private void AdvanceIncoming(Instant now)
    {
        if (_ringAgainAt <= now)
        {
            Ring(now);
        }

        if (_expiresAt <= now)
        {
            _expiresAt = Instant.Never;
            Step(SessionInput.PeerEnds, new Ending(487, "not answered in time", SipEnder.Nobody), now);
        }

        if (_incoming is null)
        {
            return;
        }

        if (_incoming.EndAt <= now)
        {
            _incoming.Stop();
            Step(SessionInput.AckMissing, new Ending(408, "no acknowledgement", SipEnder.Nobody), now);
        }
        else if (_incoming.RepeatAt <= now)
        {
            _core.Transactions.Repeat(_incoming.Transaction);
            _incoming.Repeat(_core.Times, now);
        }
    }

    /// <summary>Gives an INVITE of the peer's that has no final response yet this one.</summary>
    private void RefusePending(int status, Instant now)
    {
        if (_incoming is not null && !_incoming.Transaction.IsAnswered)
        {
            Respond(_incoming.Transaction, status, now);
            _reliable?.Stop();
        }
    }
}
