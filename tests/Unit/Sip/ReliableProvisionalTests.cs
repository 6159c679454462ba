using System.Globalization;
using System.Linq;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>Reliable provisional responses and PRACK (RFC 3262), as caller and as callee.</summary>
public sealed class ReliableProvisionalTests
{
    private const string Contact = "Contact: <sip:carol@192.0.2.9>\r\n";
    private const string Required = "Require: 100rel\r\n";
    private static readonly SipCall First = new(1);
    private readonly SipPair _pair = new();
    private readonly SipScript _carol;

    public ReliableProvisionalTests() => _carol = new SipScript(_pair);

    [Fact]
    public void A_reliable_answer_is_acknowledged_once_and_holds_for_the_call()
    {
        string invite = CallCarol();
        Respond(invite, 183, "Require: 100rel\r\nRSeq: 7\r\n", "early");
        string prack = _carol.Received[^1];
        Assert.StartsWith("PRACK sip:carol@192.0.2.9 SIP/2.0\r\n", prack);
        Assert.Equal("7 1 INVITE", SipScript.Header(prack, "RAck"));
        Assert.Equal("2 PRACK", SipScript.Header(prack, "CSeq"));
        Respond(invite, 183, "Require: 100rel\r\nRSeq: 7\r\n", "early");
        Respond(invite, 200, "", "another");
        Assert.Equal(["INVITE", "PRACK", "ACK"], _carol.Summary());
        Assert.Equal(["EarlyAnswered 1 183 [early]", "Answered 1"], _pair.Alice.Told);
        _pair.Do(() => _pair.Alice.Endpoint.End(First, SipEndCause.HungUp, _pair.Now));
        Assert.Equal("3 BYE", SipScript.Header(_carol.Received[^1], "CSeq"));
    }

    [Fact]
    public void What_comes_behind_a_gap_waits_for_what_is_missing()
    {
        string invite = CallCarol();
        Respond(invite, 183, "Require: 100rel\r\nRSeq: 7\r\n");
        Respond(invite, 180, "Require: 100rel\r\nRSeq: 9\r\n");
        Assert.Equal((1, 0), (Pracks(), _pair.Alice.Told.Count));
        Respond(invite, 183, "Require: 100rel\r\nRSeq: 8\r\n");
        Respond(invite, 180, "Require: 100rel\r\nRSeq: 9\r\n");
        Assert.Equal((3, "Ringing 1 180"), (Pracks(), _pair.Alice.Told[^1]));
    }

    [Fact]
    public void A_lost_PRACK_is_repeated_and_one_without_an_answer_leaves_the_call_ringing()
    {
        string invite = CallCarol();
        Respond(invite, 180, "Require: 100rel\r\nRSeq: 1\r\n");
        _pair.Wait(1);
        Assert.Equal(2, Pracks());
        _pair.Wait(60);
        Assert.Equal(["Ringing 1 180"], _pair.Alice.Told);
        Assert.Equal(1, _pair.Alice.Endpoint.ActiveCalls);
    }

    [Theory]
    [InlineData("Require: 100rel\r\n")]
    [InlineData("Require: 100rel\r\nRSeq: x\r\n")]
    public void A_reliable_response_without_its_number_is_dropped(string more)
    {
        Respond(CallCarol(), 180, more);
        Assert.Equal((0, 0), (Pracks(), _pair.Alice.Told.Count));
    }

    [Fact]
    public void Whoever_requires_it_gets_a_ringing_that_is_repeated_until_the_PRACK()
    {
        Ring(Required);
        Assert.Contains("\r\nRequire: 100rel\r\n", _carol.Received[^1]);
        _pair.Wait(4);
        Assert.Equal(4, Ringings());
        _carol.Send(Prack(_carol.Received[^1]));
        Assert.Equal("200 PRACK", _carol.Summary()[^1]);
        _pair.Wait(30);
        Assert.Equal(4, Ringings());
        Assert.Equal(1, _pair.Bob.Endpoint.ActiveCalls);
    }

    [Fact]
    public void The_next_ringing_has_the_next_number()
    {
        Ring(Required);
        string first = _carol.Received[^1];
        _carol.Send(Prack(first));
        _pair.Wait(60);
        Assert.Equal(Number(first) + 1, Number(_carol.Received[^1]));
    }

