namespace IntercomAgent.Rtp;

/// <summary>The sequence number of an RTP packet (RFC 3550 section 5.1). It counts packets and starts again after 65535.</summary>
internal readonly record struct SequenceNumber(ushort Value)
{
    /// <summary>The number of the packet that follows.</summary>
    public SequenceNumber Next => new((ushort)(Value + 1));

    /// <summary>The number <paramref name="packets"/> later, or earlier if negative.</summary>
    public static SequenceNumber operator +(SequenceNumber start, int packets) => new((ushort)(start.Value + packets));

    /// <summary>
    /// How many packets <paramref name="end"/> comes after <paramref name="start"/>, the shorter way around: -32768 to 32767.
    /// </summary>
    public static int operator -(SequenceNumber end, SequenceNumber start) => (short)(ushort)(end.Value - start.Value);

    /// <summary>Whether this number comes after <paramref name="other"/>.</summary>
    public bool IsAfter(SequenceNumber other) => this - other > 0;
}
