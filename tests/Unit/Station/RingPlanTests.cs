using System;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Unit.Station;

public sealed class RingPlanTests
{
    [Fact]
    public void Rings_one_target_after_another_until_the_plan_is_exhausted()
    {
        StationDouble world = new(StationDouble.Settings() with { RingLimit = TimeSpan.FromSeconds(300) });

        Assert.Equal(["place 1 sip:a@192.0.2.1"], world.Press());
        Assert.Equal([], world.Ringing(1));
        Assert.Equal([], world.Wait(19.9));
        Assert.Equal(["cancel 1 RingLimit", "place 2 sip:b@192.0.2.1"], world.Wait(0.1));
        Assert.Equal(["place 3 sip:c@192.0.2.1"], world.Over(2, CallOutcome.Unreachable));
        Assert.Equal(["cancel 3 RingLimit", "NobodyAnswered"], world.Wait(20));
        Assert.Equal(StationState.Quiet, world.Station.State);
        Assert.Equal(Instant.Never, world.WakeAt);
    }

    [Fact]
    public void Tells_when_no_target_could_be_reached_at_all()
    {
        StationDouble world = new(StationDouble.Settings(RingOrder.All, targets: 2));

        _ = world.Press();
        Assert.Equal([], world.Over(1, CallOutcome.Unreachable));
        Assert.Equal(["NobodyReachable"], world.Over(2, CallOutcome.Failed));
    }

    [Theory]
    [InlineData(nameof(CallOutcome.Busy))]
    [InlineData(nameof(CallOutcome.Declined))]
    [InlineData(nameof(CallOutcome.NoAnswer))]
    public void A_target_that_refuses_was_reached(string outcome)
    {
        StationDouble world = new(StationDouble.Settings(targets: 1));

        _ = world.Press();
        Assert.Equal(["NobodyAnswered"], world.Over(1, Enum.Parse<CallOutcome>(outcome)));
    }

    [Theory]
    [InlineData("sip:c@192.0.2.1", true, "place 2 sip:c@192.0.2.1")]
    [InlineData("sip:C@192.0.2.1;transport=tcp", true, "place 2 sip:c@192.0.2.1")]
    [InlineData("sip:stranger@192.0.2.1", true, "place 2 sip:b@192.0.2.1")]
    [InlineData("sip:c@192.0.2.99", true, "place 2 sip:b@192.0.2.1")]
    [InlineData("", true, "place 2 sip:b@192.0.2.1")]
    [InlineData("sip:c@192.0.2.1", false, "place 2 sip:b@192.0.2.1")]
    public void A_target_sends_on_to_another_of_the_plan_and_to_nobody_else(string movedTo, bool follows, string said)
    {
        StationDouble world = new(StationDouble.Settings() with { FollowsRedirects = follows });

        _ = world.Press();
        Assert.Equal([said], world.Over(1, CallOutcome.Failed, movedTo));
    }

    [Fact]
    public void Targets_that_send_on_to_each_other_come_to_an_end()
    {
        StationDouble world = new(StationDouble.Settings(targets: 2) with { FollowsRedirects = true });

        _ = world.Press();
        Assert.Equal(["place 2 sip:b@192.0.2.1"], world.Over(1, CallOutcome.Failed, "sip:b@192.0.2.1"));
        Assert.Equal(["place 3 sip:a@192.0.2.1"], world.Over(2, CallOutcome.Failed, "sip:a@192.0.2.1"));
        Assert.Equal(["place 4 sip:b@192.0.2.1"], world.Over(3, CallOutcome.Failed, "sip:b@192.0.2.1"));

        // The plan's own second target.
        Assert.Equal(["place 5 sip:b@192.0.2.1"], world.Over(4, CallOutcome.Failed, "sip:a@192.0.2.1"));
    }

    [Fact]
    public void Of_several_places_to_which_a_target_has_moved_one_is_tried_after_another_and_then_the_plan_goes_on()
    {
        StationDouble world = new(StationDouble.Settings(targets: 4) with { FollowsRedirects = true });

        _ = world.Press();
        string moved = "sip:d@192.0.2.1 sip:stranger@192.0.2.1 sip:c@192.0.2.1 sip:d@192.0.2.1";
        Assert.Equal(["place 2 sip:d@192.0.2.1"], world.Over(1, CallOutcome.Failed, moved));
        Assert.Equal(["cancel 2 RingLimit", "place 3 sip:c@192.0.2.1"], world.Wait(20));
        Assert.Equal(["place 4 sip:b@192.0.2.1"], world.Over(3, CallOutcome.Busy));
        Assert.Equal(["hang up 4 CallLimit"], [.. world.Answered(4), .. world.Wait(100)]);
    }

