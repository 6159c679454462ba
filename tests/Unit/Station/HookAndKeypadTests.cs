using System;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Unit.Station;

/// <summary>The handset of an indoor station, and the keypad of a door.</summary>
public sealed class HookAndKeypadTests
{
    [Fact]
    public void Lifting_the_handset_answers_and_putting_it_down_hangs_up()
    {
        StationDouble indoor = new(ByHand());
        Assert.Equal(["ring 1"], indoor.Incoming());
        Assert.Empty(indoor.Wait(10));

        Assert.Equal(["answer 1"], indoor.Hook(lifted: true));
        Assert.Equal(["hang up 1 HungUp"], indoor.Hook(lifted: false));
        Assert.Equal(StationState.Quiet, indoor.Station.State);
    }

    [Fact]
    public void A_call_that_nobody_answers_is_given_up_after_the_ring_limit()
    {
        StationDouble indoor = new(ByHand());
        _ = indoor.Incoming();

        Assert.Empty(indoor.Wait(49));
        Assert.Equal(["reject 1 RingLimit"], indoor.Wait(1));
        Assert.Equal(StationState.Quiet, indoor.Station.State);
    }

    [Fact]
    public void Putting_the_handset_down_takes_back_what_rings()
    {
        StationDouble station = new(StationDouble.Settings());
        _ = station.Press();

        Assert.Equal(["cancel 1 HungUp"], station.Hook(lifted: false));
    }

    [Fact]
    public void A_code_at_the_keypad_opens_without_a_call()
    {
        StationDouble door = new(StationDouble.Settings());

        Assert.Equal(["open", "CodeAccepted family"], door.Keys(StationDouble.Code));
        Assert.True(door.Station.IsStrikeOpen);
        Assert.Equal(["close"], door.Wait(3));
    }

    [Fact]
    public void Guesses_at_the_keypad_lock_the_keypad_and_not_the_calls()
    {
        StationDouble door = StationDouble.InSecuredCall(StationDouble.Settings());

        Assert.Equal(["CodeWrong", "CodeWrong", "CodesLocked"], door.Keys("11#22#33#"));
        Assert.Empty(door.Keys(StationDouble.Code));

        Assert.Equal(["open", "CodeAccepted family"], door.Dial(1, StationDouble.Code));
    }

    [Fact]
    public void Guesses_at_the_keypad_are_remembered_in_the_next_life()
    {
        StationDouble door = new(StationDouble.Settings());
        _ = door.Keys("11#22#33#");

        StationDouble next = new(StationDouble.Settings());

        Assert.True(next.Station.RememberWrongCodes(door.Station.WrongCodeEntries, next.Now));
        Assert.Empty(next.Keys(StationDouble.Code));
    }

    [Fact]
    public void After_the_end_nothing_opens()
    {
        StationDouble door = new(StationDouble.Settings());
        _ = door.End();

        Assert.Empty(door.Keys(StationDouble.Code));
        Assert.Empty(door.Hook(lifted: true));
    }

    private static StationSettings ByHand() => StationDouble.Settings() with
    {
        Incoming = new IncomingPolicy { Answers = true, ByHand = true, Callers = [new CallerPattern("*")], AnswerAfter = TimeSpan.Zero },
    };
}
