using System;

namespace IntercomAgent.Rtp;

/// <summary>The packet types of RTCP that we speak (RFC 3550 section 12.1).</summary>
internal enum RtcpPacketType : byte
{
    /// <summary>SR.</summary>
    SenderReport = 200,

    /// <summary>RR.</summary>
    ReceiverReport = 201,

    /// <summary>SDES.</summary>
    SourceDescription = 202,

    /// <summary>BYE.</summary>
    Goodbye = 203,

    /// <summary>XR (RFC 3611).</summary>
    ExtendedReport = 207,
}

/// <summary>One packet of a compound RTCP packet. It is a view: the body points into the datagram it was read from.</summary>
internal readonly ref struct RtcpPacket
{
    /// <summary>The packet's type; any value may come.</summary>
    public RtcpPacketType Type { get; init; }

    /// <summary>The five bits in the first octet: how many report blocks, chunks or sources follow, or a subtype.</summary>
    public int Count { get; init; }

    /// <summary>What follows the four octets of the header, without padding.</summary>
    public ReadOnlySpan<byte> Body { get; init; }
}
