using System;
using System.Globalization;
using System.Text;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>What happens in a call: re-INVITE in both directions (RFC 3261 section 14) and INFO (RFC 6086).</summary>
internal sealed partial class SipSession
{
    private byte[]? _offer;
    private bool _isOfferSecret;
    private Instant _glareAt = Instant.Never;
    private int _glares;

    /// <summary>Seconds: what RFC 3261 section 14.2 has the other side choose.</summary>
    private const int LongestRetryAfter = 10;

    /// <summary>Offers the peer another session, as soon as no other INVITE is in progress.</summary>
    public void Reinvite(ReadOnlySpan<byte> sessionDescription, Instant now, bool isSecret)
    {
        if (!IsOver)
        {
            _isOfferSecret = isSecret;
            _offer = sessionDescription.ToArray();
            _glares = 0;
            TrySendOffer(now);
        }
    }

    /// <summary>Sends an INFO. Without effect in a call that is not up.</summary>
    public void SendInfo(ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body, Instant now)
    {
        if (!IsOver && _dialog is { IsEarly: false })
        {
            SipRequest info = _dialog.Request(SipMethod.Info, _core.Identity.NewBranch()) with
            {
                ContentType = contentType.ToArray(),
                Body = body.ToArray(),
            };
            _ = _core.Transactions.Send(_digest.Authorize(info), _dialog.NextHop(), Call.Number, now);
        }
    }

    private void TrySendOffer(Instant now)
    {
        if (_offer is null || _glareAt != Instant.Never || _update is not null || _peerOffer is not null)
        {
            return;
        }

        if (_isOfferSecret && IsExposed(_dialog ?? _active?.Dialog))
        {
            // The way to the peer was another one when the offer was made.
            _offer = null;
            Tell(SipOutputKind.ReofferFailed, status: 488, text: SipStatus.Phrase(488));
            return;
        }

        bool isBusy = _incoming is { IsInProgress: true } || _invites.Exists(static invite => invite.IsOpen);
        if (State == SessionState.Established && !isBusy)
        {
            Send(Reinvite(_offer), ConfirmedDialog.NextHop(), isInitial: false, now);
            _offer = null;
        }
        else if (State == SessionState.Proceeding && _peerTakesUpdate && _active is { IsAnswered: true })
        {
            SendUpdate(_active.Dialog, _offer, now);
            _offer = null;
        }
    }

    private SipRequest Reinvite(byte[] offer) => _digest.Authorize(
        ConfirmedDialog.Request(SipMethod.Invite, _core.Identity.NewBranch()) with
        {
            Fields = [.. TargetFields(ConfirmedDialog.NextHop()), .. _timer.RequestLines(isInitial: false)],
            ContentType = "application/sdp"u8.ToArray(),
            Body = offer,
        });

    private void ReceiveReinviteFailure(OutgoingInvite invite, int status, in SipMessage response, Instant now)
    {
        if (status < 200 || IsOver)
        {
            return;
        }

        if (status is 401 or 407)
        {
            SipRequest? repeated = _digest.Answer(invite.Transaction, response, ConfirmedDialog.NextSequence());
            if (repeated is not null)
            {
                Send(repeated, invite.Transaction.Destination, isInitial: false, now);
                return;
            }
        }

        if (status == 422 && TryRaiseTimer(invite, response, isInitial: false, ConfirmedDialog.NextSequence(), now))
        {
            return;
        }

        if (status is 481 or 408)
        {
            Lose(status, response, now);
        }
        else if (!TryPostpone(invite.Transaction.Request.Body, status, response, now))
        {
            _timer.RetryRefresh(now);
            Tell(SipOutputKind.ReofferFailed, status: status, text: ReasonText.OfStatus(status, response));
        }
    }

    /// <summary>The peer cannot take our offer just now: it is made again after a while (RFC 3261 section 14.1, RFC 3311 section 5.3).</summary>
    private bool TryPostpone(byte[] offer, int status, in SipMessage response, Instant now)
    {
        bool saysWhen = response.Headers.TryFindNumber(SipHeaderName.RetryAfter, out int seconds) && seconds <= LongestRetryAfter;
        if (_glares >= SipLimits.Glares || !(status == 491 || (status == 500 && saysWhen)))
        {
            return false;
        }

        _glares++;
        _offer ??= offer;
        _glareAt = now + (status == 491 ? GlareDelay() : TimeSpan.FromSeconds(seconds));
        return true;
    }

    // RFC 3261 section 14.1, in steps of 10 ms: 2.1 to 4 s for who made the Call-ID, 0 to 2 s for the other.
    private TimeSpan GlareDelay() =>
        TimeSpan.FromMilliseconds(10 * (_isCaller ? 210 + _core.Identity.Pick(191) : _core.Identity.Pick(201)));

    private void ReceiveReinvite(ServerTransaction server, in SipMessage invite, Instant now)
    {
        if (State is not (SessionState.Accepted or SessionState.Established))
        {
            Respond(server, State == SessionState.Offered ? 500 : 481, now, State == SessionState.Offered ? RetryLater() : default);
            return;
        }

        NotePeer(invite);
        if (IsOurOfferOpen)
        {
            Respond(server, 491, now);
            return;
        }

        if (_incoming is { Transaction.IsAnswered: false } || _peerOffer is not null)
        {
            Respond(server, 500, now, RetryLater());
            return;
        }

        if (_incoming is { AwaitsAck: true })
        {
            // Only who has our 2xx can send another INVITE in its dialog: the ACK was lost, and the new INVITE stands for it.
            _incoming.Stop();
            Step(SessionInput.Ack, default, now);
            Tell(SipOutputKind.Confirmed);
        }

        _incoming = new IncomingInvite(server, invite.CSeq, invite.Body.IsEmpty);
        Respond(server, 100, now);
        Tell(SipOutputKind.Reoffered, invite.Body);
    }

    // RFC 3261 section 14.2: a random time between 0 and 10 s.
    private byte[] RetryLater() =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Retry-After: {_core.Identity.Pick(11)}\r\n"));

    /// <summary>The peer's offer was accepted: an offer of ours that waits does not fit the session any more.</summary>
    private void DropOwnOffer()
    {
        if (_offer is not null)
        {
            _offer = null;
            _glareAt = Instant.Never;
            Tell(SipOutputKind.ReofferFailed, status: 491, text: SipStatus.Phrase(491));
        }
    }

    private void ReceiveInfo(ServerTransaction server, in SipMessage info, Instant now)
    {
        Respond(server, 200, now);
        if (!info.Body.IsEmpty)
        {
            string mediaType = ReasonText.Readable(info.Headers.Find(SipHeaderName.ContentType), string.Empty);
            Tell(SipOutputKind.Info, info.Body, text: mediaType);
        }
    }

    private void ReceiveInfoResponse(ClientTransaction info, int status, in SipMessage response, Instant now)
    {
        if (status is 401 or 407 && !IsOver)
        {
            SipRequest? repeated = _digest.Answer(info, response, ConfirmedDialog.NextSequence());
            if (repeated is not null)
            {
                _ = _core.Transactions.Send(repeated, info.Destination, Call.Number, now);
            }
        }
        else if (status is 481 or 408)
        {
            Lose(status, response, now);
        }
    }

    // RFC 3261 section 12.2.1.2: who answers 481, or not at all, does not know the dialog any more.
    private void Lose(int status, in SipMessage response, Instant now)
    {
        SipEnder by = response.Status == 0 ? SipEnder.Nobody : SipEnder.Peer;
        Step(SessionInput.Lost, new Ending(status, ReasonText.OfStatus(status, response), by), now);
    }
}
