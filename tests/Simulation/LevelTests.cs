using IntercomAgent.Rtp;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>How loud the two of a call were, which the log says once it is over.</summary>
public sealed class LevelTests
{
    private const ushort DoorPort = 22_000;

    [Fact]
    public void The_end_of_a_call_says_how_loud_each_of_the_two_was()
    {
        using House house = new(seed: 431);
        (LogLines door, LogLines indoor) = (new LogLines(), new LogLines());
        Talk(house, door, indoor, loses: false);

        // They hum at 8000 of 32768: -12 dBFS, and 3 dB less on average.
        Assert.Equal(1, door.Count("call 1: heard at -15 dBFS, peak -12; said at -15 dBFS, peak -12"));
        Assert.Equal(1, indoor.Count("call 1: heard at -15 dBFS, peak -12; said at -15 dBFS, peak -12"));
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void Who_hears_nothing_is_told_apart_from_who_says_nothing()
    {
        using House house = new(seed: 432);
        (LogLines door, LogLines indoor) = (new LogLines(), new LogLines());
        Talk(house, door, indoor, loses: true);

        Assert.Equal(1, door.Count("call 1: heard nothing; said at -15 dBFS, peak -12"));
        Assert.Equal(1, indoor.Count("call 1: heard at -15 dBFS, peak -12; said at -15 dBFS, peak -12"));
        Assert.Equal(0, house.End());
    }

    /// <summary>A call of three seconds, in which the door may hear no sound of the house.</summary>
    private static void Talk(House house, LogLines doorLog, LogLines indoorLog, bool loses)
    {
        Resident door = house.Add(
            House.Door(RingOrder.InOrder, 5061), media => media with { FirstPort = DoorPort, LastPort = DoorPort + 9 }, logger: doorLog);
        Resident indoor = house.Add(House.Indoor(), logger: indoorLog);
        house.Machine.Network.Swallows = (_, to, datagram) =>
            loses && to.Port >= DoorPort && MediaDatagram.Classify(datagram) == MediaDatagramKind.Rtp;
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => indoor.Calls.CurrentCall is { Stream.PacketsReceived: > 100 }, 6));
        house.Run(1);
        door.Calls.HangUp(house.Loop.Now);
        house.Run(1);
    }
}
