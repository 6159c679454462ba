using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Srtp;

/// <summary>What SRTP needs of an RTP header (RFC 3550 section 5.1).</summary>
/// <param name="SequenceNumber">SEQ.</param>
/// <param name="Ssrc">The source.</param>
/// <param name="HeaderLength">Fixed header, CSRCs and header extension: all that is not encrypted (RFC 3711 section 3.1).</param>
internal readonly record struct RtpLayout(ushort SequenceNumber, uint Ssrc, int HeaderLength)
{
    /// <summary>False if the bytes are no RTP packet, or end within the header.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out RtpLayout layout)
    {
        layout = default;
        WireReader reader = new(packet);
        if (!reader.TryReadByte(out byte first) || first >> 6 != 2
            || !reader.TryReadByte(out _)
            || !reader.TryReadUInt16(out ushort sequenceNumber)
            || !reader.TryReadUInt32(out _)
            || !reader.TryReadUInt32(out uint ssrc)
            || !reader.TryTake((first & 0x0F) * sizeof(uint), out _))
        {
            return false;
        }

        bool hasExtension = (first & 0x10) != 0;
        if (hasExtension
            && (!reader.TryReadUInt16(out _)
                || !reader.TryReadUInt16(out ushort words)
                || !reader.TryTake(words * sizeof(uint), out _)))
        {
            return false;
        }

        layout = new RtpLayout(sequenceNumber, ssrc, packet.Length - reader.Remaining);
        return true;
    }
}
