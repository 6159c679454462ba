using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Rtp;

/// <summary>What a statistics summary may report, by its flags (RFC 3611 section 4.6). Of hop limits we neither know nor ask.</summary>
[Flags]
internal enum XrStatistics : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Packets that were lost.</summary>
    Loss = 0x80,

    /// <summary>Copies of packets.</summary>
    Duplicates = 0x40,

    /// <summary>How much longer or shorter than the one before it a packet was on its way.</summary>
    Jitter = 0x20,

    /// <summary>All of these.</summary>
    All = Loss | Duplicates | Jitter,
}

/// <summary>Counts of a stretch of packets (RFC 3611 section 4.6). What is not reported is zero.</summary>
/// <param name="Source">Whose packets they are.</param>
/// <param name="Reported">What is reported.</param>
/// <param name="Begin">The number of the first packet.</param>
/// <param name="End">The number after the last one.</param>
/// <param name="Lost">Packets that were lost.</param>
/// <param name="Duplicates">Copies of packets.</param>
/// <param name="LeastJitter">The least difference of two packets' times on their way, in ticks of the RTP clock.</param>
/// <param name="MostJitter">The greatest.</param>
/// <param name="MeanJitter">The mean.</param>
/// <param name="JitterDeviation">The standard deviation.</param>
internal readonly record struct StatisticsSummary(
    Ssrc Source, XrStatistics Reported, SequenceNumber Begin, SequenceNumber End, uint Lost, uint Duplicates,
    uint LeastJitter, uint MostJitter, uint MeanJitter, uint JitterDeviation)
{
    /// <summary>Octets of the block.</summary>
    public const int Size = 40;

    private const int UndefinedHops = 3;

    /// <summary>
    /// Reads the block; false if it is another one, has another length, or a value where it says that there is none (section 4.6: such a
    /// block is ignored).
    /// </summary>
    public static bool TryRead(in XrBlock block, out StatisticsSummary summary)
    {
        summary = default;
        WireReader reader = new(block.Body);
        if (block.Type != XrBlockType.StatisticsSummary ||
            !reader.TryReadUInt32(out uint source) || !reader.TryReadUInt16(out ushort begin) || !reader.TryReadUInt16(out ushort end) ||
            !reader.TryReadUInt32(out uint lost) || !reader.TryReadUInt32(out uint duplicates) ||
            !reader.TryReadUInt32(out uint least) || !reader.TryReadUInt32(out uint most) ||
            !reader.TryReadUInt32(out uint mean) || !reader.TryReadUInt32(out uint deviation) ||
            !reader.TryReadUInt32(out uint hops) || !reader.AtEnd)
        {
            return false;
        }

        XrStatistics reported = (XrStatistics)block.Specific & XrStatistics.All;
        int hopKind = (block.Specific >> 3) & 3;
        bool isConsistent =
            ((reported & XrStatistics.Loss) != 0 || lost == 0) &&
            ((reported & XrStatistics.Duplicates) != 0 || duplicates == 0) &&
            ((reported & XrStatistics.Jitter) != 0 || (least | most | mean | deviation) == 0) &&
            hopKind != UndefinedHops && (hopKind != 0 || hops == 0);
        summary = new StatisticsSummary(
            new Ssrc(source), reported, new SequenceNumber(begin), new SequenceNumber(end), lost, duplicates, least, most, mean, deviation);
        return isConsistent;
    }

    /// <summary>Writes the block.</summary>
    public void Write(ref WireWriter writer)
    {
        XrBlock.WriteHeader(ref writer, XrBlockType.StatisticsSummary, (byte)Reported, Size);
        writer.WriteUInt32(Source.Value);
        writer.WriteUInt16(Begin.Value);
        writer.WriteUInt16(End.Value);
        writer.WriteUInt32(Lost);
        writer.WriteUInt32(Duplicates);
        writer.WriteUInt32(LeastJitter);
        writer.WriteUInt32(MostJitter);
        writer.WriteUInt32(MeanJitter);
        writer.WriteUInt32(JitterDeviation);
        writer.WriteUInt32(0);
    }
}
