using System;
using System.Linq;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>The network says that nobody is there (ICMP destination unreachable), and it is true, or forged.</summary>
public sealed class UnreachableTests
{
    [Fact]
    public void Where_nobody_listens_the_next_one_rings_after_half_a_second()
    {
        using House house = new(seed: 301);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5099, 5061));
        Resident indoor = house.Add(House.Indoor());

        door.Panel.Press(0, house.Machine.Now);

        Assert.True(house.RunUntil(() => indoor.Host.State == StationState.Talking, 1), door.Calls.LastReason);
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void A_goodbye_to_somebody_who_is_gone_is_not_repeated_for_long()
    {
        using Duo duo = new(seed: 303);
        duo.Press();
        duo.Talk();
        duo.Indoor.Host.Dispose();
        int before = duo.Wire.Count;

        duo.HangUp(Side.Door);

        Assert.True(duo.House.RunUntil(() => duo.Door.Host.Alive == default, 40), $"{duo.Door.Host.Alive}");
        Assert.Equal(2, duo.Wire.Skip(before).Count(wired => wired.Begins("BYE ")));
    }

    // Nothing vouches for a report. One at any moment of a call, and a stream of them all the while, change nothing for a peer that lives.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_forged_report_at_any_moment_changes_nothing(bool callerIsClient)
    {
        for (int turns = 0; turns < 60; turns += 2)
        {
            using Duo duo = new(seed: 304, callerIsClient);
            duo.Press();
            int left = turns;
            _ = duo.House.RunUntil(() => left-- <= 0, 5);
            Report(duo);
            duo.Talk();
            duo.HangUp(turns % 4 == 0 ? Side.Door : Side.Indoor);
            Report(duo);
            duo.AssertNothingIsLeft();
        }
    }

    [Fact]
    public void A_stream_of_forged_reports_does_not_prevent_a_call()
    {
        using Duo duo = new(seed: 305);
        duo.Press();
        long next = 0;
        duo.House.Machine.BeforeServing = () =>
        {
            if (duo.House.Machine.Now >= next)
            {
                next = duo.House.Machine.Now + 5_000_000;
                Report(duo);
            }
        };
        duo.Talk();
        duo.House.Run(1);
        Assert.Equal((StationState.Talking, StationState.Talking), (duo.Door.Host.State, duo.Indoor.Host.State));
        duo.HangUp(Side.Indoor);
        duo.AssertNothingIsLeft();
    }

    /// <summary>Tells each of the two, at its signalling and at its media port, that the other one is not there.</summary>
    private static void Report(Duo duo)
    {
        NetworkEndpoint[] media = duo.MediaPorts();
        Report(duo, duo.Door.Host.SignallingEndpoint, duo.Indoor.Host.SignallingEndpoint);
        if (media.Length == 2)
        {
            Report(duo, media[0], media[1]);
        }
    }

    private static void Report(Duo duo, NetworkEndpoint one, NetworkEndpoint other)
    {
        long arrival = duo.House.Machine.Now + 1;
        duo.House.Machine.Network.ReportUnreachable(one, other, arrival);
        duo.House.Machine.Network.ReportUnreachable(other, one, arrival);
    }
}
