using System;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Unit.Station;

/// <summary>A call goes on with somebody else: its peer sends it there, or another caller takes the peer's place.</summary>
public sealed class TransferTests
{
    private const string B = "sip:b@192.0.2.1";

    [Fact]
    public void The_call_goes_on_with_the_target_that_its_peer_has_named()
    {
        StationDouble world = InCall();

        Assert.Equal(["transfer of 1 Begun", $"place 2 {B} for 1"], Ask(world));
        Assert.Equal(["transfer of 1 Ringing"], world.Ringing(2));
        Assert.Equal(StationState.Talking, world.Station.State);
        Assert.Equal(["transfer of 1 Done", "hang up 1 Transferred"], world.Answered(2));
        Assert.Equal(StationState.Talking, world.Station.State);
        Assert.Equal(B, world.Station.Peer);

        // The former peer is gone: that it hangs up as well means nothing.
        Assert.Equal([], world.Over(1));
        Assert.Equal([], world.Over(2));
        Assert.Equal(StationState.Quiet, world.Station.State);
    }

    [Theory]
    [InlineData("sip:stranger@192.0.2.1", true)]
    [InlineData("sip:b@192.0.2.99", true)]
    [InlineData("", true)]
    [InlineData(B, false)]
    public void Nobody_but_a_target_of_a_button_is_called_and_only_where_that_is_allowed(string target, bool allows)
    {
        StationDouble world = InCall(settings => settings with { AllowsTransfer = allows });

        Assert.Equal(["transfer of 1 Refused"], Ask(world, target));
        Assert.Equal(StationState.Talking, world.Station.State);
    }

    [Theory]
    [InlineData("Busy")]
    [InlineData("Unreachable")]
    [InlineData("Declined")]
    public void The_call_goes_on_as_it_was_when_the_target_does_not_take_it(string outcome)
    {
        StationDouble world = InCall();
        _ = Ask(world);

        Assert.Equal([$"transfer of 1 Failed {outcome}"], world.Over(2, Enum.Parse<CallOutcome>(outcome)));
        Assert.Equal(StationState.Talking, world.Station.State);

        // And may be sent elsewhere.
        Assert.Equal(["transfer of 1 Begun", "place 3 sip:c@192.0.2.1 for 1"], Ask(world, "sip:c@192.0.2.1"));
    }

    [Fact]
    public void Where_nobody_answers_the_target_is_taken_back_after_its_ring_time()
    {
        StationDouble world = InCall();
        _ = Ask(world);

        Assert.Equal(["cancel 2 RingLimit", "transfer of 1 Failed NoAnswer"], world.Wait(20));
        Assert.Equal(StationState.Talking, world.Station.State);
    }

    [Fact]
    public void A_peer_that_hangs_up_at_once_leaves_the_visitor_to_the_target()
    {
        StationDouble world = InCall();
        _ = Ask(world);

        Assert.Equal([], world.Over(1));
        Assert.Equal(StationState.Ringing, world.Station.State);
        Assert.Equal(["transfer of 1 Done"], world.Answered(2));
        Assert.Equal(StationState.Talking, world.Station.State);
    }

    [Fact]
    public void A_peer_that_hangs_up_and_a_target_that_does_not_answer_leave_nobody()
    {
        StationDouble world = InCall();
        _ = Ask(world);
        _ = world.Over(1);

        Assert.Equal(["cancel 2 RingLimit", "transfer of 1 Failed NoAnswer", "NobodyReachable"], world.Wait(20));
        Assert.Equal(StationState.Quiet, world.Station.State);
    }

    [Fact]
    public void The_limit_of_the_call_counts_on_whoever_has_it()
    {
        StationDouble world = InCall();
        Assert.Equal([], world.Wait(90));
        _ = Ask(world);
        _ = world.Answered(2);

        Assert.Equal(["hang up 2 CallLimit"], world.Wait(10));
    }

