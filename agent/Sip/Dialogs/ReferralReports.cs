using System;
using System.Globalization;
using System.Text;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// The subscription that a REFER makes (RFC 3515 section 2.4.4): what comes of it is told in NOTIFYs, one at a time, so that they arrive
/// in their order. It outlives its call, if need be.
/// </summary>
/// <param name="id">The CSeq of the REFER if it was not the first of its dialog (section 2.4.6); else null.</param>
/// <param name="now">The current time.</param>
internal sealed class ReferralReports(int? id, Instant now)
{
    /// <summary>Longer than anything rings: the duration that section 3.4 asks for.</summary>
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(900);

    /// <summary>Section 3.10: what is not the end of it is told once a second at most.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Instant _endAt = now + Duration;
    private Instant _nextAt = now;
    private int _status;
    private bool _isLastOut;

    /// <summary>The NOTIFY that awaits its response; null when none does.</summary>
    public ClientTransaction? Outstanding { get; private set; }

    /// <summary>When it wants to be advanced.</summary>
    public Instant WakeAt => Outstanding is null && _status != 0 ? Instant.Soonest(_nextAt, _endAt) : _endAt;

    /// <summary>Whether nothing more is to be told.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether the end is to be told, and the response to another NOTIFY is waited for.</summary>
    public bool HoldsEnd => Outstanding is not null && _status >= 200;

    /// <summary>How it stands with the call: what was to be told before that and was not is left out.</summary>
    /// <param name="status">100 to 199; more is the end of it.</param>
    public void Report(int status)
    {
        if (!_isLastOut && _status < 200)
        {
            _status = status;
            _nextAt = status >= 200 ? Instant.Zero : _nextAt;
        }
    }

    /// <summary>Takes the header lines and the body of the next NOTIFY; false when none is due.</summary>
    public bool TryTake(Instant now, out byte[] fields, out byte[] body)
    {
        IsOver |= _endAt <= now;
        fields = body = [];
        if (IsOver || Outstanding is not null || _status == 0 || _nextAt > now)
        {
            return false;
        }

        _isLastOut = _status >= 200;
        string state = _isLastOut
            ? "terminated;reason=noresource"
            : string.Create(CultureInfo.InvariantCulture, $"active;expires={(int)(_endAt - now).TotalSeconds}");
        string name = id is { } number ? string.Create(CultureInfo.InvariantCulture, $"refer;id={number}") : "refer";
        fields = Encoding.ASCII.GetBytes($"Event: {name}\r\nSubscription-State: {state}\r\n");
        body = Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"SIP/2.0 {_status} {SipStatus.Phrase(_status)}\r\n"));
        _status = 0;
        _nextAt = now + Pause;
        return true;
    }

    /// <summary>A NOTIFY went out, or once more with credentials.</summary>
    public void Await(ClientTransaction notify) => Outstanding = notify;

    /// <summary>It has its response. Who refuses one wants no others (RFC 6665 section 4.2.2).</summary>
    public void TakeResponse(int status)
    {
        Outstanding = null;
        IsOver |= status >= 300 || _isLastOut;
    }
}
