using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>Calls that are transferred (RFC 3515), and that take the place of others (RFC 3891).</summary>
internal sealed partial class SipEndpoint
{
    private readonly EndedDialogs _ended = new();

    /// <summary>Whether the peer of a call may transfer it, or have another take its place.</summary>
    public bool AllowsTransfer
    {
        get => _core.AllowsTransfer;
        set => _core.AllowsTransfer = value;
    }

    /// <summary>How it stands with the transfer of a call that <see cref="SipOutputKind.Referred"/> told of.</summary>
    /// <param name="call">The call whose peer has asked for it. It may be over by now.</param>
    /// <param name="status">
    /// First 100 when it is tried, or the status with which it is refused; then what comes of it, 200 or more at last.
    /// </param>
    /// <param name="now">The current time.</param>
    public void ReportReferral(SipCall call, int status, Instant now)
    {
        Advance(now);
        _sessions.Find(session => session.Call == call)?.ReportReferral(status, now);
        Tidy(now);
    }

    private byte[] FieldsOfReferral(SipCall referrer) =>
        _sessions.Find(session => session.Call == referrer)?.FieldsOfReferral ?? [];

    /// <summary>
    /// The call that the new one is to take the place of (RFC 3891 section 3); none when it does not say. The status with which the new
    /// one is to be refused, 0 when nothing speaks against it.
    /// </summary>
    private int FindReplaced(in SipMessage invite, out SipCall call)
    {
        call = default;
        if (!AllowsTransfer || !invite.Headers.TryFind(SipHeaderName.Replaces, out ReadOnlySpan<byte> value))
        {
            return 0;
        }

        if (!ReplacedDialog.TryRead(value, out ReplacedDialog replaced))
        {
            return 400;
        }

        SipSession? found = null;
        foreach (SipSession session in _sessions)
        {
            if (session.IsNamedBy(replaced))
            {
                if (found is not null)
                {
                    return 481;
                }

                found = session;
            }
        }

        if (found is null)
        {
            return _ended.Contains(replaced) ? 603 : 481;
        }

        call = found.Call;
        return found.JudgeReplacement(replaced.IsEarlyOnly);
    }
}
