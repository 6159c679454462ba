using System;
using System.Collections.Generic;
using System.Text;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>The caller's side: INVITE, its responses, and CANCEL (RFC 3261 sections 9.1 and 13.2).</summary>
internal sealed partial class SipSession
{
    private bool _isRingingTold;

    /// <summary>The branch whose answer was told: the first that made one.</summary>
    private EarlyDialog? _active;

    /// <summary>Calls somebody.</summary>
    /// <param name="core">What calls share.</param>
    /// <param name="call">The call's name.</param>
    /// <param name="target">The URI to call.</param>
    /// <param name="next">Where the INVITE goes.</param>
    /// <param name="sessionDescription">Our offer.</param>
    /// <param name="referred">What the INVITE says if somebody has asked for it by a REFER; else empty.</param>
    /// <param name="now">The current time.</param>
    public static SipSession Invite(
        SipCore core, SipCall call, string target, SipHop next, ReadOnlySpan<byte> sessionDescription, byte[] referred, Instant now)
    {
        SipSession session = new(core, call, SessionState.Calling, Encoding.UTF8.GetBytes(target)) { _referredFields = referred };
        session.Send(session.InitialRequest(target, next, sessionDescription), next, isInitial: true, now);
        return session;
    }

    private SipRequest InitialRequest(string target, SipHop next, ReadOnlySpan<byte> sessionDescription)
    {
        // RFC 3261 section 19.1.1: the headers of a URI are for whoever makes the request, not for the request itself.
        int headers = target.IndexOf('?', StringComparison.Ordinal);
        byte[] uri = Encoding.UTF8.GetBytes(headers < 0 ? target : target[..headers]);
        return new SipRequest
        {
            Method = SipMethod.Invite,
            RequestUri = uri,
            Branch = _core.Identity.NewBranch(),
            From = [.. (_core.Flows.Preferred?.Names ?? _core.Identity.Names).From, .. ";tag="u8, .. _core.Identity.NewToken()],
            To = [(byte)'<', .. uri, (byte)'>'],
            CallId = _core.Identity.NewToken(),
            Sequence = 1,
            Routes = RoutesBy(next),
            Fields = InitialFields(next),
            ContentType = "application/sdp"u8.ToArray(),
            Body = sessionDescription.ToArray(),
        };
    }

    /// <summary>The routes that the registrar wants our requests to take (RFC 3608), if it is one of ours that they go by.</summary>
    private IReadOnlyList<byte[]> RoutesBy(SipHop next) => _core.Flows.Find(next.Endpoint)?.ServiceRoute ?? [];

    private byte[] InitialFields(SipHop next) =>
        [.. TargetFields(next), .. _timer.RequestLines(isInitial: true), .. _referredFields];

    private void Send(SipRequest invite, SipHop to, bool isInitial, Instant now)
    {
        _isOverTls &= to.Transport == SipTransport.Tls;
        _ = _invites.RemoveAll(static old => !old.Transaction.MayTell);
        _invites.Add(new OutgoingInvite(_core.Transactions.Send(invite, to, Call.Number, now), isInitial));
    }

    private void ReceiveInviteResponse(OutgoingInvite invite, int status, in SipMessage response, SipHop from, Instant now)
    {
        if (response.Status is > 0 and not 503)
        {
            _route?.Locator.NoteSuccess(invite.Transaction.Destination);
        }

        if (invite.IsAbandoned)
        {
            ReceiveTooLate(invite, status, response, from, now);
        }
        else if (status is >= 200 and < 300)
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
        if (status == 100 || IsOver)
        {
            return;
        }

        NotePeer(response);
        EarlyDialog? early = KeepEarlyDialog(invite, response, from);
        bool isReliable = response.Headers.Lists(SipHeaderName.Require, SipOptions.Reliable);
        if (isReliable && !TryAcknowledge(early, response, now))
        {
            return;
        }

        if (status == 180 && !_isRingingTold)
        {
            _isRingingTold = true;
            Tell(SipOutputKind.Ringing, status: status);
        }

        if (early is not null && early.TryTakeAnswer(response.SessionDescription, isReliable))
        {
            // Several branches may have something to say; one is heard.
            _active ??= early;
            if (_active == early)
            {
                Tell(isReliable ? SipOutputKind.EarlyAnswered : SipOutputKind.Progress, response.SessionDescription, status);
            }
        }
    }

