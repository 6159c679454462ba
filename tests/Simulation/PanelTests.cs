using IntercomAgent.Hal.Gpio;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>What happens at a door besides its calls, with whole agents.</summary>
public sealed class PanelTests
{
    [Fact]
    public void A_stuck_button_rings_once_is_logged_once_and_rings_again_when_it_was_let_go()
    {
        using House house = new(seed: 31);
        LogLines log = new();
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061) with { ButtonHangsUp = true }, logger: log);
        Resident indoor = house.Add(House.Indoor());
        door.Panel.Put(PanelInput.Button, active: true, house.Machine.Now);
        Assert.True(house.RunUntil(() => indoor.Host.State == StationState.Talking, 5));
        indoor.Calls.HangUp(house.Loop.Now);
        house.Run(60);
        Assert.Equal((1, 1), (log.Count("calling"), log.Count("button 1 is stuck")));
        Assert.Equal(StationState.Quiet, door.Host.State);

        // A contact that chatters is no visitor.
        for (int chatter = 0; chatter < 20; chatter++)
        {
            door.Panel.Put(PanelInput.Button, active: false, house.Machine.Now);
            house.Run(0.6);
            door.Panel.Put(PanelInput.Button, active: true, house.Machine.Now);
            house.Run(0.6);
        }

        Assert.Equal(1, log.Count("calling"));
        door.Panel.Put(PanelInput.Button, active: false, house.Machine.Now);
        house.Run(2);
        door.Panel.Press(0, house.Machine.Now);

        Assert.True(house.RunUntil(() => indoor.Host.State == StationState.Talking, 5));
        Assert.Equal((2, 1, 1), (log.Count("calling"), log.Count("button 1 is stuck"), log.Count("button 1 is not stuck")));
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void A_door_that_is_left_open_is_logged_and_shown_until_it_is_closed()
    {
        using House house = new(seed: 32);
        LogLines log = new();
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061), logger: log);
        house.Run(1);
        Assert.True(door.Panel.IsOn(PanelOutput.StatusLed));

        door.Panel.Put(PanelInput.DoorContact, active: true, house.Machine.Now);
        Assert.InRange(Changes(house, door, seconds: 2), 18, 21); // It flickers.
        house.Run(60);
        Assert.InRange(Changes(house, door, seconds: 2), 5, 7); // Three flashes: a fault.
        door.Panel.Put(PanelInput.DoorContact, active: false, house.Machine.Now);
        house.Run(0.1);

        Assert.Equal(0, Changes(house, door, seconds: 2));
        Assert.True(door.Panel.IsOn(PanelOutput.StatusLed));
        Assert.Equal((1, 1, 1), (log.Count("the door was opened"), log.Count("the door was left open"), log.Count("the door was closed")));
        Assert.Equal(0, house.End());
        Assert.False(door.Panel.IsOn(PanelOutput.StatusLed));
    }

    [Fact]
    public void The_handset_answers_and_hangs_up_and_the_light_is_on_meanwhile()
    {
        using House house = new(seed: 33);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        StationSettings byHand = House.Indoor();
        Resident indoor = house.Add(byHand with { Incoming = byHand.Incoming with { ByHand = true } });
        Assert.False(door.Panel.IsOn(PanelOutput.Light));

        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => indoor.Host.State == StationState.Alerting, 3));
        house.Run(5);
        Assert.Equal((StationState.Alerting, StationState.Ringing), (indoor.Host.State, door.Host.State));
        Assert.Equal((true, true), (door.Panel.IsOn(PanelOutput.Light), indoor.Panel.IsOn(PanelOutput.Light)));

        indoor.Panel.Put(PanelInput.HookSwitch, active: true, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 50, 3));
        Assert.True(door.Panel.IsOn(PanelOutput.Light));
        indoor.Panel.Put(PanelInput.HookSwitch, active: false, house.Machine.Now);
        house.Run(1);

        Assert.Equal((StationState.Quiet, StationState.Quiet), (indoor.Host.State, door.Host.State));
        Assert.False(door.Panel.IsOn(PanelOutput.Light));
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void A_code_at_the_doors_own_keypad_opens_for_one_pulse_however_often_it_is_entered()
    {
        using House house = new(seed: 34);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        Enter(door, house, House.Code);
        Assert.True(house.RunUntil(() => door.Panel.StrikeOpen, 1));
        long opened = house.Machine.Now;
        house.Run(1);
        Enter(door, house, House.Code);

        Assert.True(house.RunUntil(() => !door.Panel.StrikeOpen, 3));

        Assert.Equal(2.0, (house.Machine.Now - opened) / 1e9, 2);
        Assert.Equal(1, door.Panel.StrikeOpenings);
        Enter(door, house, "2581#");
        house.Run(1);
        Assert.Equal(1, door.Panel.StrikeOpenings);
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void A_station_that_ends_in_mid_pulse_closes_its_strike()
    {
        using House house = new(seed: 35);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        Enter(door, house, House.Code);
        Assert.True(house.RunUntil(() => door.Panel.StrikeOpen, 1));

        door.Host.Dispose();

        Assert.False(door.Panel.StrikeOpen);
    }

    private static void Enter(Resident door, House house, string keys)
    {
        foreach (char key in keys)
        {
            door.Panel.Put(PanelInput.Key, active: true, house.Machine.Now, key);
        }
    }

    private static int Changes(House house, Resident door, double seconds)
    {
        bool was = door.Panel.IsOn(PanelOutput.StatusLed);
        int changes = 0;
        _ = house.RunUntil(
            () =>
            {
                bool isLit = door.Panel.IsOn(PanelOutput.StatusLed);
                changes += isLit == was ? 0 : 1;
                was = isLit;
                return false;
            },
            seconds);
        return changes;
    }
}
