namespace IntercomAgent.Rtp;

/// <summary>The sampling moment of an RTP packet's first octet, in ticks of the payload's clock (RFC 3550 section 5.1). It wraps at 2^32.</summary>
internal readonly record struct RtpTimestamp(uint Value)
{
    /// <summary>The moment <paramref name="ticks"/> later, or earlier if negative.</summary>
    public static RtpTimestamp operator +(RtpTimestamp start, long ticks) => new(unchecked((uint)(start.Value + ticks)));

    /// <summary>How many ticks <paramref name="end"/> comes after <paramref name="start"/>, the shorter way around.</summary>
    public static int operator -(RtpTimestamp end, RtpTimestamp start) => unchecked((int)(end.Value - start.Value));

    /// <summary>Whether this moment comes after <paramref name="other"/>.</summary>
    public bool IsAfter(RtpTimestamp other) => this - other > 0;
}
