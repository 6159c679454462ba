using IntercomAgent.Rtp;

namespace IntercomAgent.Audio.Codecs;

/// <summary>
/// Timestamps of a fast RTP clock by a slower one. Since the slower one comes round at another moment, the rounds of the fast one are
/// counted.
/// </summary>
/// <param name="ticks">Ticks of the fast clock in one of the slow clock.</param>
internal sealed class ClockScale(int ticks)
{
    private RtpTimestamp _last;
    private long _extended;

    /// <summary>The same moment by the slow clock. It may come before the last one that was asked for.</summary>
    public RtpTimestamp Convert(RtpTimestamp timestamp)
    {
        _extended += timestamp - _last;
        _last = timestamp;
        long slow = _extended / ticks;
        return new RtpTimestamp(0) + (_extended % ticks < 0 ? slow - 1 : slow);
    }
}