    [Fact]
    public void The_limit_of_the_call_ends_the_ringing_of_a_transfer_too()
    {
        StationDouble world = InCall();
        Assert.Equal([], world.Wait(90));
        _ = Ask(world);

        Assert.Equal(["cancel 2 RingLimit", "transfer of 1 Failed NoAnswer", "hang up 1 CallLimit"], world.Wait(10));
        Assert.Equal(StationState.Quiet, world.Station.State);
    }

    [Fact]
    public void Hanging_up_takes_the_target_back()
    {
        StationDouble world = InCall(settings => settings with { ButtonHangsUp = true });
        _ = Ask(world);
        _ = world.Wait(1);

        Assert.Equal(["cancel 2 HungUp", "transfer of 1 Failed HungUp", "hang up 1 HungUp"], world.Press());
        Assert.Equal(StationState.Quiet, world.Station.State);
    }

    [Fact]
    public void The_end_of_the_station_is_the_end_of_all_of_it()
    {
        StationDouble world = InCall();
        _ = Ask(world);

        Assert.Equal(["cancel 2 StationEnded", "transfer of 1 Failed HungUp", "hang up 1 StationEnded"], world.End());
    }

    [Fact]
    public void Half_a_code_of_the_former_peer_is_not_completed_by_the_next()
    {
        StationDouble world = InCall();
        Assert.Equal([], world.Dial(1, "25"));
        _ = Ask(world);
        _ = world.Secured(2);
        Assert.Equal(["transfer of 1 Done", "hang up 1 Transferred", "CodeWrong sip:a@192.0.2.1"], world.Answered(2));

        Assert.Equal([], world.Dial(2, "80"));
        Assert.Equal([], world.Dial(1, "80"));
        Assert.Equal(["CodeWrong sip:b@192.0.2.1"], world.Dial(2, "#"));
        Assert.Equal(["open", "CodeAccepted family"], world.Dial(2, StationDouble.Code));
    }

    [Fact]
    public void The_security_of_the_former_peer_is_not_that_of_the_next()
    {
        StationDouble world = InCall();
        _ = Ask(world);
        _ = world.Answered(2);

        Assert.Equal(["DigitUnsecured sip:b@192.0.2.1"], world.Dial(2, StationDouble.Code));
    }

    [Fact]
    public void One_transfer_is_tried_at_a_time()
    {
        StationDouble world = InCall();
        _ = Ask(world);

        Assert.Equal(["transfer of 1 Refused"], Ask(world, "sip:c@192.0.2.1"));
    }

    [Fact]
    public void Only_the_peer_of_the_call_that_is_up_transfers_it()
    {
        StationDouble world = new(Settings());
        _ = world.Press();

        Assert.Equal(["transfer of 1 Refused"], Ask(world));
        Assert.Equal(StationState.Ringing, world.Station.State);
    }

    [Fact]
    public void A_target_without_encryption_is_called_again_without_where_its_button_allows_it()
    {
        RingTarget plain = new(B, TimeSpan.FromSeconds(20), CallSecurity.PreferSecure);
        StationDouble world = InCall(settings => settings with
        {
            Buttons = [new RingPlan(RingOrder.InOrder, [settings.Buttons[0].Targets[0], plain])],
        });
        Assert.Equal(["transfer of 1 Begun", $"place 2 {B} for 1"], Ask(world));
        Assert.Equal([$"EncryptionRefused {B}", $"place 3 {B} in the clear for 1"], world.Over(2, CallOutcome.NotAcceptable));
        Assert.Equal(["transfer of 1 Done", "hang up 1 Transferred"], world.Answered(3));
    }

