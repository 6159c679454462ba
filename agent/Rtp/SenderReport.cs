using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Rtp;

/// <summary>What a sender report says about its sender (RFC 3550 section 6.4.1).</summary>
/// <param name="NtpTimestamp">When the report was sent.</param>
/// <param name="RtpTimestamp">The same moment on the sender's RTP clock.</param>
/// <param name="PacketCount">RTP packets sent so far, modulo 2^32.</param>
/// <param name="OctetCount">Octets of payload sent so far, modulo 2^32.</param>
internal readonly record struct SenderReport(NtpTimestamp NtpTimestamp, RtpTimestamp RtpTimestamp, uint PacketCount, uint OctetCount)
{
    /// <summary>Octets of the sender information.</summary>
    public const int Size = 20;

    /// <summary>Reads the sender information; false if the bytes end before it does.</summary>
    public static bool TryRead(ref WireReader reader, out SenderReport report)
    {
        report = default;
        if (!reader.TryReadUInt64(out ulong ntp) || !reader.TryReadUInt32(out uint rtp) ||
            !reader.TryReadUInt32(out uint packets) || !reader.TryReadUInt32(out uint octets))
        {
            return false;
        }

        report = new SenderReport(new NtpTimestamp(ntp), new RtpTimestamp(rtp), packets, octets);
        return true;
    }

    /// <summary>Writes the sender information.</summary>
    public void Write(ref WireWriter writer)
    {
        writer.WriteUInt64(NtpTimestamp.Value);
        writer.WriteUInt32(RtpTimestamp.Value);
        writer.WriteUInt32(PacketCount);
        writer.WriteUInt32(OctetCount);
    }
}
