using System;
using System.Linq;
using IntercomAgent.Rtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Rtp;

/// <summary>RFC 3611 section 4.7.2. In the patterns 1 is a packet that was received, 0 one that was lost, X one that was discarded.</summary>
public sealed class BurstMetricsTests
{
    private static readonly TimeSpan Packet = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// The standard's example, with the 64 packets that it speaks of: it shows 63. It gives 84 and 10 for the densities, by rounding 0.33
    /// first and 9.8 last, and the sum of both gaps where the field is a mean.
    /// </summary>
    [Fact]
    public void The_standards_example_has_a_burst_of_twelve_packets_between_two_gaps()
    {
        VoipMetrics metrics = Measure("11110111111111111111111X111X1011110111111111111111111X1111111111");

        Assert.Equal((12, 12), (metrics.LossRate, metrics.DiscardRate));
        Assert.Equal((4 * 256 / 12, 2 * 256 / 52), (metrics.BurstDensity, metrics.GapDensity));
        Assert.Equal((120, (230 + 290) / 2), (metrics.BurstDuration, metrics.GapDuration));
        Assert.Equal(16, metrics.GapThreshold);
    }

    [Fact]
    public void A_packet_missing_alone_is_no_burst_wherever_it_is()
    {
        VoipMetrics metrics = Measure("0" + Received(16) + "X" + Received(16) + "0");

        Assert.Equal((2 * 256 / 35, 256 / 35), (metrics.LossRate, metrics.DiscardRate));
        Assert.Equal((0, 0), (metrics.BurstDensity, metrics.BurstDuration));
        Assert.Equal((3 * 256 / 35, 350), (metrics.GapDensity, metrics.GapDuration));
    }

    [Fact]
    public void Fifteen_packets_received_do_not_end_a_burst_and_sixteen_do()
    {
        VoipMetrics one = Measure("0" + Received(15) + "0");
        VoipMetrics two = Measure("00" + Received(16) + "00");

        Assert.Equal((170, 2 * 256 / 17, 0), (one.BurstDuration, one.BurstDensity, one.GapDuration));
        Assert.Equal((20, 255, 160, 0), (two.BurstDuration, two.BurstDensity, two.GapDuration, two.GapDensity));
    }

    [Fact]
    public void A_burst_still_under_way_is_reported_and_may_grow()
    {
        BurstMetrics packets = Feed(Received(20) + "00");
        Assert.Equal((20, 200), Durations(packets));

        packets.AddReceived();
        Assert.Equal((20, (200 + 10) / 2), Durations(packets));
        packets.AddLost();
        Assert.Equal((40, 200), Durations(packets));
    }

    [Fact]
    public void Nothing_received_is_all_zero_and_nothing_lost_is_one_gap()
    {
        VoipMetrics nothing = Measure("");
        VoipMetrics whole = Measure(Received(50));

        Assert.Equal((0, 0, 0, 0, 0, 0), Fields(nothing));
        Assert.Equal((0, 0, 0, 0, 0, 500), Fields(whole));
    }

    [Fact]
    public void What_does_not_fit_is_the_most_that_does()
    {
        VoipMetrics lost = Measure(new string('0', 10_000));

        Assert.Equal((255, 0, 255, 0, ushort.MaxValue, 0), Fields(lost));
    }

    [Theory]
    [InlineData("1110111101", 1)] // Alone, as at random.
    [InlineData("1110001111", 3 * 0.7)] // Three in a row.
    [InlineData("", 1)]
    public void Runs_of_losses_are_compared_with_those_at_random(string pattern, double ratio) =>
        Assert.Equal(ratio, Feed(pattern).BurstRatio, 6);

    /// <summary>By the definition of section 4.7.2, packet by packet, in place of counters.</summary>
    [Fact]
    public void Any_sequence_is_divided_as_the_definition_says()
    {
        for (int seed = 1; seed <= 300; seed++)
        {
            Random random = new(seed);
            double share = random.NextDouble() / 4;
            string pattern = string.Concat(Enumerable.Range(0, 400)
                .Select(_ => random.NextDouble() < share ? (random.Next(2) == 0 ? '0' : 'X') : '1'));
            bool[] inBurst = Bursts(pattern);
            int burst = inBurst.Count(packet => packet);
            int missing = pattern.Where((packet, place) => packet != '1' && inBurst[place]).Count();
            int bursts = inBurst.Where((packet, place) => packet && (place == 0 || !inBurst[place - 1])).Count();
            VoipMetrics metrics = Measure(pattern);

            Assert.Equal((seed, burst == 0 ? 0 : int.Min(missing * 256 / burst, 255)), (seed, metrics.BurstDensity));
            Assert.Equal((seed, bursts == 0 ? 0 : burst * 10 / bursts), (seed, metrics.BurstDuration));
        }
    }

    private static bool[] Bursts(string pattern)
    {
        bool[] inBurst = new bool[pattern.Length];
        int[] missing = [.. Enumerable.Range(0, pattern.Length).Where(place => pattern[place] != '1')];
        for (int index = 1; index < missing.Length; index++)
        {
            if (missing[index] - missing[index - 1] - 1 < 16)
            {
                Array.Fill(inBurst, true, missing[index - 1], missing[index] - missing[index - 1] + 1);
            }
        }

        return inBurst;
    }

    private static string Received(int packets) => new('1', packets);

    private static (ushort Burst, ushort Gap) Durations(BurstMetrics packets)
    {
        VoipMetrics metrics = packets.Complete(new VoipMetrics(), Packet);
        return (metrics.BurstDuration, metrics.GapDuration);
    }

    private static (byte, byte, byte, byte, ushort, ushort) Fields(VoipMetrics metrics) =>
        (metrics.LossRate, metrics.DiscardRate, metrics.BurstDensity, metrics.GapDensity, metrics.BurstDuration, metrics.GapDuration);

    private static VoipMetrics Measure(string pattern) => Feed(pattern).Complete(new VoipMetrics(), Packet);

    private static BurstMetrics Feed(string pattern)
    {
        BurstMetrics packets = default;
        foreach (char packet in pattern)
        {
            switch (packet)
            {
                case '0':
                    packets.AddLost();
                    break;
                case 'X':
                    packets.AddDiscarded();
                    break;
                default:
                    packets.AddReceived();
                    break;
            }
        }

        return packets;
    }
}
