using System;
using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio;

public sealed class DelayHistogramTests
{
    private const int Millisecond = DelayControl.OctetsPerMillisecond;

    private readonly DelayHistogram _margins = new();

    [Fact]
    public void Says_what_all_but_one_of_a_hundred_had()
    {
        Random random = new(11);
        for (int packet = 0; packet < 5000; packet++)
        {
            _margins.Record(random.Next(-20 * Millisecond, 80 * Millisecond));
        }

        Assert.InRange(_margins.Low, -20 * Millisecond, -17 * Millisecond);
        Assert.InRange(_margins.Median, 24 * Millisecond, 36 * Millisecond);
    }

    [Fact]
    public void The_first_packet_already_counts_and_one_of_two_hundred_does_not()
    {
        _margins.Record(50 * Millisecond);
        Assert.Equal(50 * Millisecond, _margins.Low);
        for (int packet = 0; packet < 200; packet++)
        {
            _margins.Record(30 * Millisecond);
        }

        _margins.Record(-100 * Millisecond);
        Assert.Equal(30 * Millisecond, _margins.Low);
    }

    [Fact]
    public void What_was_is_forgotten_and_what_is_worse_is_known_at_once()
    {
        Repeat(5000, 10);
        Repeat(1400, 60);
        Assert.Equal(60 * Millisecond, _margins.Low);
        Repeat(8, 20);
        Assert.Equal(20 * Millisecond, _margins.Low);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(-9)]
    [InlineData(-100)]
    [InlineData(999)]
    public void A_change_of_the_delay_moves_all_of_it(int octets)
    {
        Repeat(100, 20);
        Repeat(100, 40);
        for (int change = 0; change < 3; change++)
        {
            _margins.Shift(octets);
            _margins.Shift(-octets);
            _margins.Shift(octets);
            _margins.Shift(-octets);
        }

        _margins.Shift(octets);
        Assert.Equal((20 * Millisecond) + octets, _margins.Low);
        Assert.Equal((40 * Millisecond) + octets, _margins.Median);
    }

    [Fact]
    public void What_no_delay_could_have_saved_is_forgotten_and_what_is_far_ahead_is_not()
    {
        Repeat(100, 20);
        Repeat(100, 150);
        _margins.Shift(-300 * Millisecond);
        Assert.Equal(-150 * Millisecond, _margins.Low);
        Assert.Equal(-150 * Millisecond, _margins.Median);
        _margins.Shift(20_000);
        Assert.InRange(_margins.Low, PayloadRing.Capacity, 20_000);
        _margins.Shift(-40_000);
        Assert.Equal(0, _margins.Count);
        _margins.Record(int.MinValue / 2);
        _margins.Record(int.MaxValue / 2);
        Assert.InRange(_margins.Low, -DelayControl.Maximum - Millisecond, 20_000);
    }

    [Fact]
    public void Days_of_packets_are_no_different_from_minutes()
    {
        Repeat(5_000_000, 30);
        Repeat(10, 5);
        Assert.Equal(5 * Millisecond, _margins.Low);
        Assert.Equal(30 * Millisecond, _margins.Median);
    }

    private void Repeat(int packets, int milliseconds)
    {
        for (int packet = 0; packet < packets; packet++)
        {
            _margins.Record(milliseconds * Millisecond);
        }
    }
}
