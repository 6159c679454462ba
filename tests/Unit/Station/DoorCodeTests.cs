using System;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Unit.Station;

public sealed class DoorCodeTests
{
    [Fact]
    public void A_code_opens_the_strike_for_its_time_at_its_last_digit()
    {
        StationDouble world = StationDouble.InSecuredCall(StationDouble.Settings());

        Assert.Equal([], world.Dial(1, "258"));
        Assert.Equal(["open", "CodeAccepted family"], world.Dial(1, "0"));
        Assert.Equal([], world.Wait(2.9));
        Assert.Equal(["close"], world.Wait(0.1));
    }

    [Fact]
    public void Each_code_is_known_by_its_name_and_a_hash_after_it_does_no_harm()
    {
        StationDouble world = StationDouble.InSecuredCall(StationDouble.Settings());

        Assert.Equal(["open", "CodeAccepted post"], world.Dial(1, "91919#"));
        Assert.Equal(["close"], world.Wait(60));
    }

    [Theory]
    [InlineData("2581#")]
    [InlineData("258#")]
    [InlineData("258*")]
    [InlineData("25800")]
    [InlineData("12580")]
    [InlineData("99999")]
    public void A_wrong_entry_opens_nothing(string digits)
    {
        StationDouble world = StationDouble.InSecuredCall(StationDouble.Settings() with
        {
            Codes = new CodeSettings { Codes = [new DoorCode("only", new Secret("25801"))] },
        });

        Assert.Equal(["CodeWrong sip:a@192.0.2.1"], world.Dial(1, digits));
        Assert.Equal(["open", "CodeAccepted only"], world.Dial(1, "25801"));
    }

    [Fact]
    public void A_pause_ends_the_entry_as_wrong()
    {
        StationDouble world = StationDouble.InSecuredCall(StationDouble.Settings());

        _ = world.Dial(1, "25");
        Assert.Equal([], world.Wait(4.9));
        _ = world.Dial(1, "8");
        Assert.Equal(["CodeWrong sip:a@192.0.2.1"], world.Wait(5));
        Assert.Equal([], world.Dial(1, "0"));
    }

    [Fact]
    public void Too_many_wrong_entries_lock_the_codes_for_a_time()
    {
        StationDouble world = StationDouble.InSecuredCall(StationDouble.Settings());

        Assert.Equal(["CodeWrong sip:a@192.0.2.1", "CodeWrong sip:a@192.0.2.1", "CodesLocked sip:a@192.0.2.1"], world.Dial(1, "1#2#3#"));
        Assert.Equal([], world.Dial(1, StationDouble.Code));
        _ = world.Wait(59.9);
        Assert.Equal([], world.Dial(1, StationDouble.Code));
        _ = world.Wait(0.1);
        Assert.Equal(["open", "CodeAccepted family"], world.Dial(1, StationDouble.Code));
    }

    [Fact]
    public void A_new_call_brings_no_new_guesses()
    {
        StationDouble world = StationDouble.InSecuredCall(StationDouble.Settings());
        _ = world.Dial(1, "1#2#3");

        Assert.Equal(["CodesLocked sip:a@192.0.2.1"], world.Over(1));
        _ = world.Wait(1);
        _ = world.Press();
        _ = world.Answered(2);
        _ = world.Secured(2);
        Assert.Equal([], world.Dial(2, StationDouble.Code));
    }

    [Fact]
    public void A_right_code_forgets_the_wrong_entries()
    {
        StationDouble world = StationDouble.InSecuredCall(StationDouble.Settings());

        _ = world.Dial(1, "1#2#" + StationDouble.Code);
        Assert.Equal(["CodeWrong sip:a@192.0.2.1", "CodeWrong sip:a@192.0.2.1"], world.Dial(1, "1#2#"));
    }

    [Fact]
    public void Digits_count_only_in_a_secured_call_and_that_is_told_once()
    {
        StationDouble world = new(StationDouble.Settings());
        _ = world.Press();
        _ = world.Answered(1);

        Assert.Equal(["DigitUnsecured sip:a@192.0.2.1"], world.Dial(1, StationDouble.Code));
        Assert.Equal([], world.Secured(1));
        Assert.Equal(["open", "CodeAccepted family"], world.Dial(1, StationDouble.Code));
    }

    [Fact]
    public void Digits_before_the_answer_and_of_other_calls_do_not_count()
    {
        StationDouble world = new(StationDouble.Settings(RingOrder.All));
        _ = world.Press();
        _ = world.Secured(1);
        _ = world.Secured(2);
        Assert.Equal([], world.Dial(1, StationDouble.Code));
        _ = world.Answered(1);

        Assert.Equal([], world.Dial(2, StationDouble.Code));
        Assert.Equal(8, world.Station.IgnoredInputs);
        Assert.Equal(["open", "CodeAccepted family"], world.Dial(1, StationDouble.Code));
    }

    [Fact]
    public void Securing_one_call_secures_no_other()
    {
        StationDouble world = new(StationDouble.Settings(RingOrder.All));
        _ = world.Press();
        _ = world.Secured(2);
        _ = world.Answered(1);

        Assert.Equal(["DigitUnsecured sip:a@192.0.2.1"], world.Dial(1, StationDouble.Code));
    }

    [Fact]
    public void Nothing_prolongs_an_open_strike()
    {
        StationDouble world = StationDouble.InSecuredCall(StationDouble.Settings());
        _ = world.Dial(1, StationDouble.Code);
        _ = world.Wait(2);

        Assert.Equal(["CodeAccepted family"], world.Dial(1, StationDouble.Code));
        Assert.Equal(["close"], world.Wait(1));
    }

    [Fact]
    public void The_strike_outlives_its_call_but_not_its_pulse()
    {
        StationDouble world = StationDouble.InSecuredCall(StationDouble.Settings());
        _ = world.Dial(1, StationDouble.Code);

        Assert.Equal([], world.Over(1));
        Assert.Equal(["close"], world.Wait(3));
    }

    [Fact]
    public void The_strike_never_stays_open_longer_than_the_maximum()
    {
        StationDouble world = StationDouble.InSecuredCall(StationDouble.Settings() with { StrikePulse = TimeSpan.FromHours(1) });
        _ = world.Dial(1, StationDouble.Code);

        Assert.Equal([], world.Wait(29.9));
        Assert.Equal(["close"], world.Wait(0.1));
    }

    [Fact]
    public void The_end_of_the_station_closes_the_strike()
    {
        StationDouble world = StationDouble.InSecuredCall(StationDouble.Settings());
        _ = world.Dial(1, StationDouble.Code);

        Assert.Equal(["hang up 1 StationEnded", "close"], world.End());
        Assert.Equal(Instant.Never, world.WakeAt);
    }

    [Fact]
    public void A_station_without_codes_takes_no_digits()
    {
        StationDouble world = StationDouble.InSecuredCall(StationDouble.Settings() with { Codes = new CodeSettings() });

        Assert.Equal([], world.Dial(1, "0000#1111#2222#3333#"));
    }

    [Fact]
    public void Signs_that_no_keypad_has_are_no_digits()
    {
        StationDouble world = StationDouble.InSecuredCall(StationDouble.Settings());

        Assert.Equal(["open", "CodeAccepted family"], world.Dial(1, "2A5\08B0"));
    }
}
