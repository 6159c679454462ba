using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>The session timer's part in a call (RFC 4028 sections 7.3 and 10).</summary>
internal sealed partial class SipSession
{
    private readonly SessionTimer _timer = new();

    private void AdvanceTimer(Instant now)
    {
        if (_timer.EndAt <= now)
        {
            _timer.Stop();
            Step(SessionInput.Lost, new Ending(408, "the session was not refreshed", SipEnder.Nobody), now);
        }
        else if (_timer.RefreshAt <= now)
        {
            // Section 7.4: an UPDATE without an offer where the peer takes it; a re-INVITE has to make one, which is not ours to make.
            _timer.BeginRefresh();
            if (!_peerTakesUpdate)
            {
                Tell(SipOutputKind.RefreshDue);
            }
            else if (_update is null)
            {
                SendUpdate(ConfirmedDialog, [], now);
            }
        }
    }

    /// <summary>An INVITE of ours asked for too short a session: repeats it if the response says what would do.</summary>
    private bool TryRaiseTimer(OutgoingInvite invite, in SipMessage response, bool isInitial, int sequence, Instant now)
    {
        SipRequest refused = invite.Transaction.Request;
        if (refused.Challenges >= SipLimits.Challenges || !_timer.TryRaise(response))
        {
            return false;
        }

        SipRequest repeated = refused with
        {
            Branch = _core.Identity.NewBranch(),
            SentBy = null,
            Sequence = sequence,
            Challenges = refused.Challenges + 1,
            Fields = isInitial
                ? InitialFields(invite.Transaction.Destination)
                : [.. TargetFields(invite.Transaction.Destination), .. _timer.RequestLines(isInitial)],
        };
        Send(_digest.Authorize(repeated), invite.Transaction.Destination, isInitial, now);
        return true;
    }
}
