using System;
using IntercomAgent.Rtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Rtp;

public sealed class ReceptionHistoryTests
{
    private static readonly Ssrc Source = new(7);

    private readonly ReceptionHistory _history = new();

    public ReceptionHistoryTests() => _history.Start(new SequenceNumber(65_530));

    [Fact]
    public void What_is_missing_is_lost_until_it_comes()
    {
        Add(0, 1, 2, 5);
        Assert.Equal(2, _history.Metrics.Lost);

        Add(4, 3);
        Assert.Equal(0, _history.Metrics.Lost);
    }

    [Fact]
    public void What_comes_more_than_a_second_late_stays_lost()
    {
        Add(0);
        for (int packet = 2; packet < 80; packet++)
        {
            Add(packet);
        }

        Add(1);
        Assert.Equal(1, _history.Metrics.Lost);
    }

    [Fact]
    public void A_packet_that_came_too_late_is_discarded_and_not_lost()
    {
        Add(0, 1, 3, 2);
        _history.Discard(Number(2));
        _history.Discard(Number(-1));
        _history.Discard(Number(4));

        Assert.Equal((0, 1), (_history.Metrics.Lost, _history.Metrics.Discarded));
        for (int packet = 4; packet < 200; packet++)
        {
            Add(packet);
        }

        Assert.Equal((0, 1), (_history.Metrics.Lost, _history.Metrics.Discarded));
        Assert.Equal(1 / 200.0, _history.Metrics.MissingShare, 9);
    }

    [Fact]
    public void A_summary_is_of_what_came_since_the_last_one()
    {
        Add(0, 1, 1, 3, 4, 3);
        foreach (int difference in new[] { -10, 20, -30, 40 })
        {
            _history.AddTransit(difference);
        }

        // The mean of 10, 20, 30 and 40 is 25, their deviation the root of 125.
        Assert.Equal(
            new StatisticsSummary(Source, XrStatistics.All, Number(0), Number(5), 1, 2, 10, 40, 25, 11),
            _history.TakeSummary(Source, XrStatistics.All));
        Add(5, 6, 8);
        Assert.Equal(
            new StatisticsSummary(Source, XrStatistics.Loss, Number(5), Number(9), 1, 0, 0, 0, 0, 0),
            _history.TakeSummary(Source, XrStatistics.Loss));
    }

    [Fact]
    public void Nothing_is_reported_that_was_not_asked_for()
    {
        Add(0, 0, 2);
        _history.AddTransit(5);

        Assert.Equal(
            new StatisticsSummary(Source, XrStatistics.Duplicates, Number(0), Number(3), 0, 1, 0, 0, 0, 0),
            _history.TakeSummary(Source, XrStatistics.Duplicates));
    }

    [Theory]
    [InlineData(480, 60)]
    [InlineData(80, 10)]
    [InlineData(0, 20)] // A telephone event goes on.
    [InlineData(16_000, 20)] // A pause.
    public void The_timestamps_tell_how_long_a_packet_is(int ticks, int milliseconds)
    {
        for (int packet = 0; packet < 3; packet++)
        {
            _history.Add(new RtpHeader(0, false, Number(packet), new RtpTimestamp((uint)(9 + (packet * ticks))), Source), 8000);
        }

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), _history.PacketTime);
    }

    private static SequenceNumber Number(int packet) => new SequenceNumber(65_530) + packet;

    private void Add(params ReadOnlySpan<int> packets)
    {
        foreach (int packet in packets)
        {
            _history.Add(new RtpHeader(0, false, Number(packet), default, Source), 8000);
        }
    }
}
