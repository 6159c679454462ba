using System.Linq;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>What is lost is sent again, and what is lost for good ends the call.</summary>
public sealed class LossTests
{
    private static readonly SipCall First = new(1);

    [Fact]
    public void A_lost_INVITE_is_repeated_by_timer_A()
    {
        SipPair pair = new();
        pair.Lose("alice INVITE");
        pair.Lose("alice INVITE");
        _ = pair.Call();
        pair.Wait(1.4);
        Assert.Equal(["alice INVITE lost", "alice INVITE lost"], pair.Wire);
        pair.Wait(0.2);
        Assert.Equal(["alice INVITE", "bob 100 INVITE"], pair.Wire.Skip(2));
    }

    [Fact]
    public void An_INVITE_that_nobody_answers_ends_by_timer_B_after_seven_attempts()
    {
        SipPair pair = new();
        pair.Lose("alice INVITE", -1);
        _ = pair.Call();
        pair.Wait(31.9);
        Assert.Empty(pair.Alice.Told);
        pair.Wait(0.2);
        Assert.Equal(["Ended 1 408 Request Timeout by Nobody"], pair.Alice.Told);
        Assert.Equal(7, pair.Wire.Count);
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void A_call_to_where_nobody_is_ends_with_the_report_on_its_second_transmission()
    {
        SipPair pair = new();
        pair.Lose("alice INVITE", skip: -1);
        _ = pair.Call();
        pair.Do(() => pair.Alice.Endpoint.ReceiveUnreachable(pair.Bob.Local, pair.Now));
        pair.Wait(0.5);
        Assert.Empty(pair.Alice.Told);
        pair.Do(() => pair.Alice.Endpoint.ReceiveUnreachable(NetworkEndpoint.FromIPv4(0xC0000203, 5060), pair.Now));
        Assert.Empty(pair.Alice.Told);

        pair.Do(() => pair.Alice.Endpoint.ReceiveUnreachable(pair.Bob.Local, pair.Now));

        Assert.Equal(["Ended 1 503 nobody is there by Nobody"], pair.Alice.Told);
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void A_lost_ACK_makes_the_2xx_come_again_and_that_makes_the_ACK_come_again()
    {
        SipPair pair = new();
        _ = pair.Call();
        pair.Lose("alice ACK");
        pair.Lose("alice ACK");
        pair.Do(() => pair.Bob.Endpoint.Accept(First, SipPair.AnswerBytes, pair.Now));
        pair.Wait(3);

        Assert.Equal(
            ["bob 200 INVITE", "alice ACK lost", "bob 200 INVITE", "alice ACK lost", "bob 200 INVITE", "alice ACK"], pair.Wire.Skip(2));
        Assert.Equal(["Answered 1 [answer]"], pair.Alice.Told);
        Assert.Equal("Confirmed 1", pair.Bob.Told[^1]);
        Assert.Single(pair.Messages.Where(message => message.StartsWith("ACK")).Distinct());
    }

    [Fact]
    public void A_lost_200_to_the_INVITE_is_repeated_by_the_callee_and_not_by_its_transaction()
    {
        SipPair pair = new();
        _ = pair.Call();
        pair.Lose("bob 200 INVITE");
        pair.Do(() => pair.Bob.Endpoint.Accept(First, SipPair.AnswerBytes, pair.Now));
        pair.Wait(0.6);
        Assert.Equal(["bob 200 INVITE lost", "bob 200 INVITE", "alice ACK"], pair.Wire.Skip(2));
        pair.Wait(10);
        Assert.Equal(5, pair.Wire.Count);
    }

    [Fact]
    public void Without_any_ACK_the_callee_gives_up_after_64_T1_and_sends_BYE()
    {
        SipPair pair = new();
        _ = pair.Call();
        pair.Lose("alice ACK", -1);
        pair.Do(() => pair.Bob.Endpoint.Accept(First, SipPair.AnswerBytes, pair.Now));
        pair.Wait(31.9);
        Assert.DoesNotContain("bob BYE", pair.Wire);
        pair.Wait(0.2);
        Assert.Equal(["bob BYE", "alice 200 BYE"], pair.Wire.TakeLast(2));
        Assert.Equal("Ended 1 408 no acknowledgement by Nobody", pair.Bob.Told[^1]);
        Assert.Equal("Ended 1 hung up by Peer", pair.Alice.Told[^1]);
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void A_BYE_of_the_callee_waits_for_the_ACK()
    {
        SipPair pair = new();
        _ = pair.Call();
        pair.Lose("alice ACK");
        pair.Do(() => pair.Bob.Endpoint.Accept(First, SipPair.AnswerBytes, pair.Now));
        pair.Do(() => pair.Bob.Endpoint.End(First, SipEndCause.HungUp, pair.Now));
        Assert.Equal("Ended 1 hung up by Us", pair.Bob.Told[^1]);
        Assert.DoesNotContain("bob BYE", pair.Wire);
        pair.Wait(0.6);
        Assert.Equal(["bob 200 INVITE", "alice ACK", "bob BYE", "alice 200 BYE"], pair.Wire.TakeLast(4));
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void A_lost_BYE_is_repeated_and_its_lost_response_too()
    {
        SipPair pair = new();
        _ = pair.Establish();
        pair.Lose("alice BYE");
        pair.Lose("bob 200 BYE");
        pair.Do(() => pair.Alice.Endpoint.End(First, SipEndCause.HungUp, pair.Now));
        pair.Wait(2);
        Assert.Equal(["alice BYE lost", "alice BYE", "bob 200 BYE lost", "alice BYE", "bob 200 BYE"], pair.Wire.TakeLast(5));
        Assert.Single(pair.Bob.Told, line => line.StartsWith("Ended"));
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void A_BYE_that_nobody_answers_is_given_up_by_timer_F()
    {
        SipPair pair = new();
        _ = pair.Establish();
        pair.Lose("alice BYE", -1);
        pair.Do(() => pair.Alice.Endpoint.End(First, SipEndCause.HungUp, pair.Now));
        Assert.Equal("Ended 1 hung up by Us", pair.Alice.Told[^1]);
        pair.Wait(40);
        Assert.Equal(11, pair.Wire.Count(line => line == "alice BYE lost"));
        Assert.Equal(0, pair.Alice.Endpoint.KeptCalls);
    }

    [Fact]
    public void A_lost_refusal_is_repeated_by_timer_G_until_the_ACK()
    {
        SipPair pair = new();
        _ = pair.Call();
        pair.Lose("bob 486 INVITE");
        pair.Lose("alice ACK");
        pair.Do(() => pair.Bob.Endpoint.End(First, SipEndCause.Busy, pair.Now));
        pair.Wait(5);
        Assert.Equal(["bob 486 INVITE lost", "bob 486 INVITE", "alice ACK lost", "bob 486 INVITE", "alice ACK"], pair.Wire.Skip(2));
        Assert.Equal(["Ended 1 486 Busy Here by Peer"], pair.Alice.Told);
        pair.ShouldLeaveNothing();
    }
}
