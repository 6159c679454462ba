using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using IntercomAgent.Hal.Files;
using IntercomAgent.State;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>What a door remembers over its lives, and when it writes that down.</summary>
public sealed class StateTests : IDisposable
{
    private readonly Service _service = new();

    public void Dispose() => _service.Dispose();

    [Fact]
    public void Who_powers_the_door_off_after_wrong_codes_gets_no_fresh_attempts()
    {
        using House first = new(seed: 601);
        (Resident door, Resident indoor) = Move(first);
        byte[] atTheCut = [];
        At(first, 0.1, () => door.Panel.Press(0, first.Machine.Now));
        At(first, 3, () => Assert.True(indoor.Calls.TryDial("111122223333", first.Loop.Now)));

        // The third wrong entry is complete; the call is still up when the power goes.
        At(first, 9, () => Assert.Equal((3, StationState.Talking), (door.Host.WrongCodeEntries, door.Host.State)));
        At(first, 9.1, () => atTheCut = File.ReadAllBytes(_service.StateFile));
        _service.Run(first, door, seconds: 13);
        Assert.Equal(new DurableState(1, 0, 3), DurableState.TryRead(atTheCut));

        File.WriteAllBytes(_service.StateFile, atTheCut);
        using House second = new(seed: 602);
        (door, indoor) = Move(second);
        At(second, 0.1, () => door.Panel.Press(0, second.Machine.Now));
        At(second, 3, () => Assert.True(indoor.Calls.TryDial(House.Code, second.Loop.Now)));
        At(second, 59, () => Assert.Equal(0, door.Panel.StrikeOpenings));
        At(second, 61, () => Assert.True(indoor.Calls.TryDial(House.Code, second.Loop.Now)));
        At(second, 64, () => Assert.Equal(1, door.Panel.StrikeOpenings));
        _service.Run(second, door, seconds: 65);

        Assert.Contains("codes are locked for a time, as wrong ones were entered before this start", _service.Log);
        Assert.Equal(new DurableState(2, 1, 0), DurableState.TryRead(File.ReadAllBytes(_service.StateFile)));
    }

    [Fact]
    public void An_orderly_end_forgives_no_wrong_code_either()
    {
        using House house = new(seed: 603);
        (Resident door, Resident indoor) = Move(house);
        At(house, 0.1, () => door.Panel.Press(0, house.Machine.Now));
        At(house, 3, () => Assert.True(indoor.Calls.TryDial("1111", house.Loop.Now)));
        _service.Run(house, door, seconds: 8);

        Assert.Equal(new DurableState(1, 0, 1), DurableState.TryRead(File.ReadAllBytes(_service.StateFile)));
    }

    [Fact]
    public void A_broken_state_is_told_and_the_codes_are_locked_for_their_time()
    {
        File.WriteAllText(_service.StateFile, "broken");
        using House house = new(seed: 604);
        (Resident door, Resident indoor) = Move(house);
        At(house, 0.1, () => door.Panel.Press(0, house.Machine.Now));
        At(house, 3, () => Assert.True(indoor.Calls.TryDial(House.Code, house.Loop.Now)));
        At(house, 7, () => Assert.Equal(0, door.Panel.StrikeOpenings));
        _service.Run(house, door, seconds: 8);

        Assert.Contains("this is no state that was written here", _service.Log);
    }

    [Fact]
    public void In_steady_state_nothing_is_written_and_a_door_that_opens_often_is_written_seldom()
    {
        CountingDisk disk = new();
        _service.Disk = disk;
        using House house = new(seed: 605);
        (Resident door, Resident indoor) = Move(house);
        At(house, 30, () => Assert.Equal((1, 4), (disk.Writes, disk.Steps)));
        for (int call = 0; call < 10; call++)
        {
            double begins = 40 + (20 * call);
            At(house, begins, () => door.Panel.Press(0, house.Machine.Now));
            At(house, begins + 3, () => Assert.True(indoor.Calls.TryDial(House.Code, house.Loop.Now)));
            At(house, begins + 8, () => indoor.Calls.HangUp(house.Loop.Now));
        }

        At(house, 300, () => Assert.Equal((1, 10), (disk.Writes, door.Panel.StrikeOpenings)));
        At(house, 700, () => Assert.Equal((2, new DurableState(1, 10, 0)), (disk.Writes, disk.Last)));
        _service.Run(house, door, seconds: 1400);

        Assert.Equal(2, disk.Writes);
    }

    [Fact]
    public void A_disk_that_fails_is_told_once_and_tried_again_every_minute()
    {
        CountingDisk disk = new() { Fails = true };
        _service.Disk = disk;
        using House house = new(seed: 606);
        (Resident door, _) = Move(house);
        At(house, 200, () => disk.Fails = false);
        _service.Run(house, door, seconds: 300);

        Assert.Equal(new DurableState(1, 0, 0), disk.Last);
        Assert.Equal(2, _service.Log.Split("the state cannot be kept: the disk is full; it will be tried again").Length);
        Assert.Equal(4, disk.Failures);
    }

    private static (Resident Door, Resident Indoor) Move(House house) =>
        (house.Add(House.Door(RingOrder.InOrder, 5061)), house.Add(House.Indoor()));

    private static void At(House house, double seconds, Action act) => house.Machine.After(TimeSpan.FromSeconds(seconds), act);

    private sealed class CountingDisk : IFileSteps
    {
        public bool Fails { get; set; }

        public int Failures { get; private set; }

        public int Steps { get; private set; }

        public int Writes { get; private set; }

        public DurableState? Last { get; private set; }

        public bool TryWrite(string path, ReadOnlySpan<byte> content, [NotNullWhen(false)] out string? problem)
        {
            if (Fails)
            {
                Failures++;
                problem = "the disk is full";
                return false;
            }

            Writes++;
            Last = DurableState.TryRead(content);
            return Step(out problem);
        }

        public bool TryFlush(string path, [NotNullWhen(false)] out string? problem) => Step(out problem);

        public bool TryRename(string from, string to, [NotNullWhen(false)] out string? problem) => Step(out problem);

        public bool TryFlushFolder(string path, [NotNullWhen(false)] out string? problem) => Step(out problem);

        private bool Step([NotNullWhen(false)] out string? problem)
        {
            Steps++;
            problem = null;
            return true;
        }
    }
}
