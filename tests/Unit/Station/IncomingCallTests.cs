using System;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Unit.Station;

public sealed class IncomingCallTests
{
    private static StationSettings Answering(double seconds, params string[] callers) => StationDouble.Settings() with
    {
        Incoming = new IncomingPolicy
        {
            Answers = true,
            Callers = [.. Array.ConvertAll(callers, text => new CallerPattern(text))],
            AnswerAfter = TimeSpan.FromSeconds(seconds),
        },
    };

    [Fact]
    public void Declines_every_call_unless_told_otherwise()
    {
        StationDouble world = new(StationDouble.Settings());

        Assert.Equal(["reject 1 Declined"], world.Incoming());
        Assert.Equal(StationState.Quiet, world.Station.State);
    }

    [Fact]
    public void Answers_at_once()
    {
        StationDouble world = new(Answering(0, "*"));

        Assert.Equal(["answer 1"], world.Incoming());
        Assert.Equal([], world.Answered(1));
        Assert.Equal(["hang up 1 CallLimit"], world.Wait(100));
    }

    [Fact]
    public void Rings_before_it_answers()
    {
        StationDouble world = new(Answering(4, "*"));

        Assert.Equal(["ring 1"], world.Incoming());
        Assert.Equal([], world.Wait(3.9));
        Assert.Equal(["answer 1"], world.Wait(0.1));
        Assert.Equal([], world.Wait(99.9));
        Assert.Equal(["hang up 1 CallLimit"], world.Wait(0.1));
    }

    [Fact]
    public void A_caller_who_gives_up_while_it_rings_is_not_answered()
    {
        StationDouble world = new(Answering(4, "*"));
        _ = world.Incoming();

        Assert.Equal([], world.Over(1));
        Assert.Equal([], world.Wait(60));
        Assert.Equal(StationState.Quiet, world.Station.State);
    }

    [Fact]
    public void Is_busy_while_it_rings_alerts_or_talks()
    {
        StationDouble ringing = new(Answering(0, "*"));
        _ = ringing.Press();
        Assert.Equal(["reject 2 Busy"], ringing.Incoming());
        Assert.Equal([], ringing.Answered(1));
        Assert.Equal(["reject 3 Busy"], ringing.Incoming());

        StationDouble alerting = new(Answering(4, "*"));
        _ = alerting.Incoming();
        Assert.Equal(["reject 2 Busy"], alerting.Incoming());
        Assert.Equal(["answer 1"], alerting.Wait(4));
    }

    [Fact]
    public void A_visitor_who_rings_comes_before_a_caller_whom_nobody_hears_yet()
    {
        StationDouble alerting = new(Answering(4, "*"));
        _ = alerting.Incoming();
        Assert.Equal(["reject 1 VisitorRings", "place 2 sip:a@192.0.2.1"], alerting.Press());

        foreach (bool buttonHangsUp in new[] { false, true })
        {
            StationDouble talking = new(Answering(0, "*") with { ButtonHangsUp = buttonHangsUp });
            _ = talking.Incoming();
            _ = talking.Answered(1);
            Assert.Equal(["hang up 1 VisitorRings", "place 2 sip:a@192.0.2.1"], talking.Press());
            Assert.Equal(StationState.Ringing, talking.Station.State);
        }
    }

    [Fact]
    public void A_caller_who_is_heard_is_interrupted_by_no_visitor()
    {
        StationDouble encrypted = new(Answering(0, "*"));
        _ = encrypted.Incoming();
        _ = encrypted.Answered(1);
        _ = encrypted.Secured(1);
        Assert.Equal([], encrypted.Press());

        StationDouble plain = new(Answering(0, "*"));
        _ = plain.Incoming();
        _ = plain.Answered(1, isOpen: true);
        Assert.Equal([], plain.Press());
        Assert.Equal(StationState.Talking, plain.Station.State);
    }

    [Fact]
    public void A_call_that_a_hand_may_answer_rings_on_whatever_button_is_pressed()
    {
        StationSettings settings = Answering(0, "*");
        StationDouble world = new(settings with { Incoming = settings.Incoming with { ByHand = true } });
        _ = world.Incoming();

        Assert.Equal([], world.Press());
        Assert.Equal(["answer 1"], world.Hook(lifted: true));
    }

    [Fact]
    public void Ending_rejects_what_alerts_and_hangs_up_what_talks()
    {
        StationDouble alerting = new(Answering(4, "*"));
        _ = alerting.Incoming();
        Assert.Equal(["reject 1 StationEnded"], alerting.End());

        StationDouble talking = new(Answering(0, "*"));
        _ = talking.Incoming();
        Assert.Equal(["hang up 1 StationEnded"], talking.End());
    }

