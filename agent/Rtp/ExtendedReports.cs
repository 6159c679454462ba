using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Rtp;

/// <summary>
/// The extended reports of a session (RFC 3611): writes what the peer asked for of how we hear it, and keeps what it says of how it hears
/// us.
/// </summary>
/// <param name="sender">What we send.</param>
/// <param name="receiver">What we receive.</param>
internal sealed class ExtendedReports(RtpSender sender, RtpReceiver receiver)
{
    /// <summary>Octets of the longest packet that is written.</summary>
    public const int LongestPacket = HeaderSize + StatisticsSummary.Size + VoipMetrics.Size;

    // The header of a packet and its source.
    private const int HeaderSize = 8;

    private const double LongestMilliseconds = ushort.MaxValue;

    /// <summary>What the peer asked for. Nothing else is sent (section 5.1).</summary>
    public XrWishes Wishes { get; set; }

    /// <summary>How the peer hears us, as it said last; null before it did.</summary>
    public VoipMetrics? PeerMetrics { get; private set; }

    /// <summary>What the peer counted of our packets, as it said last; null before it did.</summary>
    public StatisticsSummary? PeerSummary { get; private set; }

    /// <summary>The round trip that the peer measured; null where it does not say.</summary>
    public TimeSpan? PeerRoundTrip => PeerMetrics is { RoundTripDelay: > 0 } metrics ? TimeSpan.FromMilliseconds(metrics.RoundTripDelay) : null;

    /// <summary>The peer's mean opinion score of conversation, else of listening, 1 to 5; null where it gives none.</summary>
    public double? PeerScore => PeerMetrics switch
    {
        { ConversationScore: not VoipMetrics.Unavailable } metrics => metrics.ConversationScore / 10.0,
        { ListeningScore: not VoipMetrics.Unavailable } metrics => metrics.ListeningScore / 10.0,
        _ => null,
    };

    /// <summary>Octets of the packet that is due.</summary>
    public int Size => Wishes.IsEmpty
        ? 0
        : HeaderSize + (Wishes.Summary == XrStatistics.None ? 0 : StatisticsSummary.Size) + (Wishes.Voice ? VoipMetrics.Size : 0);

    /// <summary>Takes the body of an extended report. Blocks that are unknown, malformed or about others are passed over.</summary>
    public void Receive(ReadOnlySpan<byte> body)
    {
        if (body.Length < sizeof(uint))
        {
            return;
        }

        XrReader blocks = new(body[sizeof(uint)..]);
        while (blocks.TryRead(out XrBlock block))
        {
            if (VoipMetrics.TryRead(block, out VoipMetrics metrics) && metrics.Source == sender.Ssrc)
            {
                PeerMetrics = metrics;
            }
            else if (StatisticsSummary.TryRead(block, out StatisticsSummary summary) && summary.Source == sender.Ssrc)
            {
                PeerSummary = summary;
            }
        }
    }

    /// <summary>Writes the blocks that the peer asked for, behind the header and our source.</summary>
    public void WriteBlocks(ref WireWriter writer, in VoiceFacts voice, TimeSpan? roundTrip)
    {
        if (Wishes.Summary != XrStatistics.None)
        {
            receiver.History.TakeSummary(receiver.Source, Wishes.Summary).Write(ref writer);
        }

        if (Wishes.Voice)
        {
            Measure(voice, roundTrip).Write(ref writer);
        }
    }

    private VoipMetrics Measure(in VoiceFacts voice, TimeSpan? roundTrip)
    {
        BurstMetrics packets = receiver.History.Metrics;
        VoipMetrics metrics = new()
        {
            Source = receiver.Source,
            RoundTripDelay = Milliseconds(roundTrip ?? TimeSpan.Zero),
            EndSystemDelay = Milliseconds(voice.EndSystemDelay),
            ReceiverConfiguration = voice.Configuration,
            JitterNominal = Milliseconds(voice.JitterNominal),
            JitterMaximum = Milliseconds(voice.JitterMaximum),
            JitterAbsoluteMaximum = Milliseconds(voice.JitterMaximum),
        };
        if (voice.Impairment is { } codec)
        {
            double heard = EModel.Rate(codec, packets.MissingShare, packets.BurstRatio, TimeSpan.Zero);
            metrics = metrics with { ListeningScore = Tenths(EModel.Score(heard)) };
            if (roundTrip is { } there)
            {
                double talked = EModel.Rate(codec, packets.MissingShare, packets.BurstRatio, MouthToEar(there, voice.EndSystemDelay));
                metrics = metrics with { RatingFactor = (byte)Math.Round(talked), ConversationScore = Tenths(EModel.Score(talked)) };
            }
        }

        return packets.Complete(metrics, receiver.History.PacketTime);
    }

    /// <summary>RFC 3611 section 4.7.3: half of everything. An end that does not say what it adds is taken to be like ours.</summary>
    private TimeSpan MouthToEar(TimeSpan roundTrip, TimeSpan ours)
    {
        TimeSpan theirs = PeerMetrics is { EndSystemDelay: > 0 } peer ? TimeSpan.FromMilliseconds(peer.EndSystemDelay) : ours;
        return (roundTrip + ours + theirs) / 2;
    }

    private static ushort Milliseconds(TimeSpan time) => (ushort)double.Clamp(time.TotalMilliseconds, 0, LongestMilliseconds);

    private static byte Tenths(double score) => (byte)Math.Round(10 * score);
}