    [Fact]
    public void Two_engines_ring_unreliably_when_nobody_requires_more()
    {
        _ = _pair.Call();
        _pair.Do(() => _pair.Bob.Endpoint.Ring(First, _pair.Now));
        Assert.Equal(["alice INVITE", "bob 100 INVITE", "bob 180 INVITE"], _pair.Wire);
    }

    [Fact]
    public void Without_a_PRACK_the_call_is_refused()
    {
        Ring(Required);
        _pair.Wait(33);
        Assert.Equal("Ended 1 504 the ringing was not acknowledged by Nobody", _pair.Bob.Told[^1]);
        Assert.Contains("504 INVITE", _carol.Summary());
        _pair.ShouldLeaveNothing();
    }

    [Fact]
    public void A_call_may_be_answered_before_the_PRACK_which_is_still_welcome()
    {
        Ring(Required);
        string ringing = _carol.Received[^1];
        _pair.Do(() => _pair.Bob.Endpoint.Accept(First, SipPair.AnswerBytes, _pair.Now));
        _carol.Send(_carol.Ack());
        _pair.Wait(5);
        Assert.Equal(1, Ringings());
        _carol.Send(Prack(ringing));
        Assert.Equal("200 PRACK", _carol.Summary()[^1]);
        Assert.Equal(1, _pair.Bob.Endpoint.ActiveCalls);
    }

    [Theory]
    [InlineData("RAck: 1 1 INVITE\r\n")]
    [InlineData("RAck: {0} 2 INVITE\r\n")]
    [InlineData("RAck: {0} 1 UPDATE\r\n")]
    [InlineData("RAck: {0} 1\r\n")]
    [InlineData("")]
    public void A_PRACK_of_something_else_gets_481(string line)
    {
        Ring(Required);
        string rack = string.Format(CultureInfo.InvariantCulture, line, Number(_carol.Received[^1]));
        _carol.Send(SipScript.Request("PRACK", "z9hG4bKp", 2, _carol.BobsTag(), rack));
        Assert.Equal("481 PRACK", _carol.Summary()[^1]);
    }

    [Fact]
    public void An_offer_in_a_PRACK_is_refused_while_the_first_one_has_no_answer()
    {
        Ring(Required);
        _carol.Send(Prack(_carol.Received[^1], "another offer"));
        Assert.Equal("488 PRACK", _carol.Summary()[^1]);
        _pair.Wait(40);
        Assert.Equal((1, 1), (Ringings(), _pair.Bob.Endpoint.ActiveCalls));
    }

    [Fact]
    public void An_INVITE_without_an_offer_that_requires_it_rings_with_ours_which_the_PRACK_answers()
    {
        RingWithOffer();
        Assert.EndsWith("\r\n\r\noffer", _carol.Received[^1]);
        Assert.Contains("\r\nRequire: 100rel\r\n", _carol.Received[^1]);
        _carol.Send(Prack(_carol.Received[^1], "answer"));
        Assert.Equal("200 PRACK", _carol.Summary()[^1]);
        Assert.Equal("OfferAnswered 1 [answer]", _pair.Bob.Told[^1]);

        _pair.Do(() => _pair.Bob.Endpoint.Accept(First, _pair.Now));
        Assert.Equal("200 INVITE", _carol.Summary()[^1]);
        Assert.EndsWith("Content-Length: 0\r\n\r\n", _carol.Received[^1]);
        _carol.Send(_carol.Ack());
        Assert.Equal("Confirmed 1", _pair.Bob.Told[^1]);
        _carol.Send(SipScript.Request("BYE", "z9hG4bKbye", 3, _carol.BobsTag()));
        _pair.ShouldLeaveNothing();
    }

    [Fact]
    public void The_offer_is_repeated_with_the_ringing_and_the_call_refused_when_no_PRACK_comes()
    {
        RingWithOffer();
        _pair.Wait(4);
        Assert.Equal(4, Ringings());
        Assert.EndsWith("\r\n\r\noffer", _carol.Received[^1]);
        _pair.Wait(30);
        Assert.Equal("Ended 1 504 the ringing was not acknowledged by Nobody", _pair.Bob.Told[^1]);
    }

