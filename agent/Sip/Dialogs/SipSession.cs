using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// One call's signalling: its dialog and the requests in it. Once its end is told it says nothing more, but it stays until the peer
/// knows as well: until a CANCEL or BYE is answered.
/// <para>This file has what both sides share; the caller's side, the callee's side and what happens in a call have their own.</para>
/// </summary>
internal sealed partial class SipSession
{
    private readonly SipCore _core;
    private DigestClient _digest;
    private readonly List<OutgoingInvite> _invites = [];
    private readonly List<EarlyDialog> _early = [];
    private readonly bool _isCaller;
    private readonly bool _isSips;

    /// <summary>Whether all that came and went so far did so over TLS.</summary>
    private bool _isOverTls = true;
    private Dialog? _dialog;
    private IncomingInvite? _incoming;
    private ClientTransaction? _bye;
    private byte[] _reasonLine = [];
    private Instant _abandonAt = Instant.Never;

    private SipSession(SipCore core, SipCall call, SessionState state, ReadOnlySpan<byte> target)
    {
        _isSips = SipUri.TryRead(target, out SipUri uri) && uri.Scheme == SipScheme.Sips;
        _core = core;
        _digest = new DigestClient(core, own: null);
        Call = call;
        State = state;
        _isCaller = state is SessionState.Calling or SessionState.Locating;
    }

    /// <summary>The call's name.</summary>
    public SipCall Call { get; }

    /// <summary>Where it stands.</summary>
    public SessionState State { get; private set; }

    /// <summary>Whether its end was told: nothing more is told of it.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether the peer knows of its end, or never will.</summary>
    public bool IsSettled => State == SessionState.Terminated
        && _reports is null
        && !_invites.Exists(static invite => invite.Transaction.IsWaiting);

    /// <summary>Who can read what came and went so far, and what we would send next.</summary>
    public SipPrivacy Privacy =>
        !_isOverTls || IsExposed(_dialog ?? _active?.Dialog) ? SipPrivacy.None : _isSips ? SipPrivacy.AllHops : SipPrivacy.NextHop;

    /// <summary>When it wants to be advanced.</summary>
    public Instant WakeAt
    {
        get
        {
            Instant wakeAt = Instant.Soonest(_abandonAt, Instant.Soonest(_ringAgainAt, _expiresAt));
            wakeAt = Instant.Soonest(wakeAt, Instant.Soonest(_glareAt, Instant.Soonest(_timer.RefreshAt, _timer.EndAt)));
            wakeAt = Instant.Soonest(wakeAt, Instant.Soonest(_hurryAt, _reports?.WakeAt ?? Instant.Never));
            wakeAt = _reliable is null ? wakeAt : Instant.Soonest(wakeAt, Instant.Soonest(_reliable.RepeatAt, _reliable.EndAt));
            return _incoming is null ? wakeAt : Instant.Soonest(wakeAt, Instant.Soonest(_incoming.RepeatAt, _incoming.EndAt));
        }
    }

    private Dialog ConfirmedDialog => _dialog ?? throw new InvalidOperationException("There is no dialog yet.");

    private byte[] TargetFields(SipHop hop) =>
    [
        .. _core.ContactLine(hop, _isSips),
        .. SipMethods.AllowLine(_core.AllowsTransfer),
        .. SipOptions.FullSupportedLine(_core.AllowsTransfer),
    ];

    /// <summary>Whether a request belongs to one of its dialogs.</summary>
    public bool Matches(in SipMessage request)
    {
        if (_dialog is not null)
        {
            return _dialog.Matches(request);
        }

        return FindEarly(request) is not null;
    }

