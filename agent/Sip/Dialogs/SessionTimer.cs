using System;
using System.Globalization;
using System.Text;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// The session timer of one call (RFC 4028): a session that nobody refreshes ends by itself, so that no call outlives a peer that has
/// vanished. Each re-INVITE and UPDATE that is accepted refreshes it; one side, the refresher, takes care that there is one.
/// </summary>
internal sealed class SessionTimer
{
    /// <summary>What our INVITE asks for: the interval that RFC 4028 section 4 recommends.</summary>
    private static readonly TimeSpan Wanted = TimeSpan.FromMinutes(30);

    /// <summary>The shortest interval: nobody may ask for a longer Min-SE than this with less (RFC 4028 section 5).</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(90);

    /// <summary>The longest Min-SE that we follow: no call at a door lasts a day.</summary>
    private static readonly TimeSpan LongestMinimum = TimeSpan.FromDays(1);

    /// <summary>
    /// After a refresh that the peer refused for the moment: several fit before the end of the shortest session. A peer that breaks the
    /// rule of the shortest session cannot make us refresh more often than this, either.
    /// </summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);

    /// <summary>How long before its expiry an unrefreshed session is ended, or a third of the interval if that is less (section 10).</summary>
    private static readonly TimeSpan LongestMargin = TimeSpan.FromSeconds(32);

    private TimeSpan _interval;
    private TimeSpan _minimum;
    private bool _isRefresher;

    /// <summary>When we have to refresh; never when that is up to the peer, or a refresh is under way.</summary>
    public Instant RefreshAt { get; private set; } = Instant.Never;

    /// <summary>When the session ends unless it is refreshed; never without a timer.</summary>
    public Instant EndAt { get; private set; } = Instant.Never;

    /// <summary>What a 422 says (section 9).</summary>
    public static byte[] MinimumLine => Line("Min-SE", Shortest);

    /// <summary>Whether a request asks for a session that is too short, and may be told so (section 9).</summary>
    public static bool IsTooSmall(in SipMessage request) =>
        TryReadInterval(request, out TimeSpan interval, out _) && interval < Shortest && IsSupportedBy(request);

    /// <summary>The header lines of an INVITE or UPDATE of ours (section 7.4). The first INVITE asks for a timer.</summary>
    public byte[] RequestLines(bool isInitial)
    {
        if (!isInitial && EndAt == Instant.Never)
        {
            return [];
        }

        TimeSpan interval = isInitial ? Wanted : _interval;
        string refresher = isInitial ? "" : _isRefresher ? ";refresher=uac" : ";refresher=uas";
        return
        [
            .. Line("Session-Expires", interval > _minimum ? interval : _minimum, refresher),
            .. _minimum == TimeSpan.Zero ? [] : Line("Min-SE", _minimum),
        ];
    }

    /// <summary>A 422: asks for more from now on; false when the response says nothing that we could follow (section 7.3).</summary>
    public bool TryRaise(in SipMessage response)
    {
        if (!response.Headers.TryFindNumber(SipHeaderName.MinSE, out int seconds)
            || TimeSpan.FromSeconds(seconds) <= _minimum || TimeSpan.FromSeconds(seconds) > LongestMinimum)
        {
            return false;
        }

        _minimum = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>A 2xx to an INVITE or UPDATE of ours: without Session-Expires in it there is no timer (section 7.2).</summary>
    public void TakeResponse(in SipMessage response, Instant now)
    {
        if (TryReadInterval(response, out TimeSpan interval, out ReadOnlySpan<byte> refresher) && interval > TimeSpan.Zero)
        {
            Start(interval < RetryInterval ? RetryInterval : interval, !SipGrammar.EqualsIgnoreCase(refresher, "uas"u8), now);
        }
        else
        {
            Stop();
        }
    }

    /// <summary>Accepts an INVITE or UPDATE of the peer's; gives the header lines of the 2xx (section 9 with table 2).</summary>
    public byte[] Answer(in SipMessage request, Instant now)
    {
        if (request.Headers.TryFindNumber(SipHeaderName.MinSE, out int minimum) && TimeSpan.FromSeconds(minimum) <= LongestMinimum)
        {
            TimeSpan asked = TimeSpan.FromSeconds(minimum);
            _minimum = asked > _minimum ? asked : _minimum;
        }

        // A peer that does not know timers cannot be refused; a session that is too short to be kept alive then has none.
        if (!TryReadInterval(request, out TimeSpan interval, out ReadOnlySpan<byte> refresher) || interval < Shortest)
        {
            Stop();
            return [];
        }

        bool isPeers = IsSupportedBy(request) && !SipGrammar.EqualsIgnoreCase(refresher, "uas"u8);
        Start(interval, !isPeers, now);
        return isPeers
            ? [.. "Require: timer\r\n"u8, .. Line("Session-Expires", interval, ";refresher=uac")]
            : Line("Session-Expires", interval, ";refresher=uas");
    }

    /// <summary>A refresh is under way.</summary>
    public void BeginRefresh() => RefreshAt = Instant.Never;

    /// <summary>A refresh came to nothing, but for a reason that may pass: it is tried again as long as the session holds.</summary>
    public void RetryRefresh(Instant now)
    {
        if (_isRefresher && EndAt != Instant.Never)
        {
            RefreshAt = now + RetryInterval;
        }
    }

    /// <summary>There is no timer any more.</summary>
    public void Stop() => RefreshAt = EndAt = Instant.Never;

    private static bool IsSupportedBy(in SipMessage request) =>
        request.Headers.Lists(SipHeaderName.Supported, SipOptions.Timer) || request.Headers.Lists(SipHeaderName.Require, SipOptions.Timer);

    private static bool TryReadInterval(in SipMessage message, out TimeSpan interval, out ReadOnlySpan<byte> refresher)
    {
        ReadOnlySpan<byte> value = message.Headers.Find(SipHeaderName.SessionExpires);
        int end = value.IndexOf((byte)';');
        _ = SipGrammar.TryFindParameter(end < 0 ? default : value[(end + 1)..], "refresher"u8, out refresher);
        bool isRead = SipGrammar.TryReadNumber(SipGrammar.Trim(end < 0 ? value : value[..end]), out int seconds);
        interval = TimeSpan.FromSeconds(seconds);
        return isRead;
    }

    private static byte[] Line(string name, TimeSpan time, string parameters = "") =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}: {(long)time.TotalSeconds}{parameters}\r\n"));

    private void Start(TimeSpan interval, bool isRefresher, Instant now)
    {
        TimeSpan margin = interval / 3 < LongestMargin ? interval / 3 : LongestMargin;
        _interval = interval;
        _isRefresher = isRefresher;
        EndAt = now + (interval - margin);

        // Section 7.2: once half of the interval is over.
        RefreshAt = isRefresher ? now + (interval / 2) : Instant.Never;
    }
}
