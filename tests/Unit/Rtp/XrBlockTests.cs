using System;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Rtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Rtp;

/// <summary>The layouts of RFC 3611 section 4, octet by octet.</summary>
public sealed class XrBlockTests
{
    private const string Reference = "04000002" + "83AA7E8180000000";
    private const string Summary = "06E00009" + "00000007" + "FFFA0005" + "00000001" + "00000002" + "0000000A00000028" + "000000190000000B" + "00000000";
    private const string Metrics = "07000008" + "00000007" + "0C0C5509" + "00780104" + "002A0041" + "EC9C7F10" + "5B7F2B29" + "F000001B" + "00C800C8";

    [Fact]
    public void A_summary_has_its_flags_its_interval_and_its_counts()
    {
        StatisticsSummary summary = new(
            new Ssrc(7), XrStatistics.All, new SequenceNumber(0xFFFA), new SequenceNumber(5), 1, 2, 10, 40, 25, 11);

        Assert.Equal(Summary, Written((ref writer) => summary.Write(ref writer)));
        Assert.True(StatisticsSummary.TryRead(Read(Summary), out StatisticsSummary read));
        Assert.Equal(summary, read);
    }

    [Theory]
    [InlineData(0x60)] // Losses, which it says not to report.
    [InlineData(0xA0)] // Copies.
    [InlineData(0xC0)] // Jitter.
    [InlineData(0xF8)] // A kind of hop limit that is not defined.
    public void A_summary_with_what_it_says_not_to_report_is_ignored(byte flags)
    {
        byte[] block = Convert.FromHexString(Summary);
        block[1] = flags;

        Assert.False(StatisticsSummary.TryRead(Read(Convert.ToHexString(block)), out _));
    }

    [Fact]
    public void Hop_limits_are_passed_over_where_they_are_announced_and_else_ignored_with_their_block()
    {
        string hops = Summary[..^8] + "40404000";

        Assert.False(StatisticsSummary.TryRead(Read(hops), out _));
        Assert.True(StatisticsSummary.TryRead(Read("06E8" + hops[4..]), out StatisticsSummary read));
        Assert.Equal((XrStatistics.All, 1u), (read.Reported, read.Lost));
    }

    [Fact]
    public void Voip_metrics_have_their_fields_in_their_order()
    {
        VoipMetrics metrics = new()
        {
            Source = new Ssrc(7),
            LossRate = 12,
            DiscardRate = 12,
            BurstDensity = 85,
            GapDensity = 9,
            BurstDuration = 120,
            GapDuration = 260,
            RoundTripDelay = 42,
            EndSystemDelay = 65,
            SignalLevel = -20,
            NoiseLevel = -100,
            RatingFactor = 91,
            ListeningScore = 43,
            ConversationScore = 41,
            ReceiverConfiguration = 0xF0,
            JitterNominal = 27,
            JitterMaximum = 200,
            JitterAbsoluteMaximum = 200,
        };

        Assert.Equal(Metrics, Written((ref writer) => metrics.Write(ref writer)));
        Assert.True(VoipMetrics.TryRead(Read(Metrics), out VoipMetrics read));
        Assert.Equal(metrics, read);
    }

    [Fact]
    public void What_is_not_known_is_127()
    {
        VoipMetrics unknown = new();

        Assert.Equal(
            "07000008" + "00000000" + "00000000" + "00000000" + "00000000" + "7F7F7F10" + "7F7F7F7F" + "00000000" + "00000000",
            Written((ref writer) => unknown.Write(ref writer)));
    }

    [Theory]
    [InlineData("65", "65", "09", "33")]
    [InlineData("FF", "7F", "00", "FF")]
    public void Ratings_and_scores_out_of_their_range_are_not_known(string rating, string external, string listening, string talking)
    {
        string block = Metrics[..48] + rating + external + listening + talking + Metrics[56..];

        Assert.True(VoipMetrics.TryRead(Read(block), out VoipMetrics read));
        Assert.Equal((127, 127), (read.RatingFactor, read.ExternalRatingFactor));
        Assert.Equal((127, 127), (read.ListeningScore, read.ConversationScore));
    }

    [Fact]
    public void Blocks_follow_each_other_and_unknown_ones_too()
    {
        XrReader reader = new(Convert.FromHexString("FF000000" + Reference + "01AA000100000000" + Metrics));

        Assert.True(reader.TryRead(out XrBlock block));
        Assert.Equal((255, 0), ((int)block.Type, block.Body.Length));
        Assert.True(reader.TryRead(out block));
        Assert.Equal((4, 8), ((int)block.Type, block.Body.Length));
        Assert.True(reader.TryRead(out block));
        Assert.Equal((1, 0xAA, 4), ((int)block.Type, block.Specific, block.Body.Length));
        Assert.True(reader.TryRead(out block));
        Assert.True(VoipMetrics.TryRead(block, out _));
        Assert.False(reader.TryRead(out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("07")]
    [InlineData("070000")]
    [InlineData("07000001")]
    [InlineData("0700FFFF0000000000000000")]
    public void A_block_that_leads_out_of_its_packet_is_none(string packet)
    {
        XrReader reader = new(Convert.FromHexString(packet));

        Assert.False(reader.TryRead(out _));
    }

    [Theory]
    [InlineData(Summary)]
    [InlineData(Metrics)]
    public void A_block_of_another_length_than_its_own_is_ignored(string block)
    {
        for (int words = 0; words <= 20; words++)
        {
            byte[] other = new byte[4 + (words * 4)];
            Convert.FromHexString(block).AsSpan(0, int.Min(other.Length, block.Length / 2)).CopyTo(other);
            other[3] = (byte)words;
            XrBlock read = Read(Convert.ToHexString(other));
            bool isTaken = StatisticsSummary.TryRead(read, out _) || VoipMetrics.TryRead(read, out _);

            Assert.Equal(other.Length == block.Length / 2, isTaken);
        }
    }

    private delegate void Writing(ref WireWriter writer);

    private static string Written(Writing write)
    {
        WireWriter writer = new(new byte[64]);
        write(ref writer);
        return Convert.ToHexString(writer.Written);
    }

    private static XrBlock Read(string block)
    {
        XrReader reader = new(Convert.FromHexString(block));
        Assert.True(reader.TryRead(out XrBlock read));
        return read;
    }
}
