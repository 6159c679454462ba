using System;
using System.Text;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>The caller's side: INVITE, its responses, and CANCEL (RFC 3261 sections 9.1 and 13.2).</summary>
internal sealed partial class SipSession
{
    private bool _isRingingTold;

    /// <summary>Calls somebody.</summary>
    /// <param name="core">What calls share.</param>
    /// <param name="call">The call's name.</param>
    /// <param name="target">The URI to call.</param>
    /// <param name="next">Where the INVITE goes.</param>
    /// <param name="sessionDescription">Our offer.</param>
    /// <param name="now">The current time.</param>
    public static SipSession Invite(
        SipCore core, SipCall call, string target, SipHop next, ReadOnlySpan<byte> sessionDescription, Instant now)
    {
        SipSession session = new(core, call, SessionState.Calling);

        // RFC 3261 section 19.1.1: the headers of a URI are for whoever makes the request, not for the request itself.
        int headers = target.IndexOf('?', StringComparison.Ordinal);
        byte[] uri = Encoding.UTF8.GetBytes(headers < 0 ? target : target[..headers]);
        SipRequest request = new()
        {
            Method = SipMethod.Invite,
            RequestUri = uri,
            Branch = core.Identity.NewBranch(),
            From = [.. core.Identity.From, .. ";tag="u8, .. core.Identity.NewToken()],
            To = [(byte)'<', .. uri, (byte)'>'],
            CallId = core.Identity.NewToken(),
            Sequence = 1,
            Fields = session.InviteFields(next.Transport),
            ContentType = "application/sdp"u8.ToArray(),
            Body = sessionDescription.ToArray(),
        };
        session.Send(request, next, isInitial: true, now);
        return session;
    }

    private void Send(SipRequest invite, SipHop to, bool isInitial, Instant now)
    {
        _ = _invites.RemoveAll(static old => !old.Transaction.MayTell);
        _invites.Add(new OutgoingInvite(_core.Transactions.Send(invite, to, Call.Number, now), isInitial));
    }

    private void ReceiveInviteResponse(OutgoingInvite invite, int status, in SipMessage response, SipHop from, Instant now)
    {
        if (status is >= 200 and < 300)
        {
            ReceiveSuccess(invite, response, from, now);
        }
        else if (!invite.IsInitial)
        {
            ReceiveReinviteFailure(invite, status, response, now);
        }
        else if (status < 200)
        {
            ReceiveProvisional(invite, status, response, from, now);
        }
        else
        {
            ReceiveFailure(invite, status, response, now);
        }
    }

    private void ReceiveProvisional(OutgoingInvite invite, int status, in SipMessage response, SipHop from, Instant now)
    {
        Step(SessionInput.Provisional, default, now);
        KeepEarlyDialog(invite, response, from);
        if (status == 180 && !_isRingingTold)
        {
            _isRingingTold = true;
            Tell(SipOutputKind.Ringing, status: status);
        }

        if (status > 100 && !response.SessionDescription.IsEmpty)
        {
            Tell(SipOutputKind.Progress, response.SessionDescription, status);
        }
    }

    private void KeepEarlyDialog(OutgoingInvite invite, in SipMessage response, SipHop from)
    {
        byte[] tag = response.To.Tag.ToArray();
        bool isKnown = tag.Length == 0 || _early.Count >= SipLimits.Forks
            || _early.Exists(early => early.RemoteTag.AsSpan().SequenceEqual(tag));
        if (!isKnown && Dialog.TryFromResponse(invite.Transaction.Request, response, from, out Dialog? dialog))
        {
            _early.Add(dialog);
        }
    }

    private void ReceiveFailure(OutgoingInvite invite, int status, in SipMessage response, Instant now)
    {
        if (status is 401 or 407 && State is SessionState.Calling or SessionState.Proceeding)
        {
            SipRequest refused = invite.Transaction.Request;
            SipRequest? repeated = _digest.Answer(invite.Transaction, response, refused.Sequence + 1);
            if (repeated is not null)
            {
                Step(SessionInput.Challenged, default, now);
                _early.Clear();
                Send(repeated, invite.Transaction.Destination, isInitial: true, now);
                return;
            }
        }

        SipEnder by = response.Status == 0 ? SipEnder.Nobody : SipEnder.Peer;
        string text = ReasonText.Of(response, ReasonText.OfStatus(status, response));
        Step(SessionInput.Failure, new Ending(status, text, by), now);
    }

    /// <summary>RFC 3261 section 13.2.2.4: each 2xx is acknowledged as often as it comes; the first of the first branch counts.</summary>
    private void ReceiveSuccess(OutgoingInvite invite, in SipMessage response, SipHop from, Instant now)
    {
        if (invite.TryAcknowledgeAgain(_core, response))
        {
            return;
        }

        if (!invite.IsInitial)
        {
            ConfirmedDialog.RefreshTarget(response);
            invite.Acknowledge(_core, response, ConfirmedDialog);
            Tell(SipOutputKind.ReofferAnswered, response.SessionDescription);
        }
        else if (invite.TryAcknowledge(_core, response, from, out Dialog? dialog))
        {
            if (_dialog is null)
            {
                Confirm(dialog, response, now);
            }
            else
            {
                dialog.EndFork(_core, _digest, Call.Number, now);
            }
        }
    }

    private void Confirm(Dialog dialog, in SipMessage response, Instant now)
    {
        _dialog = dialog;
        _early.Clear();
        Step(SessionInput.Success, default, now);
        if (State == SessionState.Established)
        {
            Tell(SipOutputKind.Answered, response.SessionDescription);
        }
    }

    private void SendCancel(Instant now)
    {
        OutgoingInvite? invite = _invites.Find(static candidate => candidate.Transaction.IsWaiting);
        if (invite is not null)
        {
            SipRequest cancel = invite.Transaction.Request.Cancel(_reasonLine);
            _ = _core.Transactions.Send(cancel, invite.Transaction.Destination, Call.Number, now);
            _abandonAt = now + _core.Times.Patience;
        }
    }
}
