using System;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Unit.Station;

/// <summary>The LED's patterns: # is lit, . is dark, for each tenth of a second.</summary>
public sealed class StatusLightTests
{
    private readonly StatusLight _light = new();
    private Instant _now = Instant.Zero + TimeSpan.FromSeconds(7);

    [Theory]
    [InlineData(Status.Off, "........................................")]
    [InlineData(Status.Idle, "########################################")]
    [InlineData(Status.Talking, "#########.#########.#########.#########.")]
    [InlineData(Status.DoorOpen, "#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.")]
    [InlineData(Status.Unregistered, "#...................#...................")]
    [InlineData(Status.Fault, "#..#..#.............#..#..#.............")]
    [InlineData(Status.Ringing, "###..###..###..###..###..###..###..###..")]
    internal void Each_status_has_a_pattern(Status status, string expected)
    {
        _light.Show(status, _now);

        Assert.Equal(expected, string.Concat(Enumerable.Range(0, 40).Select(_ => Tenth())));
    }

    [Fact]
    public void It_asks_to_be_woken_for_each_change_and_no_more()
    {
        _light.Show(Status.Ringing, _now);
        int changes = 0;
        Instant end = _now + TimeSpan.FromSeconds(10);
        while (_light.WakeAt < end)
        {
            bool was = _light.IsLit;
            _light.Advance(_light.WakeAt);
            changes++;
            Assert.NotEqual(was, _light.IsLit);
        }

        Assert.Equal(39, changes);
        _light.Show(Status.Idle, end);
        Assert.Equal((true, Instant.Never), (_light.IsLit, _light.WakeAt));
    }

    [Fact]
    public void Showing_the_same_does_not_begin_it_anew_and_a_late_loop_makes_nothing_up()
    {
        _light.Show(Status.Talking, _now);
        _now += TimeSpan.FromSeconds(3600.95);
        _light.Show(Status.Talking, _now);
        _light.Advance(_now);

        Assert.False(_light.IsLit);
        Assert.Equal(_now + TimeSpan.FromMilliseconds(50), _light.WakeAt);
    }

    private char Tenth()
    {
        char seen = _light.IsLit ? '#' : '.';
        _now += TimeSpan.FromMilliseconds(100);
        _light.Advance(_now);
        return seen;
    }
}
