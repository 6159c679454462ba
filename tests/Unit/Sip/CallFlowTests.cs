using System.Linq;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>Calls between two endpoints, from the first byte to the last (RFC 3261 sections 9, 13, 14 and 15).</summary>
public sealed class CallFlowTests
{
    private static readonly SipCall First = new(1);

    [Fact]
    public void A_call_rings_is_answered_and_hung_up_by_the_caller()
    {
        SipPair pair = new();
        _ = pair.Call();
        pair.Do(() => pair.Bob.Endpoint.Ring(First, pair.Now));
        pair.Wait(2);
        pair.Do(() => pair.Bob.Endpoint.Accept(First, SipPair.AnswerBytes, pair.Now));
        pair.Wait(10);
        pair.Do(() => pair.Alice.Endpoint.End(First, SipEndCause.HungUp, pair.Now));

        pair.ShouldBe("call.txt");
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void A_call_is_cancelled_while_it_rings_because_another_telephone_answered()
    {
        SipPair pair = new();
        _ = pair.Call();
        pair.Do(() => pair.Bob.Endpoint.Ring(First, pair.Now));
        pair.Do(() => pair.Alice.Endpoint.End(First, SipEndCause.AnsweredElsewhere, pair.Now));

        pair.ShouldBe("cancel.txt");
        Assert.Equal((0, 0), (pair.Alice.Endpoint.KeptCalls, pair.Bob.Endpoint.KeptCalls));
        Assert.Equal("Ended 1 487 Call completed elsewhere by Peer", pair.Bob.Told[^1]);
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void The_callee_hangs_up_and_the_BYE_goes_to_the_callers_contact()
    {
        SipPair pair = new();
        _ = pair.Establish();
        pair.Do(() => pair.Bob.Endpoint.End(First, SipEndCause.NotAcceptable, pair.Now));

        Assert.StartsWith("BYE sip:alice@192.0.2.1:5060 SIP/2.0\r\n", pair.Messages[^2]);
        Assert.Equal("Ended 1 Not Acceptable Here by Peer", pair.Alice.Told[^1]);
        Assert.Equal("Ended 1 not acceptable by Us", pair.Bob.Told[^1]);
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void A_CANCEL_waits_for_a_provisional_response()
    {
        SipPair pair = new();
        pair.Lose("bob 100 INVITE");
        _ = pair.Call();
        pair.Do(() => pair.Alice.Endpoint.End(First, SipEndCause.HungUp, pair.Now));
        Assert.Equal(["Ended 1 hung up by Us"], pair.Alice.Told);
        Assert.DoesNotContain("alice CANCEL", pair.Wire);
        pair.Do(() => pair.Bob.Endpoint.Ring(First, pair.Now));
        Assert.Equal(["bob 180 INVITE", "alice CANCEL", "bob 200 CANCEL", "bob 487 INVITE", "alice ACK"], pair.Wire.TakeLast(5));
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void A_200_that_crosses_the_CANCEL_is_acknowledged_and_ended_by_BYE()
    {
        SipPair pair = new();
        _ = pair.Call();
        pair.IsHeld = true;
        pair.Do(() => pair.Bob.Endpoint.Accept(First, SipPair.AnswerBytes, pair.Now));
        pair.Do(() => pair.Alice.Endpoint.End(First, SipEndCause.AnsweredElsewhere, pair.Now));
        pair.IsHeld = false;
        pair.Drive();

        Assert.Equal(
            ["bob 200 INVITE", "alice CANCEL", "alice ACK", "alice BYE", "bob 200 CANCEL", "bob 200 BYE"], pair.Wire.TakeLast(6));
        Assert.Equal(["Ended 1 answered elsewhere by Us"], pair.Alice.Told);
        Assert.Equal(["Confirmed 1", "Ended 1 Call completed elsewhere by Peer"], pair.Bob.Told.TakeLast(2));
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void A_cancelled_INVITE_that_is_never_answered_is_forgotten_after_64_T1()
    {
        SipPair pair = new();
        _ = pair.Call();
        pair.Lose("alice CANCEL", -1);
        pair.Do(() => pair.Alice.Endpoint.End(First, SipEndCause.HungUp, pair.Now));
        pair.Wait(31.9);
        Assert.Equal(1, pair.Alice.Endpoint.KeptCalls);
        pair.Wait(0.2);
        Assert.Equal(0, pair.Alice.Endpoint.KeptCalls);
        Assert.Equal(0, pair.Alice.Endpoint.Transactions);
    }

    [Fact]
    public void BYE_from_both_sides_at_once_ends_both()
    {
        SipPair pair = new();
        _ = pair.Establish();
        pair.IsHeld = true;
        pair.Do(() => pair.Alice.Endpoint.End(First, SipEndCause.HungUp, pair.Now));
        pair.Do(() => pair.Bob.Endpoint.End(First, SipEndCause.HungUp, pair.Now));
        pair.IsHeld = false;
        pair.Drive();
        Assert.Equal("Ended 1 hung up by Us", pair.Alice.Told[^1]);
        Assert.Equal("Ended 1 hung up by Us", pair.Bob.Told[^1]);
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void Either_side_changes_the_session()
    {
        SipPair pair = new();
        _ = pair.Establish();
        pair.Do(() => pair.Alice.Endpoint.Reinvite(First, "second offer"u8, pair.Now));
        Assert.Equal("Reoffered 1 [second offer]", pair.Bob.Told[^1]);
        pair.Do(() => pair.Bob.Endpoint.Accept(First, "second answer"u8, pair.Now));
        Assert.Equal("ReofferAnswered 1 [second answer]", pair.Alice.Told[^1]);
        Assert.Equal("Confirmed 1", pair.Bob.Told[^1]);

        pair.Do(() => pair.Bob.Endpoint.Reinvite(First, "third offer"u8, pair.Now));
        pair.Do(() => pair.Alice.Endpoint.Reject(First, 488, pair.Now));
        Assert.Equal("ReofferFailed 1 488 Not Acceptable Here", pair.Bob.Told[^1]);
        Assert.Equal((1, 1), (pair.Alice.Endpoint.ActiveCalls, pair.Bob.Endpoint.ActiveCalls));

        pair.Do(() => pair.Bob.Endpoint.End(First, SipEndCause.HungUp, pair.Now));
        pair.ShouldBe("reinvite.txt");
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void When_both_change_the_session_at_once_both_are_refused_by_491_and_the_callee_tries_again_first()
    {
        SipPair pair = new();
        _ = pair.Establish();
        pair.IsHeld = true;
        pair.Do(() => pair.Alice.Endpoint.Reinvite(First, "from alice"u8, pair.Now));
        pair.Do(() => pair.Bob.Endpoint.Reinvite(First, "from bob"u8, pair.Now));
        pair.IsHeld = false;
        pair.Drive();
        Assert.Equal(2, pair.Wire.Count(line => line.EndsWith("491 INVITE")));
        Assert.DoesNotContain(pair.Alice.Told, line => line.StartsWith("ReofferFailed"));

        pair.Wait(2.05);
        Assert.Equal("Reoffered 1 [from bob]", pair.Alice.Told[^1]);
        pair.Do(() => pair.Alice.Endpoint.Accept(First, "to bob"u8, pair.Now));
        Assert.Equal("ReofferAnswered 1 [to bob]", pair.Bob.Told[^1]);
        Assert.Contains("ReofferFailed 1 491 Request Pending", pair.Alice.Told);
        pair.Wait(5);
        Assert.DoesNotContain("Reoffered 1 [from alice]", pair.Bob.Told);
    }

    [Fact]
    public void Whoever_meets_491_too_often_is_told_so()
    {
        SipPair pair = new();
        SipScript carol = new(pair);
        _ = pair.Call("sip:carol@192.0.2.9");
        carol.SendTo(pair.Alice, SipScript.Response(carol.Received[0], 200, "c", "Contact: <sip:carol@192.0.2.9>\r\n", "answer"));
        pair.Do(() => pair.Alice.Endpoint.Reinvite(First, SipPair.OfferBytes, pair.Now));
        for (int round = 0; round < 9; round++)
        {
            string? invite = carol.Received.LastOrDefault(message => message.StartsWith("INVITE"));
            carol.SendTo(pair.Alice, SipScript.Response(invite!, 491, ""));
            pair.Wait(2.05);
            Assert.Equal(invite, carol.Received.Last(message => message.StartsWith("INVITE")));
            pair.Wait(2.05);
        }

        Assert.Equal(2 + SipLimits.Glares, carol.Received.Where(message => message.StartsWith("INVITE")).Distinct().Count());
        Assert.Equal("ReofferFailed 1 491 Because", pair.Alice.Told[^1]);
        Assert.Equal(1, pair.Alice.Endpoint.ActiveCalls);
    }

    [Fact]
    public void A_late_offer_is_answered_in_the_ACK()
    {
        SipPair pair = new();
        SipScript script = new(pair);
        script.Send(SipScript.Invite(body: ""));
        Assert.Equal("Incoming 1 sip:carol@192.0.2.9 (Carol)", pair.Bob.Told[^1]);
        pair.Do(() => pair.Bob.Endpoint.Accept(First, SipPair.OfferBytes, pair.Now));
        Assert.EndsWith("\r\n\r\noffer", script.Received[^1]);
        script.Send(script.Ack(body: "carols answer"));
        Assert.Equal("Confirmed 1 [carols answer]", pair.Bob.Told[^1]);
    }

    [Fact]
    public void An_INFO_brings_a_digit()
    {
        SipPair pair = new();
        _ = pair.Establish();
        pair.Do(() => pair.Alice.Endpoint.SendInfo(First, InfoDigits.RelayType, "Signal=5\r\nDuration=160\r\n"u8, pair.Now));
        Assert.Equal("Info 1 application/dtmf-relay [Signal=5\r\nDuration=160\r\n]", pair.Bob.Told[^1]);
        pair.Do(() => pair.Bob.Endpoint.SendInfo(First, "text/plain"u8, "5"u8, pair.Now));
        Assert.Equal("alice 415 INFO", pair.Wire[^1]);
        Assert.Equal(1, pair.Alice.Endpoint.ActiveCalls);
    }

    [Fact]
    public void Ending_one_call_leaves_the_other_alone_and_its_name_is_never_used_again()
    {
        SipPair pair = new();
        SipCall first = pair.Call();
        SipCall second = pair.Call();
        pair.Do(() => pair.Bob.Endpoint.Accept(first, SipPair.AnswerBytes, pair.Now));
        pair.Do(() => pair.Bob.Endpoint.Accept(second, SipPair.AnswerBytes, pair.Now));
        pair.Do(() => pair.Alice.Endpoint.End(first, SipEndCause.HungUp, pair.Now));
        pair.Do(() => pair.Alice.Endpoint.End(first, SipEndCause.HungUp, pair.Now));
        pair.Wait(60);

        Assert.Equal(1, pair.Alice.Endpoint.IgnoredInputs);
        Assert.Equal((1, 1), (pair.Alice.Endpoint.ActiveCalls, pair.Bob.Endpoint.ActiveCalls));
        Assert.Single(pair.Alice.Told, line => line.StartsWith("Ended"));
        Assert.Equal(new SipCall(3), pair.Call());
    }

    [Fact]
    public void Closing_ends_calls_in_every_state()
    {
        SipPair pair = new();
        SipCall up = pair.Call();
        pair.Do(() => pair.Bob.Endpoint.Accept(up, SipPair.AnswerBytes, pair.Now));
        _ = pair.Call();
        pair.Do(() => pair.Alice.Endpoint.Close(pair.Now));
        pair.Do(() => pair.Alice.Endpoint.Close(pair.Now));

        Assert.True(pair.Alice.Endpoint.IsClosed);
        Assert.Equal(2, pair.Bob.Told.Count(line => line.StartsWith("Ended")));
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void What_is_under_way_keeps_its_Via_when_the_address_changes()
    {
        SipPair pair = new();
        _ = pair.Call();
        pair.Alice.Endpoint.Local = NetworkEndpoint.FromIPv4(0xC000024D, 5060);
        pair.Do(() => pair.Alice.Endpoint.End(First, SipEndCause.HungUp, pair.Now));
        Assert.Equal(["alice CANCEL", "bob 200 CANCEL", "bob 487 INVITE", "alice ACK"], pair.Wire.TakeLast(4));
        Assert.Contains("Via: SIP/2.0/UDP 192.0.2.1:5060;", pair.Messages[^1]);
        _ = pair.Call();
        Assert.Contains(pair.Messages, message => message.Contains("Contact: <sip:alice@192.0.2.77:5060>"));
        pair.Wait(10);
        Assert.Equal(0, pair.Bob.Endpoint.Dropped(SipDropReason.StrayAck));
    }

    [Fact]
    public void Calls_over_IPv6_have_brackets_in_Via_and_Contact()
    {
        SipPair pair = new();
        Assert.True(NetworkEndpoint.TryParseAddress("2001:db8::3", 5062, out NetworkEndpoint local));
        SipParty carol = new("carol", local, 3);
        pair.Parties.Add(carol);
        pair.Do(() => carol.Endpoint.Invite("sip:bob@192.0.2.2", null, SipPair.OfferBytes, pair.Now));
        Assert.Contains("Via: SIP/2.0/UDP [2001:db8::3]:5062;branch=", pair.Messages[0]);
        Assert.Contains("Contact: <sip:carol@[2001:db8::3]:5062>", pair.Messages[0]);
        pair.Do(() => pair.Bob.Endpoint.Accept(First, SipPair.AnswerBytes, pair.Now));
        Assert.Equal("Answered 1 [answer]", carol.Told[^1]);
        pair.Do(() => pair.Bob.Endpoint.End(First, SipEndCause.HungUp, pair.Now));
        Assert.StartsWith("BYE sip:carol@[2001:db8::3]:5062 SIP/2.0\r\n", pair.Messages[^2]);
    }
}
