using System;
using System.Linq;
using IntercomAgent.Calls;
using IntercomAgent.Crypto.Wire;
using Xunit;

namespace IntercomAgent.Tests.Unit.Calls;

public sealed class KeyPressesTests
{
    private readonly KeyPresses _presses = new();

    [Theory]
    [InlineData("2m 2s 5m 5s 8m 8s 0m 0s", "2580")]
    [InlineData("2s 2m 5s 5m 8m 8s 0s 0m", "2580")]
    [InlineData("1m 1m 1m 1s 1s 1s", "111")]
    [InlineData("1m 2m 3m 1s 2s 3s 3m 3s", "1233")]
    [InlineData("1m 1m 2m", "112")]
    [InlineData("1s 1s 2s", "112")]
    [InlineData("1m 2s", "12")]
    public void What_comes_by_both_ways_is_one_press(string reports, string pressed)
    {
        Instant now = Instant.Zero;
        string taken = string.Concat(reports.Split(' ').Where(report =>
        {
            now += TimeSpan.FromMilliseconds(100);
            return _presses.IsNew(report[0], report[1] == 'm' ? KeyWay.Media : KeyWay.Signalling, now);
        }).Select(report => report[0]));
        Assert.Equal(pressed, taken);
    }

    [Fact]
    public void The_same_key_by_the_other_way_much_later_is_another_press()
    {
        Assert.True(_presses.IsNew('1', KeyWay.Media, Instant.Zero));
        Assert.True(_presses.IsNew('1', KeyWay.Signalling, Instant.Zero + TimeSpan.FromSeconds(2.1)));
    }

    [Fact]
    public void A_flood_of_keys_is_forgotten_from_its_beginning()
    {
        for (int press = 0; press < 1000; press++)
        {
            Assert.True(_presses.IsNew('1', KeyWay.Media, Instant.Zero));
        }

        int known = Enumerable.Range(0, 1000).Count(_ => !_presses.IsNew('1', KeyWay.Signalling, Instant.Zero));
        Assert.Equal(32, known);
    }
}
