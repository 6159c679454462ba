using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Rtp;

/// <summary>
/// The blocks of an extended report that we know (RFC 3611 section 4). Those that measure a round trip (sections 4.4 and 4.5) are for who
/// sends no sound itself.
/// </summary>
internal enum XrBlockType : byte
{
    /// <summary>Counts of a stretch of packets (section 4.6).</summary>
    StatisticsSummary = 6,

    /// <summary>How a voice is heard (section 4.7).</summary>
    VoipMetrics = 7,
}

/// <summary>One block of an extended report (RFC 3611 section 3). It is a view: the body points into the datagram it was read from.</summary>
internal readonly ref struct XrBlock
{
    /// <summary>Octets of a block's header.</summary>
    public const int HeaderSize = 4;

    /// <summary>The block's type; any value may come.</summary>
    public XrBlockType Type { get; init; }

    /// <summary>The octet whose meaning depends on the type.</summary>
    public byte Specific { get; init; }

    /// <summary>What follows the four octets of the header: whole words.</summary>
    public ReadOnlySpan<byte> Body { get; init; }

    /// <summary>Writes a block's header.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="type">The block's type.</param>
    /// <param name="specific">The octet whose meaning depends on the type.</param>
    /// <param name="size">Octets of the whole block, a multiple of four.</param>
    public static void WriteHeader(ref WireWriter writer, XrBlockType type, byte specific, int size)
    {
        writer.WriteByte((byte)type);
        writer.WriteByte(specific);
        writer.WriteUInt16((ushort)((size / sizeof(uint)) - 1));
    }
}
