using System;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>What the log says of the sound, once a call or the program is over.</summary>
public sealed class SoundTallyTests
{
    [Fact]
    public void A_call_that_was_interrupted_says_how_often_and_leaves_out_what_was_before_it()
    {
        using House house = new(seed: 421);
        LogLines log = new();
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061), logger: log);
        Resident indoor = house.Add(House.Indoor());
        house.Machine.AudioCounters = new AudioCounters { Interruptions = 7, Losses = 1 };
        Call(house, door, () => house.Machine.AudioCounters = new AudioCounters { Interruptions = 9, Losses = 1 });
        indoor.Calls.HangUp(house.Loop.Now);
        house.Run(1);
        Assert.Equal(1, log.Count("call 1: its sound was disturbed: interruptions: 2, losses of the device: 0, skipped periods: 0"));

        // Nothing is said of the next one, which was not.
        Call(house, door, () => { });
        door.Calls.HangUp(house.Loop.Now);
        house.Run(1);
        Assert.Equal(1, log.Count("disturbed"));
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void A_call_says_at_its_end_how_it_was_heard_at_the_other_side()
    {
        using House house = new(seed: 423);
        LogLines log = new();
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061), logger: log);
        Resident indoor = house.Add(House.Indoor());

        // Two stations ask each other for their metrics: the best score that a codec of the telephone has is 4.4.
        Call(house, door, () => house.Run(20));
        door.Calls.HangUp(house.Loop.Now);
        house.Run(1);
        Assert.Equal(1, log.Count("call 1: heard there with 0 % lost, "));
        Assert.Equal(1, log.Count(" ms round trip, MOS 4.4"));

        // Who hangs up says it with the goodbye, however short the call was.
        Call(house, door, () => { });
        indoor.Calls.HangUp(house.Loop.Now);
        house.Run(1);
        Assert.Equal(1, log.Count("call 2: heard there with 0 % lost"));
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void The_end_of_the_program_says_how_late_the_sound_was_served()
    {
        using House house = new(seed: 422);
        using Service service = new();
        service.Write();
        LogLines log = new();
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061), logger: log);
        house.Machine.AudioCounters = new AudioCounters { Interruptions = 3 };

        service.Run(house, door, seconds: 1);

        const string Told =
            "sound: a period was served 0.0 ms after its time at worst; interruptions: 3, losses of the device: 0, skipped periods: 0";
        Assert.Equal(1, log.Count(Told));
    }

    private static void Call(House house, Resident door, Action meanwhile)
    {
        int heard = door.Ear.LoudPeriods;
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > heard + 50, 5));
        meanwhile();
        house.Run(1);
    }
}