    private EarlyDialog? KeepEarlyDialog(OutgoingInvite invite, in SipMessage response, SipHop from)
    {
        EarlyDialog? early = FindEarly(response.To.Tag);
        if (early is null
            && !response.To.Tag.IsEmpty
            && _early.Count < SipLimits.Forks
            && Dialog.TryFromResponse(invite.Transaction.Request, response, from, out Dialog? dialog))
        {
            early = new EarlyDialog(dialog);
            _early.Add(early);
        }

        return early;
    }

    private EarlyDialog? FindEarly(ReadOnlySpan<byte> tag)
    {
        foreach (EarlyDialog early in _early)
        {
            if (early.Dialog.RemoteTag.AsSpan().SequenceEqual(tag))
            {
                return early;
            }
        }

        return null;
    }

    private EarlyDialog? FindEarly(in SipMessage request) =>
        FindEarly(request.From.Tag) is { } early && early.Dialog.Matches(request) ? early : null;

    private void ReceiveFailure(OutgoingInvite invite, int status, in SipMessage response, Instant now)
    {
        if (status is 401 or 407 && State is SessionState.Calling or SessionState.Proceeding)
        {
            SipRequest refused = invite.Transaction.Request;
            SipRequest? repeated = _digest.Answer(invite.Transaction, response, refused.Sequence + 1);
            if (repeated is not null)
            {
                Step(SessionInput.Challenged, default, now);
                ForgetEarly();
                Send(repeated, invite.Transaction.Destination, isInitial: true, now);
                return;
            }
        }

        if (status == 422 && !IsOver && TryRaiseTimer(invite, response, isInitial: true, invite.Transaction.Request.Sequence + 1, now))
        {
            Step(SessionInput.Challenged, default, now);
            ForgetEarly();
            return;
        }

        SipEnder by = response.Status == 0 ? SipEnder.Nobody : SipEnder.Peer;
        string text = ReasonText.Of(response, ReasonText.OfStatus(status, response));
        Ending ending = new(status, text, by, status is 301 or 302 ? response.ReadContacts() : []);
        if (!TryNextServer(invite, response, ending, now))
        {
            Step(SessionInput.Failure, ending, now);
        }
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
            LocateNextHops(now);
            NotePeer(response);
            _timer.TakeResponse(response, now);
            invite.Acknowledge(_core, response, ConfirmedDialog);
            Tell(SipOutputKind.ReofferAnswered, response.SessionDescription);
        }
        else if (invite.MayBranch && FindBranch(invite, response, from) is { } dialog)
        {
            dialog.LocateNextHop(_core.Locator, now);
            invite.Acknowledge(_core, response, dialog);
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

    /// <summary>The dialog of a 2xx: that of the branch's provisional responses, if it gave any.</summary>
    private Dialog? FindBranch(OutgoingInvite invite, in SipMessage response, SipHop from)
    {
        if (FindEarly(response.To.Tag) is { } early)
        {
            early.Dialog.Confirm(response);
            return early.Dialog;
        }

        return Dialog.TryFromResponse(invite.Transaction.Request, response, from, out Dialog? dialog) ? dialog : null;
    }

    private void Confirm(Dialog dialog, in SipMessage response, Instant now)
    {
        _dialog = dialog;
        NotePeer(response);
        _timer.TakeResponse(response, now);
        DropEarlyUpdate(dialog);
        Step(SessionInput.Success, default, now);
        if (State == SessionState.Established)
        {
            Tell(SipOutputKind.Answered, FindAnswer(response));
        }
    }

    /// <summary>The answer of the branch that a 2xx came from; empty when it was told before, and holds for good.</summary>
    private ReadOnlySpan<byte> FindAnswer(in SipMessage response)
    {
        EarlyDialog? early = FindEarly(response.To.Tag);
        if (early is { IsAnswered: true })
        {
            return early == _active ? default : early.Answer;
        }

        return response.SessionDescription.IsEmpty && early is not null ? early.Answer : response.SessionDescription;
    }

    private void ForgetEarly()
    {
        _early.Clear();
        _active = null;
    }

    private void SendCancel(Instant now)
    {
        OutgoingInvite? invite = _invites.Find(static candidate => candidate.IsOpen);
        if (invite is not null)
        {
            SipRequest cancel = invite.Transaction.Request.Cancel(_reasonLine);
            _ = _core.Transactions.Send(cancel, invite.Transaction.Destination, Call.Number, now);
            _abandonAt = now + _core.Times.Patience;
        }
    }
}