    [Theory]
    [InlineData("*", "sip:anybody@198.51.100.1", true)]
    [InlineData("house@192.0.2.10", "sip:house@192.0.2.7:5062;transport=udp", true)]
    [InlineData("sip:house@example.org", "SIP:house@EXAMPLE.org", true)]
    [InlineData("house@example.org", "sip:House@example.org", false)]
    [InlineData("house@example.org", "sip:house@example.com", false)]
    [InlineData("house@example.org", "sip:example.org", false)]
    [InlineData("example.org", "sip:anybody@example.org", true)]
    [InlineData("example.org", "sip:example.org;user=phone", true)]
    [InlineData("[2001:db8::1]", "sip:house@[2001:db8::1]:5060", true)]
    [InlineData("[2001:db8::1]", "sip:house@[2001:db8::1]", true)]
    [InlineData("example.org", "sip:house@evil.test;x=@example.org", true)]
    [InlineData("example.org", "", false)]
    [InlineData("", "", false)]
    public void Believes_its_proxy_who_calls(string pattern, string shown, bool known)
    {
        StationDouble world = new(Answering(0, pattern));

        Assert.Equal([known ? "answer 1" : "reject 1 Declined"], world.Incoming(new Caller(shown, "192.0.2.10", IsVouched: true)));
    }

    [Theory]
    [InlineData("*", "sip:anybody@198.51.100.1", "198.51.100.1", true)]
    [InlineData("192.0.2.7", "sip:anybody@example.org", "192.0.2.7", true)]
    [InlineData("house@192.0.2.7", "sip:house@whatever.example", "192.0.2.7", true)]
    [InlineData("house@192.0.2.7", "sip:garden@192.0.2.7", "192.0.2.7", false)]
    [InlineData("house@192.0.2.7", "sip:house@192.0.2.7", "192.0.2.8", false)]
    [InlineData("192.0.2.7", "sip:house@192.0.2.7", "192.0.2.8", false)]
    [InlineData("house@example.org", "sip:house@example.org", "192.0.2.8", false)]
    [InlineData("example.org", "sip:house@example.org", "192.0.2.8", false)]
    [InlineData("[2001:DB8:0::1]", "sip:house@example.org", "2001:db8::1", true)]
    [InlineData("house@[2001:db8::1]:5060", "sip:house@example.org", "2001:db8::1", true)]
    public void What_a_caller_says_of_itself_lets_nobody_in(string pattern, string shown, string source, bool known)
    {
        StationDouble world = new(Answering(0, pattern));

        Assert.Equal([known ? "answer 1" : "reject 1 Declined"], world.Incoming(shown, source));
    }

    [Fact]
    public void A_proven_password_lets_in()
    {
        StationDouble world = new(Answering(0, "192.0.2.9"));

        Assert.Equal(["answer 1"], world.Incoming(new Caller("sip:x@192.0.2.1", "192.0.2.1", Account: "kitchen")));
        Assert.Equal(
            ["reject 1 Declined"],
            new StationDouble(StationDouble.Settings()).Incoming(new Caller("sip:x@192.0.2.1", "192.0.2.1", Account: "kitchen")));
    }

    [Theory]
    [InlineData("192.0.2.7", null, true)]
    [InlineData("*", null, false)]
    [InlineData("*", "kitchen", true)]
    public void Who_is_known_may_ask_to_be_answered_without_a_hand(string pattern, string? account, bool isGranted)
    {
        StationSettings settings = Answering(0, pattern);
        StationDouble world = new(settings with { Incoming = settings.Incoming with { ByHand = true, HasTone = true } });
        Caller caller = new("sip:house@192.0.2.7", "192.0.2.7", Account: account, AnswerAfter: TimeSpan.Zero);

        Assert.Equal([isGranted ? "answer 1 with tone" : "ring 1"], world.Incoming(caller));
        Assert.Equal(isGranted ? [] : ["answer 1"], world.Hook(lifted: true));
    }

    [Fact]
    public void Who_asks_to_be_answered_later_rings_until_then()
    {
        StationSettings settings = Answering(0, "192.0.2.7");
        StationDouble world = new(settings with { Incoming = settings.Incoming with { ByHand = true, HasTone = true } });

        Assert.Equal(["ring 1"], world.Incoming(new Caller("sip:house@192.0.2.7", "192.0.2.7", AnswerAfter: TimeSpan.FromSeconds(3))));
        Assert.Equal(["answer 1 with tone"], world.Wait(3));
    }

    [Theory]
    [InlineData("192.0.2.7", true, true, "answer 1 with tone")]
    [InlineData("*", true, true, "reject 1 AnswerMode")]
    [InlineData("*", true, false, "ring 1")]
    [InlineData("*", false, true, "answer 1 with tone")]
    [InlineData("*", false, false, "reject 1 AnswerMode")]
    public void Who_demands_to_be_answered_in_one_way_is_answered_so_or_refused(string pattern, bool byHand, bool wantsAuto, string said)
    {
        StationSettings settings = Answering(0, pattern);
        StationDouble world = new(settings with { Incoming = settings.Incoming with { ByHand = byHand, HasTone = true } });

        Assert.Equal([said], world.Incoming(new Caller(
            "sip:house@192.0.2.7", "192.0.2.7", AnswerAfter: wantsAuto ? TimeSpan.Zero : null, DemandsAnswerMode: true)));
    }

    [Fact]
    public void A_wish_opens_nothing_where_calls_are_rejected()
    {
        StationSettings settings = Answering(0, "192.0.2.7");
        StationDouble world = new(settings with { Incoming = settings.Incoming with { Answers = false } });

        Assert.Equal(["reject 1 Declined"], world.Incoming(new Caller("sip:house@192.0.2.7", "192.0.2.7", AnswerAfter: TimeSpan.Zero)));
    }
}
