using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Rtp;

/// <summary>The fixed part of an RTP header (RFC 3550 section 5.1).</summary>
/// <param name="PayloadType">0 to 127: what the payload is, as SDP has agreed.</param>
/// <param name="Marker">For audio, the first packet of a talk spurt (RFC 3551 section 4.1); for telephone events, of an event.</param>
/// <param name="SequenceNumber">Counts the packets of one source.</param>
/// <param name="Timestamp">When the payload was sampled.</param>
/// <param name="Ssrc">Who sends.</param>
internal readonly record struct RtpHeader(byte PayloadType, bool Marker, SequenceNumber SequenceNumber, RtpTimestamp Timestamp, Ssrc Ssrc)
{
    /// <summary>Octets of a header without contributing sources and extension.</summary>
    public const int Size = 12;

    /// <summary>The version of RTP, in the two highest bits of the first octet.</summary>
    public const int Version = 2;

    /// <summary>Writes the header into the first <see cref="Size"/> bytes of a packet: no padding, no extension, no contributing sources.</summary>
    public void Write(Span<byte> packet)
    {
        WireWriter writer = new(packet);
        writer.WriteByte(Version << 6);
        writer.WriteByte((byte)((Marker ? 0x80 : 0) | PayloadType));
        writer.WriteUInt16(SequenceNumber.Value);
        writer.WriteUInt32(Timestamp.Value);
        writer.WriteUInt32(Ssrc.Value);
    }
}
