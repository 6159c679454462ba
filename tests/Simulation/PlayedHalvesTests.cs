using System;
using System.Collections.Generic;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>How the loudspeaker is given its periods of 20 ms.</summary>
public sealed class PlayedHalvesTests
{
    private const int Period = 160;
    private const int Half = Period / 2;
    private const long HalfNanoseconds = 10_000_000;

    [Fact]
    public void While_somebody_is_heard_half_a_period_is_played_every_half_period()
    {
        using House house = new(seed: 431);
        Resident door = Talk(house);
        List<(long At, int Samples)> played = Listen(house, door);
        house.Run(1);

        Assert.InRange(played.Count, 99, 101);
        Assert.All(played, piece => Assert.Equal(Half, piece.Samples));
        for (int index = 1; index < played.Count; index++)
        {
            Assert.Equal(HalfNanoseconds, played[index].At - played[index - 1].At);
        }

        Assert.Equal(0, house.End());
    }

    [Fact]
    public void While_nobody_is_heard_the_loop_wakes_but_once_in_a_period()
    {
        using House house = new(seed: 432);
        Resident door = Talk(house);
        door.Calls.HangUp(house.Loop.Now);
        house.Run(1);
        List<(long At, int Samples)> played = Listen(house, door);
        house.Run(1);

        Assert.InRange(played.Count, 49, 51);
        Assert.All(played, piece => Assert.Equal(Period, piece.Samples));
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void A_loudspeaker_that_is_the_clock_is_given_a_period_when_it_has_room_for_one()
    {
        using House house = new(seed: 435);
        house.Machine.HasNoMicrophone = true;
        Resident door = Talk(house);
        List<(long At, int Samples)> played = Listen(house, door);
        house.Run(2);

        Assert.InRange(played.Count, 99, 101);
        Assert.All(played, piece => Assert.Equal(Period, piece.Samples));
        Assert.InRange(door.Ear.Pitch, 400 - 3, 400 + 3);
        Assert.Equal(0, house.End());
    }

    [Theory]
    [InlineData(7)]
    [InlineData(13)]
    [InlineData(27)]
    public void A_loop_that_was_late_leaves_no_half_out(int milliseconds)
    {
        using House house = new(seed: 433);
        Resident door = Talk(house);
        List<(long At, int Samples)> played = Listen(house, door);
        long periods = door.Host.AudioPeriods;
        for (int stall = 0; stall < 20; stall++)
        {
            house.Run(0.0513);
            house.Machine.Stall(TimeSpan.FromMilliseconds(milliseconds));
        }

        house.Run(0.1);
        int halves = (int)(door.Host.AudioPeriods - periods) * 2;
        Assert.InRange(played.Count, halves - 1, halves + 1);
        Assert.All(played, piece => Assert.Equal(Half, piece.Samples));
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void A_half_is_played_when_its_turn_comes_however_late_the_one_before_was()
    {
        const int Stalls = 20;
        using House house = new(seed: 434);
        Resident door = Talk(house);
        List<(long At, int Samples)> played = Listen(house, door);
        house.Run(0.1);
        long first = played[0].At;
        for (int stall = 0; stall < Stalls; stall++)
        {
            house.Run(0.0513);
            house.Machine.Stall(TimeSpan.FromMilliseconds(7));
        }

        house.Run(0.1);
        int late = 0;
        for (int index = 0; index < played.Count; index++)
        {
            long lateness = played[index].At - first - (index * HalfNanoseconds);
            Assert.InRange(lateness, 0, 7_000_000);
            late += lateness > 0 ? 1 : 0;
        }

        // What takes 7 ms meets the turn of one at most.
        Assert.InRange(late, Stalls / 4, Stalls);
        Assert.Equal(0, house.End());
    }

    private static Resident Talk(House house)
    {
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        Resident indoor = house.Add(House.Indoor());
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 20 && indoor.Ear.LoudPeriods > 20, 5));
        return door;
    }

    private static List<(long At, int Samples)> Listen(House house, Resident resident)
    {
        List<(long, int)> played = [];
        resident.Ear.Hears = samples => played.Add((house.Machine.Now, samples));
        return played;
    }
}