    [Fact]
    public void Who_was_sent_on_to_several_places_rings_no_longer_than_the_button_does()
    {
        StationDouble world = new(StationDouble.Settings(targets: 4) with { FollowsRedirects = true });

        _ = world.Press();
        _ = world.Over(1, CallOutcome.Failed, "sip:d@192.0.2.1 sip:c@192.0.2.1 sip:b@192.0.2.1");
        Assert.Equal(
            ["cancel 2 RingLimit", "place 3 sip:c@192.0.2.1", "cancel 3 RingLimit", "place 4 sip:b@192.0.2.1", "cancel 4 RingLimit"],
            world.Wait(50)[..5]);
        Assert.Equal(StationState.Quiet, world.Station.State);
    }

    [Fact]
    public void A_place_that_sends_on_once_more_comes_before_the_others_and_all_of_it_comes_to_an_end()
    {
        StationDouble world = new(StationDouble.Settings(targets: 4) with { FollowsRedirects = true });

        _ = world.Press();
        Assert.Equal(["place 2 sip:b@192.0.2.1"], world.Over(1, CallOutcome.Failed, "sip:b@192.0.2.1 sip:c@192.0.2.1"));
        Assert.Equal(["place 3 sip:d@192.0.2.1"], world.Over(2, CallOutcome.Failed, "sip:d@192.0.2.1"));
        Assert.Equal(["place 4 sip:c@192.0.2.1"], world.Over(3, CallOutcome.Failed));
        Assert.Equal(["place 5 sip:b@192.0.2.1"], world.Over(4, CallOutcome.Failed, "sip:d@192.0.2.1"));
    }

    [Fact]
    public void A_target_that_rings_already_is_not_called_twice()
    {
        StationDouble world = new(StationDouble.Settings(RingOrder.All) with { FollowsRedirects = true });

        _ = world.Press();
        Assert.Equal([], world.Over(1, CallOutcome.Failed, "sip:b@192.0.2.1"));
    }

    [Fact]
    public void Rings_all_at_once_and_takes_the_others_back_when_one_answers()
    {
        StationDouble world = new(StationDouble.Settings(RingOrder.All));

        Assert.Equal(["place 1 sip:a@192.0.2.1", "place 2 sip:b@192.0.2.1", "place 3 sip:c@192.0.2.1"], world.Press());
        Assert.Equal(["cancel 1 AnsweredElsewhere", "cancel 3 AnsweredElsewhere"], world.Answered(2));
        Assert.Equal(StationState.Talking, world.Station.State);
    }

    [Fact]
    public void A_second_answer_that_crosses_the_cancel_is_hung_up_and_the_winner_stays()
    {
        StationDouble world = new(StationDouble.Settings(RingOrder.All));
        _ = world.Press();
        _ = world.Answered(2);

        Assert.Equal(["hang up 3 AnsweredElsewhere"], world.Answered(3));
        Assert.Equal([], world.Over(3));
        Assert.Equal([], world.Over(1));
        Assert.Equal(StationState.Talking, world.Station.State);
    }

    [Fact]
    public void The_answer_of_the_winner_may_be_told_twice()
    {
        StationDouble world = new(StationDouble.Settings(RingOrder.All));
        _ = world.Press();
        _ = world.Answered(2);

        Assert.Equal([], world.Answered(2));
        Assert.Equal(StationState.Talking, world.Station.State);
    }

    [Fact]
    public void An_answer_after_the_target_was_given_up_is_hung_up_and_the_next_goes_on_ringing()
    {
        StationDouble world = new(StationDouble.Settings());
        _ = world.Press();
        _ = world.Wait(20);

        Assert.Equal(["hang up 1 AnsweredTooLate"], world.Answered(1));
        Assert.Equal([], world.Answered(2));
        Assert.Equal(StationState.Talking, world.Station.State);
    }