    /// <summary>Whether one of its dialogs is the one that a new call wants to take the place of (RFC 3891 section 3).</summary>
    public bool IsNamedBy(in ReplacedDialog replaced)
    {
        if (_dialog is not null)
        {
            return replaced.Names(_dialog.CallId, _dialog.LocalTag, _dialog.RemoteTag);
        }

        foreach (EarlyDialog early in _early)
        {
            if (replaced.Names(early.Dialog.CallId, early.Dialog.LocalTag, early.Dialog.RemoteTag))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The status with which a call is to be refused that wants to take its place; 0 when nothing speaks against it.</summary>
    public int JudgeReplacement(bool earlyOnly) => State switch
    {
        _ when IsOver => 603,
        SessionState.Established or SessionState.Accepted => earlyOnly ? 486 : 0,

        // Only an early dialog that we began may be replaced.
        SessionState.Calling or SessionState.Proceeding => 0,
        _ => 481,
    };

    /// <summary>We end the call, in the way that its state asks for. Asking twice does no harm.</summary>
    public void End(SipEndCause cause, Instant now)
    {
        if (!IsOver)
        {
            _reasonLine = SipEndCauses.ReasonLine(cause).ToArray();
            int status = State == SessionState.Offered ? SipEndCauses.Status(cause) : 0;
            Step(SessionInput.End, new Ending(status, SipEndCauses.Text(cause), SipEnder.Us), now);
        }
    }

    /// <summary>A response to one of its requests, or <paramref name="status"/> 408 with an empty message when none came in time.</summary>
    public void ReceiveResponse(ClientTransaction client, int status, in SipMessage response, SipHop from, Instant now)
    {
        // Where nothing came it came from nowhere.
        _isOverTls &= response.Status == 0 || from.Transport == SipTransport.Tls;
        OutgoingInvite? invite = _invites.Find(candidate => candidate.Transaction == client);
        if (invite is not null)
        {
            ReceiveInviteResponse(invite, status, response, from, now);
        }
        else if (client == _bye && status >= 200)
        {
            ReceiveByeResponse(status, response, now);
        }
        else if (client == _update && status >= 200)
        {
            ReceiveUpdateResponse(client, status, response, now);
        }
        else if (client.Request.Method == SipMethod.Info && status >= 200)
        {
            ReceiveInfoResponse(client, status, response, now);
        }
        else if (client.Request.Method == SipMethod.Prack && status >= 200)
        {
            ReceivePrackResponse(client, status, response, now);
        }
        else if (client.Request.Method == SipMethod.Notify && status >= 200)
        {
            ReceiveNotifyResponse(client, status, response, now);
        }

        LocateNextHops(now);
        TrySendOffer(now);
    }

    /// <summary>A new request in its dialog, other than ACK and CANCEL.</summary>
    public void ReceiveRequest(ServerTransaction server, in SipMessage request, Instant now)
    {
        server.Call = Call.Number;
        _isOverTls &= server.Source.Transport == SipTransport.Tls;
        Dialog? dialog = _dialog ?? FindEarly(request)?.Dialog;
        if (dialog is null || State == SessionState.Terminated)
        {
            Respond(server, 481, now);
        }
        else if (!dialog.TryTakeSequence(request.CSeq))
        {
            Respond(server, 500, now);
        }
        else if (_dialog is not null || request.Method is SipMethod.Update or SipMethod.Options or SipMethod.Notify)
        {
            ReceiveInDialog(server, request, now);
        }
        else
        {
            // As caller we have only early dialogs then, and there is nothing in them yet that another request could be about.
            Respond(server, 481, now);
        }

        LocateNextHops(now);
    }

    /// <summary>Does what is due.</summary>
    public void Advance(Instant now)
    {
        AdvanceSearch(now);
        AdvanceIncoming(now);
        AdvanceReliable(now);
        AdvanceTimer(now);
        TrySendNotify(now);
        if (_abandonAt <= now)
        {
            // RFC 3261 section 9.1: a cancelled INVITE without a final response is forgotten after 64*T1.
            _abandonAt = Instant.Never;
            _invites.ForEach(invite => _core.Transactions.Terminate(invite.Transaction));
            Step(SessionInput.Abandoned, default, now);
        }

        if (_glareAt <= now)
        {
            _glareAt = Instant.Never;
        }

        TrySendOffer(now);
    }

    private void ReceiveInDialog(ServerTransaction server, in SipMessage request, Instant now)
    {
        switch (request.Method)
        {
            case SipMethod.Invite:
                ReceiveReinvite(server, request, now);
                break;
            case SipMethod.Bye:
                Respond(server, 200, now);
                string text = ReasonText.Of(request, "hung up");
                RefusePending(487, now);
                Step(SessionInput.PeerEnds, new Ending(0, text, SipEnder.Peer), now);
                break;
            case SipMethod.Info:
                ReceiveInfo(server, request, now);
                break;
            case SipMethod.Update:
                ReceiveUpdate(server, request, now);
                break;
            case SipMethod.Prack:
                ReceivePrack(server, request, now);
                break;
            case SipMethod.Refer:
                ReceiveRefer(server, request, now);
                break;
            case SipMethod.Options:
                Respond(server, 200, now, RequestInspection.Capabilities(_core.AllowsTransfer));
                break;
            default:
                Respond(server, 200, now);
                break;
        }
    }

    private void ReceiveByeResponse(int status, in SipMessage response, Instant now)
    {
        if (status is 401 or 407 && _bye is not null)
        {
            SipRequest? repeated = _digest.Answer(_bye, response, ConfirmedDialog.NextSequence());
            if (repeated is not null)
            {
                _bye = _core.Transactions.Send(repeated, _bye.Destination, Call.Number, now);
                return;
            }
        }

        // RFC 3261 section 15.1.1: whatever the response is, the session is over.
        _bye = null;
        Step(SessionInput.ByeAnswered, default, now);
    }

    /// <summary>It is settled: all that may still come are answers of other branches of a fork.</summary>
    public void Leave(LateAnswers answers, EndedDialogs ended, Instant now)
    {
        if (_dialog is not null && _core.AllowsTransfer)
        {
            ended.Keep(_dialog, now + _core.Times.Patience);
        }

        foreach (OutgoingInvite invite in _invites)
        {
            if (invite.Transaction.MayTell && invite is { IsInitial: true, IsAbandoned: false })
            {
                answers.Keep(invite.Transaction, ConfirmedDialog.RemoteTag, LastSequence, _digest);
            }
            else if (invite.Transaction.MayTell)
            {
                _core.Transactions.Terminate(invite.Transaction);
            }
        }
    }

    /// <summary>The one step of the state machine, and what it brings about.</summary>
    private void Step(SessionInput input, Ending ending, Instant now)
    {
        (State, SessionActions actions) = SessionTransitions.Next(State, input);
        if (actions.HasFlag(SessionActions.SendCancel))
        {
            SendCancel(now);
        }

        if (actions.HasFlag(SessionActions.SendRefusal))
        {
            RefusePending(ending.By == SipEnder.Peer ? 487 : ending.Status, now);
        }

        if (actions.HasFlag(SessionActions.SendBye))
        {
            SendBye(now);
        }

        if (actions.HasFlag(SessionActions.TellEnded))
        {
            _core.Outputs.TellEnded(Call, ending.Status, ending.Text, ending.By, ending.MovedTo ?? []);
            IsOver = true;
            _offer = null;
        }

        if (State is SessionState.Terminating or SessionState.Terminated)
        {
            _incoming?.Stop();
            RefusePending(487, now);
            RefuseOffer(487, now);
            RefuseRefer(now);
            _timer.Stop();
            _reliable?.Stop();
            _ringAgainAt = _expiresAt = _glareAt = Instant.Never;
            bool isWaiting = _invites.Exists(static invite => invite.Transaction.IsWaiting);
            _abandonAt = isWaiting ? Instant.Soonest(_abandonAt, now + _core.Times.Patience) : Instant.Never;
        }
    }

    private void SendBye(Instant now)
    {
        _holdsBye = _reports?.HoldsEnd == true;
        if (_holdsBye)
        {
            return;
        }

        Dialog dialog = ConfirmedDialog;
        SipRequest bye = dialog.Request(SipMethod.Bye, _core.Identity.NewBranch()) with
        {
            Fields = [.. SipOptions.SupportedLine, .. _reasonLine],
        };
        _bye = _core.Transactions.Send(_digest.Authorize(bye), dialog.NextHop(), Call.Number, now);
    }

    private static bool IsExposed(Dialog? dialog) => dialog is not null && dialog.NextHop().Transport != SipTransport.Tls;

    private void Respond(ServerTransaction server, int status, Instant now, ReadOnlySpan<byte> fields = default) =>
        _core.Transactions.Respond(server, status, fields, default, now);

    private void Tell(SipOutputKind kind, ReadOnlySpan<byte> body = default, int status = 0, string text = "", string name = "")
    {
        if (!IsOver)
        {
            _core.Outputs.Tell(kind, Call, body, status, text, name);
        }
    }

    /// <summary>How a call ended.</summary>
    /// <param name="Status">The status, or 0.</param>
    /// <param name="Text">A reason for a person.</param>
    /// <param name="By">Who ended it.</param>
    /// <param name="MovedTo">The URIs that the target is at now, the best first; null when it says none.</param>
    private readonly record struct Ending(int Status, string Text, SipEnder By, IReadOnlyList<string>? MovedTo = null);
}
