using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Rtp;

/// <summary>How a voice is heard, since its reception began (RFC 3611 section 4.7). Rates and densities are in 1/256.</summary>
internal readonly record struct VoipMetrics
{
    /// <summary>Octets of the block.</summary>
    public const int Size = 36;

    /// <summary>The value of a level, a loss or a score that is not known.</summary>
    public const byte Unavailable = 127;

    private const byte HighestRating = 100;
    private const byte LowestScore = 10;
    private const byte HighestScore = 50;

    /// <summary>Metrics of which nothing is known.</summary>
    public VoipMetrics()
    {
    }

    /// <summary>Whose voice it is.</summary>
    public Ssrc Source { get; init; }

    /// <summary>The share of packets that the network lost.</summary>
    public byte LossRate { get; init; }

    /// <summary>The share of packets that came too late or too early.</summary>
    public byte DiscardRate { get; init; }

    /// <summary>The share of packets in bursts that were lost or discarded.</summary>
    public byte BurstDensity { get; init; }

    /// <summary>The share of packets between bursts that were lost or discarded.</summary>
    public byte GapDensity { get; init; }

    /// <summary>How long a burst lasts on average, in milliseconds.</summary>
    public ushort BurstDuration { get; init; }

    /// <summary>How long it is between bursts on average, in milliseconds.</summary>
    public ushort GapDuration { get; init; }

    /// <summary>The round trip in milliseconds; 0 if it is not known yet.</summary>
    public ushort RoundTripDelay { get; init; }

    /// <summary>What this end adds to the delay in both directions, in milliseconds; 0 if it is not known.</summary>
    public ushort EndSystemDelay { get; init; }

    /// <summary>The level of speech in dBm0.</summary>
    public sbyte SignalLevel { get; init; } = (sbyte)Unavailable;

    /// <summary>The level of silence in dBm0.</summary>
    public sbyte NoiseLevel { get; init; } = (sbyte)Unavailable;

    /// <summary>By how many dB the echo is fainter than what it comes from.</summary>
    public byte ResidualEchoReturnLoss { get; init; } = Unavailable;

    /// <summary>As many packets received in sequence end a burst; never 0.</summary>
    public byte GapThreshold { get; init; } = BurstMetrics.GapThreshold;

    /// <summary>The rating R of ITU-T G.107, 0 to 100, delay included.</summary>
    public byte RatingFactor { get; init; } = Unavailable;

    /// <summary>The same of what lies beyond the end system, such as a mobile network.</summary>
    public byte ExternalRatingFactor { get; init; } = Unavailable;

    /// <summary>The mean opinion score for listening, delay left out, 10 to 50 for 1.0 to 5.0.</summary>
    public byte ListeningScore { get; init; } = Unavailable;

    /// <summary>The mean opinion score for conversation, delay included, 10 to 50 for 1.0 to 5.0.</summary>
    public byte ConversationScore { get; init; } = Unavailable;

    /// <summary>How losses are made up, and whether the jitter buffer adapts (section 4.7.6).</summary>
    public byte ReceiverConfiguration { get; init; }

    /// <summary>The jitter buffer's delay in milliseconds.</summary>
    public ushort JitterNominal { get; init; }

    /// <summary>The longest delay that it has now, in milliseconds.</summary>
    public ushort JitterMaximum { get; init; }

    /// <summary>The longest delay that it ever has, in milliseconds.</summary>
    public ushort JitterAbsoluteMaximum { get; init; }

    /// <summary>
    /// Reads the block; false if it is another one, or has another length. Ratings and scores outside of their range are not to be used
    /// (section 4.7.5), and count as unavailable.
    /// </summary>
    public static bool TryRead(in XrBlock block, out VoipMetrics metrics)
    {
        metrics = default;
        if (block.Type != XrBlockType.VoipMetrics || block.Body.Length != Size - XrBlock.HeaderSize)
        {
            return false;
        }

        WireReader reader = new(block.Body);
        _ = reader.TryReadUInt32(out uint source);
        _ = reader.TryTake(4, out ReadOnlySpan<byte> losses);
        _ = reader.TryReadUInt16(out ushort burst);
        _ = reader.TryReadUInt16(out ushort gap);
        _ = reader.TryReadUInt16(out ushort roundTrip);
        _ = reader.TryReadUInt16(out ushort endSystem);
        _ = reader.TryTake(10, out ReadOnlySpan<byte> signal);
        _ = reader.TryReadUInt16(out ushort nominal);
        _ = reader.TryReadUInt16(out ushort maximum);
        _ = reader.TryReadUInt16(out ushort absolute);
        metrics = new VoipMetrics
        {
            Source = new Ssrc(source),
            LossRate = losses[0],
            DiscardRate = losses[1],
            BurstDensity = losses[2],
            GapDensity = losses[3],
            BurstDuration = burst,
            GapDuration = gap,
            RoundTripDelay = roundTrip,
            EndSystemDelay = endSystem,
            SignalLevel = unchecked((sbyte)signal[0]),
            NoiseLevel = unchecked((sbyte)signal[1]),
            ResidualEchoReturnLoss = signal[2],
            GapThreshold = signal[3],
            RatingFactor = Within(signal[4], 0, HighestRating),
            ExternalRatingFactor = Within(signal[5], 0, HighestRating),
            ListeningScore = Within(signal[6], LowestScore, HighestScore),
            ConversationScore = Within(signal[7], LowestScore, HighestScore),
            ReceiverConfiguration = signal[8],
            JitterNominal = nominal,
            JitterMaximum = maximum,
            JitterAbsoluteMaximum = absolute,
        };
        return true;
    }

    /// <summary>Writes the block.</summary>
    public void Write(ref WireWriter writer)
    {
        XrBlock.WriteHeader(ref writer, XrBlockType.VoipMetrics, 0, Size);
        writer.WriteUInt32(Source.Value);
        writer.Write([LossRate, DiscardRate, BurstDensity, GapDensity]);
        writer.WriteUInt16(BurstDuration);
        writer.WriteUInt16(GapDuration);
        writer.WriteUInt16(RoundTripDelay);
        writer.WriteUInt16(EndSystemDelay);
        writer.Write([unchecked((byte)SignalLevel), unchecked((byte)NoiseLevel), ResidualEchoReturnLoss, GapThreshold]);
        writer.Write([RatingFactor, ExternalRatingFactor, ListeningScore, ConversationScore]);
        writer.Write([ReceiverConfiguration, 0]);
        writer.WriteUInt16(JitterNominal);
        writer.WriteUInt16(JitterMaximum);
        writer.WriteUInt16(JitterAbsoluteMaximum);
    }

    private static byte Within(byte value, byte least, byte most) => value >= least && value <= most ? value : Unavailable;
}
