using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Rtp;

/// <summary>Walks the packets of a compound RTCP packet (RFC 3550 section 6.1).</summary>
/// <param name="compound">The datagram, in the clear.</param>
internal ref struct RtcpReader(ReadOnlySpan<byte> compound)
{
    private readonly int _length = compound.Length;
    private WireReader _reader = new(compound);

    /// <summary>
    /// Whether a datagram is a compound packet (RFC 3550 appendix A.2): version 2 throughout, beginning with a report that is not
    /// padded, lengths that add up to the datagram's.
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> compound)
    {
        if (compound is not [_, (byte)RtcpPacketType.SenderReport or (byte)RtcpPacketType.ReceiverReport, ..])
        {
            return false;
        }

        RtcpReader reader = new(compound);
        while (reader.TryRead(out _))
        {
        }

        return reader._reader.AtEnd;
    }

    /// <summary>Reads the next packet; false at the end and at the first packet that is malformed.</summary>
    public bool TryRead(out RtcpPacket packet)
    {
        packet = default;
        WireReader ahead = _reader;
        if (!ahead.TryReadByte(out byte first) || first >> 6 != RtpHeader.Version || !ahead.TryReadByte(out byte type) ||
            !ahead.TryReadUInt16(out ushort words) || !ahead.TryTake(words * sizeof(uint), out ReadOnlySpan<byte> body))
        {
            return false;
        }

        bool padded = (first & 0x20) != 0;
        if (padded && !TryStripPadding(ref body, isLast: ahead.AtEnd))
        {
            return false;
        }

        _reader = ahead;
        packet = new RtcpPacket { Type = (RtcpPacketType)type, Count = first & 0x1F, Body = body };
        return true;
    }

    private readonly bool TryStripPadding(ref ReadOnlySpan<byte> body, bool isLast)
    {
        // RFC 3550 section 6.4.1: only the last packet is padded, by a multiple of four octets; appendix A.2: the first never is, since
        // a compound packet has at least two.
        bool isFirst = _reader.Remaining == _length;
        if (!isLast || isFirst || body.IsEmpty || body[^1] == 0 || body[^1] % sizeof(uint) != 0 || body[^1] > body.Length)
        {
            return false;
        }

        body = body[..^body[^1]];
        return true;
    }
}
