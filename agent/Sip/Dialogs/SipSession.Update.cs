using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// UPDATE in both directions, in early dialogs and in confirmed ones (RFC 3311): it moves the target, refreshes the session timer, and
/// may make an offer where a re-INVITE cannot.
/// </summary>
internal sealed partial class SipSession
{
    private bool _peerTakesUpdate;

    /// <summary>Our UPDATE that awaits its response, its dialog, and the offer in it if it makes one.</summary>
    private ClientTransaction? _update;
    private Dialog? _updateDialog;
    private byte[] _updateOffer = [];

    /// <summary>The peer's UPDATE or PRACK whose offer awaits our answer.</summary>
    private ServerTransaction? _peerOffer;

    private bool IsUp => State is SessionState.Accepted or SessionState.Established;

    /// <summary>Whether an offer of ours awaits its answer: in an INVITE, in the 2xx to one, or in an UPDATE.</summary>
    private bool IsOurOfferOpen
    {
        get
        {
            bool isAnswered = _active is { IsAnswered: true };
            return _incoming is { AwaitsAck: true, IsLateOffer: true }
                || _reliable is { HasOffer: true }
                || _invites.Exists(invite => invite.IsOpen && !(invite.IsInitial && isAnswered))
                || (_update is not null && _updateOffer.Length > 0);
        }
    }

    /// <summary>Keeps in mind what a message of the peer's says that it takes.</summary>
    private void NotePeer(in SipMessage message)
    {
        if (message.Headers.TryFind(SipHeaderName.Allow, out _))
        {
            _peerTakesUpdate = message.Headers.Lists(SipHeaderName.Allow, "UPDATE"u8);
        }
    }

    private void ReceiveUpdate(ServerTransaction server, in SipMessage update, Instant now)
    {
        EarlyDialog? early = _dialog is null ? FindEarly(update) : null;
        if (IsOver)
        {
            Respond(server, 481, now);
        }
        else if (_peerOffer is not null)
        {
            Respond(server, 500, now, RetryLater());
        }
        else if (update.Body.IsEmpty)
        {
            AcceptUpdate(server, update, default, now);
        }
        else if (IsOurOfferOpen)
        {
            Respond(server, 491, now);
        }
        else if (_incoming is { Transaction.IsAnswered: false, IsAgreed: false } || early != (_dialog is null ? _active : null))
        {
            // An offer of the peer's awaits our answer, or another branch of the fork is the one that is heard.
            Respond(server, 500, now, RetryLater());
        }
        else
        {
            _peerOffer = server;
            Tell(SipOutputKind.Reoffered, update.Body);
        }
    }

    private void AcceptUpdate(ServerTransaction server, in SipMessage update, ReadOnlySpan<byte> answer, Instant now)
    {
        NotePeer(update);
        (_dialog ?? FindEarly(update)?.Dialog)?.RefreshTarget(update);
        byte[] fields = [.. TargetFields(server.Source), .. IsUp ? _timer.Answer(update, now) : []];
        _core.Transactions.Respond(server, 200, fields, answer, now);
    }

    private bool TryAcceptUpdate(ReadOnlySpan<byte> answer, Instant now)
    {
        if (_peerOffer is not { } server)
        {
            return false;
        }

        _peerOffer = null;
        _ = SipMessageReader.Read(server.Request, out SipMessage request, out _);
        if (request.Method == SipMethod.Prack)
        {
            _core.Transactions.Respond(server, 200, default, answer, now);
        }
        else
        {
            AcceptUpdate(server, request, answer, now);
        }

        DropOwnOffer();
        return true;
    }

    private void RefuseOffer(int status, Instant now)
    {
        if (_peerOffer is { } server)
        {
            _peerOffer = null;
            Respond(server, status, now);
        }
    }

    /// <param name="dialog">The dialog, which may be early.</param>
    /// <param name="offer">The offer; empty for none.</param>
    /// <param name="now">The current time.</param>
    private void SendUpdate(Dialog dialog, byte[] offer, Instant now)
    {
        SipRequest update = dialog.Request(SipMethod.Update, _core.Identity.NewBranch()) with
        {
            Fields = [.. TargetFields(dialog.NextHop()), .. _timer.RequestLines(isInitial: false)],
            ContentType = offer.Length == 0 ? [] : "application/sdp"u8.ToArray(),
            Body = offer,
        };
        _updateDialog = dialog;
        _updateOffer = offer;
        _update = _core.Transactions.Send(_digest.Authorize(update), dialog.NextHop(), Call.Number, now);
    }

    private void ReceiveUpdateResponse(ClientTransaction client, int status, in SipMessage response, Instant now)
    {
        _update = null;
        if (IsOver || _updateDialog is not { } dialog)
        {
            return;
        }

        if (status < 300)
        {
            dialog.RefreshTarget(response);
            NotePeer(response);
            if (IsUp)
            {
                _timer.TakeResponse(response, now);
            }

            if (_updateOffer.Length > 0)
            {
                Tell(SipOutputKind.ReofferAnswered, response.SessionDescription);
            }
        }
        else if (status is 401 or 407 && _digest.Answer(client, response, dialog.NextSequence()) is { } repeated)
        {
            _update = _core.Transactions.Send(repeated, client.Destination, Call.Number, now);
        }
        else if (status == 422 && _timer.TryRaise(response))
        {
            SendUpdate(dialog, _updateOffer, now);
        }
        else if (status is 481 or 408 && IsUp)
        {
            Lose(status, response, now);
        }
        else
        {
            ReceiveUpdateRefusal(status, response, now);
        }
    }

    private void ReceiveUpdateRefusal(int status, in SipMessage response, Instant now)
    {
        if (status is 405 or 501)
        {
            // Whatever its Allow said, it takes none: a re-INVITE will have to do.
            _peerTakesUpdate = false;
        }

        if (_updateOffer.Length == 0)
        {
            _timer.RetryRefresh(now);
        }
        else if (status is 405 or 501)
        {
            _offer ??= _updateOffer;
        }
        else if (!TryPostpone(_updateOffer, status, response, now))
        {
            Tell(SipOutputKind.ReofferFailed, status: status, text: ReasonText.OfStatus(status, response));
        }
    }

    /// <summary>The call went up in another dialog than the one in which our UPDATE made an offer.</summary>
    private void DropEarlyUpdate(Dialog confirmed)
    {
        if (_update is not null && _updateDialog != confirmed)
        {
            _update = null;
            Tell(SipOutputKind.ReofferFailed, status: 481, text: SipStatus.Phrase(481));
        }
    }
}
