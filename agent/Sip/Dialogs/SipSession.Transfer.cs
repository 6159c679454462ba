using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// The peer transfers the call (RFC 3515): it is asked about with <see cref="SipOutputKind.Referred"/>, and told what becomes of it. The
/// call to whom it names is another one, which says for whom it is made.
/// </summary>
internal sealed partial class SipSession
{
    private ServerTransaction? _refer;
    private Referral? _referral;
    private ReferralReports? _reports;
    private bool _wasReferred;

    /// <summary>Whether our BYE waits for the last NOTIFY to go first: a telephone that is hung up on takes its transfer for failed.</summary>
    private bool _holdsBye;

    /// <summary>Header lines of our INVITE: Replaces and Referred-By, if it was a REFER that asked for it.</summary>
    private byte[] _referredFields = [];

    /// <summary>What the INVITE says that the peer has asked us to send to somebody else.</summary>
    public byte[] FieldsOfReferral => _referral?.Fields ?? [];

    /// <summary>How it stands with the transfer that the peer has asked for. Without effect when it has not.</summary>
    /// <param name="status">
    /// First 100 when it is tried, or the status with which it is refused; then what comes of it, 200 or more at last.
    /// </param>
    /// <param name="now">The current time.</param>
    public void ReportReferral(int status, Instant now)
    {
        if (_refer is { } refer)
        {
            _refer = null;
            if (status < 200)
            {
                AcceptRefer(refer, now);
            }
            else
            {
                _referral = null;
                Respond(refer, status, now);
                return;
            }
        }

        _referral = status < 200 ? _referral : null;
        _reports?.Report(status);
        TrySendNotify(now);
    }

    private void ReceiveRefer(ServerTransaction server, in SipMessage refer, Instant now)
    {
        if (State != SessionState.Established)
        {
            Respond(server, 500, now, RetryLater());
        }
        else if (_referral is not null || _reports is not null)
        {
            // One at a time: the first one goes on.
            Respond(server, 491, now);
        }
        else if (Referral.Read(refer, out Referral? referral) is var status && referral is null)
        {
            Respond(server, status, now);
        }
        else
        {
            _refer = server;
            _referral = referral;
            Tell(SipOutputKind.Referred, text: referral.Target);
        }
    }

    /// <summary>
    /// RFC 7647 section 5 has a 200 instead, and makes both the same to who receives it; telephones of before wait for the 202 of RFC 3515
    /// section 2.4.2.
    /// </summary>
    private void AcceptRefer(ServerTransaction server, Instant now)
    {
        _ = SipMessageReader.Read(server.Request, out SipMessage refer, out _);
        ConfirmedDialog.RefreshTarget(refer);
        LocateNextHops(now);
        bool isHeard = _referral!.HasSubscription; // A REFER that waits has been read.
        Respond(server, 202, now, [.. TargetFields(server.Source), .. isHeard ? default : "Refer-Sub: false\r\n"u8]);
        _reports = isHeard ? new ReferralReports(_wasReferred ? refer.CSeq : null, now) : null;
        _wasReferred = true;
    }

    /// <summary>The call is over: it is not transferred any more if that was not decided yet.</summary>
    private void RefuseRefer(Instant now)
    {
        if (_refer is not null)
        {
            ReportReferral(481, now);
        }
    }

    private void TrySendNotify(Instant now)
    {
        if (_reports?.TryTake(now, out byte[] fields, out byte[] body) == true)
        {
            Dialog dialog = ConfirmedDialog;
            SipRequest notify = dialog.Request(SipMethod.Notify, _core.Identity.NewBranch()) with
            {
                Fields = [.. TargetFields(dialog.NextHop()), .. fields],
                ContentType = "message/sipfrag;version=2.0"u8.ToArray(),
                Body = body,
            };
            _reports.Await(_core.Transactions.Send(_digest.Authorize(notify), dialog.NextHop(), Call.Number, now));
        }

        _reports = _reports is { IsOver: true } ? null : _reports;
        if (_holdsBye && State == SessionState.Terminating)
        {
            SendBye(now);
        }
    }

    private void ReceiveNotifyResponse(ClientTransaction notify, int status, in SipMessage response, Instant now)
    {
        if (_reports is null || _reports.Outstanding != notify)
        {
            return;
        }

        if (status is 401 or 407 && _digest.Answer(notify, response, ConfirmedDialog.NextSequence()) is { } repeated)
        {
            _reports.Await(_core.Transactions.Send(repeated, notify.Destination, Call.Number, now));
            return;
        }

        _reports.TakeResponse(status);
        TrySendNotify(now);
    }
}
