using IntercomAgent.Station;
using IntercomAgent.Tests.Simulation.World;
using IntercomAgent.Tests.Unit.Gpio;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>Whole calls at a door whose codec brings its own clock, on a line of the board.</summary>
public sealed class WordClockTests
{
    private const int Hertz = 100;

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    public void A_call_goes_by_the_clock_of_the_codec(double partsPerMillion)
    {
        using House house = new(seed: 71);
        using GpioDouble board = new();
        house.Machine.Gpio = board;
        SimulatedWordClock clock = new(house.Machine, board, Hertz, partsPerMillion);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061), clock: clock.Line);
        Resident indoor = house.Add(House.Indoor());
        clock.Ticks = true;
        house.Run(1);
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 50 && indoor.Ear.LoudPeriods > 50, 5));
        (long periods, long edges, int heard) = (door.Host.AudioPeriods, clock.Edges, indoor.Ear.LoudPeriods);

        house.Run(120);

        // Two edges of 100 Hz are a period of 20 ms.
        Assert.InRange((door.Host.AudioPeriods - periods) - ((clock.Edges - edges) / 2), -1, 1);
        Assert.InRange(clock.Edges - edges, partsPerMillion > 0 ? 12_002 : 11_996, partsPerMillion > 0 ? 12_005 : 11_998);
        Assert.InRange(indoor.Ear.LoudPeriods - heard, 5980, 6010);
        Assert.InRange(door.Ear.Pitch, indoor.Voice.Hertz - 3, indoor.Voice.Hertz + 3);
        Assert.InRange(indoor.Ear.Pitch, door.Voice.Hertz - 3, door.Voice.Hertz + 3);
        Assert.Equal((0L, 0L), (door.Calls.CurrentCall!.Stream.PacketsLost, door.Host.Audio.SkippedPeriods));
        Assert.Equal(default, door.Host.Audio.Counters);
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void A_codec_that_stops_and_starts_again_in_mid_call_is_logged_once_and_the_call_goes_on()
    {
        using House house = new(seed: 72);
        using GpioDouble board = new();
        house.Machine.Gpio = board;
        SimulatedWordClock clock = new(house.Machine, board, Hertz, partsPerMillion: 100);
        LogLines log = new();
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061), logger: log, clock: clock.Line);
        Resident indoor = house.Add(House.Indoor());
        clock.Ticks = true;
        house.Run(1);
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 50 && indoor.Ear.LoudPeriods > 50, 5));
        int heard = indoor.Ear.LoudPeriods;
        long periods = door.Host.AudioPeriods;

        clock.Ticks = false;
        house.Run(10);
        Assert.Equal((1, 0), (log.Count("stands still; a timer takes its place"), log.Count("keeps time again")));
        clock.Ticks = true;
        house.Run(20);

        Assert.Equal((1, 1), (log.Count("stands still; a timer takes its place"), log.Count("keeps time again")));
        Assert.Equal(StationState.Talking, indoor.Host.State);
        Assert.InRange(door.Host.AudioPeriods - periods, 1499, 1501);
        Assert.InRange(indoor.Ear.LoudPeriods - heard, 1490, 1502);
        Assert.Equal((0L, 1L), (indoor.Calls.CurrentCall!.Stream.PacketsLost, door.Host.Audio.Counters.Losses));
        Assert.Equal(0, house.End());
        Assert.Equal(1, log.Count("its sound was disturbed: interruptions: 0, losses of the device: 1, skipped periods: 0"));
    }
}