    [Fact]
    public void An_answer_that_is_served_after_its_ring_time_comes_too_late()
    {
        StationDouble world = new(StationDouble.Settings(targets: 1));
        _ = world.Press();
        world.Oversleep(25);

        Assert.Equal(["cancel 1 RingLimit", "NobodyReachable", "hang up 1 AnsweredTooLate"], world.Answered(1));
        Assert.Equal(StationState.Quiet, world.Station.State);
    }

    [Fact]
    public void The_ring_limit_ends_the_whole_plan()
    {
        StationDouble world = new(StationDouble.Settings());
        _ = world.Press();
        _ = world.Wait(40);

        Assert.Equal([], world.Ringing(3));
        Assert.Equal(["cancel 3 RingLimit", "NobodyAnswered"], world.Wait(10));
    }

    [Fact]
    public void The_call_limit_hangs_up()
    {
        StationDouble world = new(StationDouble.Settings());
        _ = world.Press();
        _ = world.Wait(5);
        _ = world.Answered(1);

        Assert.Equal([], world.Wait(99.9));
        Assert.Equal(["hang up 1 CallLimit"], world.Wait(0.1));
        Assert.Equal([], world.Over(1));
        Assert.Equal(StationState.Quiet, world.Station.State);
    }

    [Fact]
    public void The_peer_hangs_up_and_the_station_is_ready_for_the_next_visitor()
    {
        StationDouble world = new(StationDouble.Settings());
        _ = world.Press();
        _ = world.Answered(1);
        _ = world.Wait(10);

        Assert.Equal([], world.Over(1));
        Assert.Equal(["place 2 sip:a@192.0.2.1"], world.Press());
    }

    [Fact]
    public void A_press_while_it_rings_or_in_a_call_does_nothing_unless_it_is_to_hang_up()
    {
        StationDouble world = new(StationDouble.Settings());
        _ = world.Press();
        _ = world.Wait(3);
        Assert.Equal([], world.Press());
        _ = world.Answered(1);
        _ = world.Wait(3);
        Assert.Equal([], world.Press());
        Assert.Equal(StationState.Talking, world.Station.State);
    }

    [Fact]
    public void A_press_hangs_up_when_it_is_to_and_stops_the_ringing()
    {
        StationDouble world = new(StationDouble.Settings(RingOrder.All, targets: 2) with { ButtonHangsUp = true });
        _ = world.Press();
        _ = world.Wait(3);
        Assert.Equal(["cancel 1 HungUp", "cancel 2 HungUp"], world.Press());
        _ = world.Wait(3);
        _ = world.Press();
        _ = world.Answered(4);
        _ = world.Wait(3);
        Assert.Equal(["hang up 4 HungUp"], world.Press());
        Assert.Equal(StationState.Quiet, world.Station.State);
    }

    [Fact]
    public void Hammering_on_the_button_is_one_press()
    {
        StationDouble world = new(StationDouble.Settings() with { ButtonHangsUp = true });
        Assert.NotEmpty(world.Press());
        for (int bounce = 0; bounce < 20; bounce++)
        {
            world.Oversleep(0.3);
            Assert.Equal([], world.Press());
        }

        Assert.Equal(20, world.Station.IgnoredInputs);
        Assert.Equal(StationState.Ringing, world.Station.State);
    }

    [Fact]
    public void A_button_without_a_plan_is_told()
    {
        StationDouble world = new(StationDouble.Settings());

        Assert.Equal(["ButtonUnknown"], world.Press(button: 1));
        Assert.Equal(["ButtonUnknown"], world.Press(button: -1));
    }

    [Fact]
    public void Ending_takes_back_what_rings_and_drops_all_further_input()
    {
        StationDouble world = new(StationDouble.Settings(RingOrder.All, targets: 2));
        _ = world.Press();

        Assert.Equal(["cancel 1 StationEnded", "cancel 2 StationEnded"], world.End());
        Assert.Equal([], world.End());
        Assert.Equal([], world.Answered(1));
        Assert.Equal([], world.Incoming());
        Assert.Equal([], world.Press());
        Assert.Equal([], world.Press(button: 9));
        Assert.Equal(4, world.Station.IgnoredInputs);
        Assert.Equal(Instant.Never, world.WakeAt);
    }
}