    [Fact]
    public void A_caller_who_is_known_takes_the_place_of_the_peer()
    {
        StationDouble world = InCall();
        Assert.Equal(["answer 2", "hang up 1 Transferred"], world.Incoming(Dora(replaces: 1)));
        Assert.Equal(StationState.Talking, world.Station.State);
        Assert.Equal("sip:dora@192.0.2.7", world.Station.Peer);
        Assert.Equal([], world.Answered(2));
        Assert.Equal(["hang up 2 CallLimit"], world.Wait(100));
    }

    [Theory]
    [InlineData("192.0.2.7", false, null, true)]
    [InlineData("*", false, null, false)]
    [InlineData("*", true, null, true)]
    [InlineData("192.0.2.8", false, null, false)]
    [InlineData("192.0.2.8", false, "dora", true)]
    public void Who_is_let_in_by_everybody_alone_takes_nobodys_place(string list, bool isVouched, string? account, bool takes)
    {
        StationDouble world = InCall(settings => settings with
        {
            Incoming = new IncomingPolicy { Answers = true, Callers = [new CallerPattern(list)] },
        });
        string[] said = world.Incoming(Dora(replaces: 1) with { IsVouched = isVouched, Account = account });
        Assert.Equal(takes ? ["answer 2", "hang up 1 Transferred"] : ["reject 2 Declined"], said);
    }

    [Fact]
    public void Where_no_call_is_answered_none_is_replaced()
    {
        StationDouble world = InCall(settings => settings with { Incoming = settings.Incoming with { Answers = false } });
        Assert.Equal(["reject 2 Declined"], world.Incoming(Dora(replaces: 1)));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(7, true)]
    [InlineData(1, false)]
    public void A_call_that_is_not_up_is_not_replaced_nor_any_where_that_is_not_allowed(int replaces, bool allows)
    {
        StationDouble world = InCall(settings => settings with { AllowsTransfer = allows });
        Assert.Equal(["reject 2 Declined"], world.Incoming(Dora(replaces)));
        Assert.Equal("sip:a@192.0.2.1", world.Station.Peer);
    }

    [Fact]
    public void A_caller_picks_up_for_a_target_that_rings()
    {
        StationDouble world = new(Settings(RingOrder.All));
        _ = world.Press();

        Assert.Equal(
            ["cancel 1 AnsweredElsewhere", "cancel 2 AnsweredElsewhere", "cancel 3 AnsweredElsewhere", "answer 4"],
            world.Incoming(Dora(replaces: 2)));
        Assert.Equal(["hang up 2 AnsweredElsewhere"], world.Answered(2));
        Assert.Equal(["hang up 4 CallLimit"], world.Wait(100));
    }

    [Fact]
    public void A_caller_picks_up_for_the_target_of_a_transfer()
    {
        StationDouble world = InCall();
        _ = Ask(world);

        Assert.Equal(
            ["cancel 2 AnsweredElsewhere", "answer 3", "transfer of 1 Done", "hang up 1 Transferred"], world.Incoming(Dora(replaces: 2)));
    }

    [Fact]
    public void A_caller_who_takes_the_peers_place_ends_its_transfer()
    {
        StationDouble world = InCall();
        _ = Ask(world);

        Assert.Equal(
            ["cancel 2 HungUp", "transfer of 1 Failed HungUp", "answer 3", "hang up 1 Transferred"], world.Incoming(Dora(replaces: 1)));
    }

    private static StationSettings Settings(RingOrder order = RingOrder.InOrder) => StationDouble.Settings(order) with
    {
        AllowsTransfer = true,
        Incoming = new IncomingPolicy { Answers = true, Callers = [new CallerPattern("192.0.2.7")], HasTone = true },
    };

    private static StationDouble InCall(Func<StationSettings, StationSettings>? change = null) =>
        StationDouble.InSecuredCall(change?.Invoke(Settings()) ?? Settings());

    private static string[] Ask(StationDouble world, string target = B) => world.TransferAsked(1, target);

    private static Caller Dora(int replaces) => new("sip:dora@192.0.2.7", "192.0.2.7", Replaces: new StationCall(replaces));
}
