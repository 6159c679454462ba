using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Rtp;

/// <summary>One report block: how a source is received (RFC 3550 section 6.4.1).</summary>
/// <param name="Source">The source that is reported on.</param>
/// <param name="FractionLost">Lost since the report before, in 1/256.</param>
/// <param name="CumulativeLost">Packets lost in all, -2^23 to 2^23-1; negative if more came than were sent.</param>
/// <param name="HighestSequenceNumber">The highest sequence number received, extended by the count of its cycles.</param>
/// <param name="Jitter">The interarrival jitter in ticks of the RTP clock.</param>
/// <param name="LastSenderReport">The middle of the NTP timestamp of the source's last sender report, 0 if there was none.</param>
/// <param name="DelaySinceLastSenderReport">The time since that report came, in 1/65536 s; 0 if there was none.</param>
internal readonly record struct ReceptionReport(
    Ssrc Source,
    byte FractionLost,
    int CumulativeLost,
    uint HighestSequenceNumber,
    uint Jitter,
    uint LastSenderReport,
    uint DelaySinceLastSenderReport)
{
    /// <summary>Octets of a report block.</summary>
    public const int Size = 24;

    /// <summary>Reads a report block; false if the bytes end before it does.</summary>
    public static bool TryRead(ref WireReader reader, out ReceptionReport report)
    {
        report = default;
        if (!reader.TryReadUInt32(out uint source) || !reader.TryReadUInt32(out uint loss) ||
            !reader.TryReadUInt32(out uint highest) || !reader.TryReadUInt32(out uint jitter) ||
            !reader.TryReadUInt32(out uint last) || !reader.TryReadUInt32(out uint delay))
        {
            return false;
        }

        // The lower 24 bits are a signed number.
        int lost = (int)(loss << 8) >> 8;
        report = new ReceptionReport(new Ssrc(source), (byte)(loss >> 24), lost, highest, jitter, last, delay);
        return true;
    }

    /// <summary>Writes the report block.</summary>
    public void Write(ref WireWriter writer)
    {
        writer.WriteUInt32(Source.Value);
        writer.WriteByte(FractionLost);
        writer.WriteUInt24(CumulativeLost);
        writer.WriteUInt32(HighestSequenceNumber);
        writer.WriteUInt32(Jitter);
        writer.WriteUInt32(LastSenderReport);
        writer.WriteUInt32(DelaySinceLastSenderReport);
    }
}
