using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// So much in the long run, and so much at once (the generic cell rate algorithm of ITU-T I.371): what is remembered of each who is limited
/// is one moment, that by which all he has taken is paid for.
/// </summary>
/// <param name="Interval">How long one costs.</param>
/// <param name="Burst">How many may come at once.</param>
internal readonly record struct RateLimit(TimeSpan Interval, int Burst)
{
    /// <summary>Whether one more is within the limit; only then is it taken.</summary>
    /// <param name="paidAt">What is remembered; at first <see cref="Instant.Zero"/>.</param>
    /// <param name="now">The current time.</param>
    public bool TryTake(ref Instant paidAt, Instant now)
    {
        Instant from = paidAt > now ? paidAt : now;
        if (from - now > Interval * (Burst - 1))
        {
            return false;
        }

        paidAt = from + Interval;
        return true;
    }
}
