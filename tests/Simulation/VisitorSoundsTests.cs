using System;
using IntercomAgent.Configuration;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>What a visitor hears of the door station itself. Its ear counts periods of 20 ms that are not silent.</summary>
public sealed class VisitorSoundsTests
{
    private static readonly SoundsConfiguration All = new()
    {
        Pressed = SoundChoice.Standard,
        Ringing = SoundChoice.Standard,
        Unanswered = SoundChoice.Standard,
        Opened = SoundChoice.Standard,
    };

    private readonly House _house = new(seed: 71);

    [Fact]
    public void The_visitor_hears_that_it_rings_until_somebody_answers_and_that_the_door_opens()
    {
        using House house = _house;
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061), sounds: All);
        Resident indoor = house.Add(House.Indoor(answerAfter: 12));

        door.Panel.Press(0, house.Machine.Now);
        house.Run(11);
        Assert.Equal(StationState.Ringing, door.Host.State);

        // A bell, and three times a second of tone with four of silence.
        Assert.InRange(door.Ear.LoudPeriods, 130, 220);
        Assert.Equal(0, indoor.Ear.LoudPeriods);

        Assert.True(house.RunUntil(() => indoor.Ear.LoudPeriods > 100, 6));
        house.Run(2);
        Assert.InRange(door.Ear.Pitch, 398, 402);
        Assert.True(indoor.Calls.TryDial(House.Code, house.Loop.Now));
        Assert.True(house.RunUntil(() => door.Panel.StrikeOpenings == 1, 4));
        Assert.True(house.RunUntil(() => door.Ear.Pitch > 450, 3));
        house.Run(3);
        Assert.InRange(door.Ear.Pitch, 398, 402);
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void The_visitor_hears_that_nobody_can_be_reached()
    {
        using House house = _house;
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061), sounds: All with { Pressed = SoundChoice.Off, Ringing = SoundChoice.Off });

        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Host.State == StationState.Quiet, 40));
        house.Run(6);

        // Four times half a second.
        Assert.InRange(door.Ear.LoudPeriods, 88, 104);
    }

    [Fact]
    public void A_sound_of_ones_own_is_heard_at_the_rate_of_the_call()
    {
        using House house = _house;
        short[] tone = new short[44_100];
        for (int index = 0; index < tone.Length; index++)
        {
            tone[index] = (short)(10_000 * Math.Sin(Math.Tau * 600 * index / 44_100));
        }

        SoundChoice own = new("/somewhere/tone.wav") { Samples = tone, SampleRate = 44_100 };
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061), sounds: All with { Pressed = SoundChoice.Off, Ringing = own });
        _ = house.Add(House.Indoor(answerAfter: 12));

        door.Panel.Press(0, house.Machine.Now);
        house.Run(8);
        Assert.InRange(door.Ear.Pitch, 597, 603);
    }
}
