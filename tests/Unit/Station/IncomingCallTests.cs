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
    [InlineData("house@192.0.2.7", "sip:house@192.0.2.7:5062;transport=udp", true)]
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
    public void Knows_its_callers(string pattern, string caller, bool known)
    {
        StationDouble world = new(Answering(0, pattern));

        Assert.Equal([known ? "answer 1" : "reject 1 Declined"], world.Incoming(caller));
    }
}