    [Fact]
    public void A_PRACK_without_the_answer_tells_that_there_is_none()
    {
        RingWithOffer();
        _carol.Send(Prack(_carol.Received[^1]));
        Assert.Equal("OfferAnswered 1", _pair.Bob.Told[^1]);
    }

    [Fact]
    public void Once_all_is_agreed_the_next_PRACK_may_make_another_offer()
    {
        RingWithOffer();
        _carol.Send(Prack(_carol.Received[^1], "answer"));
        _pair.Wait(60);
        Assert.Equal("180 INVITE", _carol.Summary()[^1]);
        Assert.EndsWith("Content-Length: 0\r\n\r\n", _carol.Received[^1]);
        _carol.Send(Prack(_carol.Received[^1], "another", sequence: 3));
        Assert.Equal("Reoffered 1 [another]", _pair.Bob.Told[^1]);

        _pair.Do(() => _pair.Bob.Endpoint.Accept(First, SipPair.AnswerBytes, _pair.Now));
        Assert.Equal("200 PRACK", _carol.Summary()[^1]);
        Assert.EndsWith("\r\n\r\nanswer", _carol.Received[^1]);
        _pair.Do(() => _pair.Bob.Endpoint.Accept(First, _pair.Now));
        Assert.Equal("200 INVITE", _carol.Summary()[^1]);
        Assert.EndsWith("Content-Length: 0\r\n\r\n", _carol.Received[^1]);
    }

    [Fact]
    public void Another_offer_in_a_PRACK_may_be_refused_and_the_call_rings_on()
    {
        RingWithOffer();
        _carol.Send(Prack(_carol.Received[^1], "answer"));
        _pair.Wait(60);
        _carol.Send(Prack(_carol.Received[^1], "another", sequence: 3));
        _pair.Do(() => _pair.Bob.Endpoint.Reject(First, 488, _pair.Now));
        Assert.Equal("488 PRACK", _carol.Summary()[^1]);
        Assert.Equal(1, _pair.Bob.Endpoint.ActiveCalls);
    }

    [Fact]
    public void An_UPDATE_crosses_the_offer_that_rings_and_is_taken_once_that_is_answered()
    {
        RingWithOffer();
        string ringing = _carol.Received[^1];
        _carol.Send(SipScript.Request("UPDATE", "z9hG4bKupdate2", 2, _carol.BobsTag(), Contact + SipScript.Type("x"), "another"));
        Assert.Equal("491 UPDATE", _carol.Summary()[^1]);
        _carol.Send(Prack(ringing, "answer", sequence: 3));
        _carol.Send(SipScript.Request("UPDATE", "z9hG4bKupdate4", 4, _carol.BobsTag(), Contact + SipScript.Type("x"), "another"));
        Assert.Equal("Reoffered 1 [another]", _pair.Bob.Told[^1]);
    }

    private string CallCarol()
    {
        _ = _pair.Call("sip:carol@192.0.2.9");
        return _carol.Received[^1];
    }

    private void Respond(string invite, int status, string more = "", string body = "") =>
        _carol.SendTo(_pair.Alice, SipScript.Response(invite, status, "one", Contact + more, body));

    private void Ring(string more, string body = "offer")
    {
        _carol.Send(SipScript.Invite(body, more: more));
        _pair.Do(() => _pair.Bob.Endpoint.Ring(First, _pair.Now));
    }

    private void RingWithOffer()
    {
        Ring(Required, body: "");
        Assert.Equal("OfferWanted 1", _pair.Bob.Told[^1]);
        _pair.Do(() => _pair.Bob.Endpoint.RingWith(First, SipPair.OfferBytes, _pair.Now));
    }

    private string Prack(string ringing, string body = "", int sequence = 2) =>
        SipScript.Request(
            "PRACK", $"z9hG4bKprack{sequence}", sequence, _carol.BobsTag(), $"RAck: {Number(ringing)} 1 INVITE\r\n{SipScript.Type(body)}", body);

    private static int Number(string ringing) => int.Parse(SipScript.Header(ringing, "RSeq"), CultureInfo.InvariantCulture);

    private int Pracks() => _carol.Summary().Count(line => line == "PRACK");

    private int Ringings() => _carol.Summary().Count(line => line == "180 INVITE");
}
