using System.Linq;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>UPDATE (RFC 3311) in early dialogs and in confirmed ones, in both directions.</summary>
public sealed class UpdateTests
{
    private const string Contact = "Contact: <sip:carol@192.0.2.9>\r\n";
    private const string TakesUpdate = "Allow: INVITE, ACK, BYE, CANCEL, UPDATE\r\n";
    private static readonly SipCall First = new(1);
    private readonly SipPair _pair = new();
    private readonly SipScript _carol;

    public UpdateTests() => _carol = new SipScript(_pair);

    [Fact]
    public void The_called_side_changes_the_session_before_it_answers()
    {
        string invite = EarlyAnswer();
        Ask(SipScript.Back(invite, "one", "UPDATE", 1, "Contact: <sip:desk@192.0.2.9>\r\n", "changed"));
        Assert.Equal("Reoffered 1 [changed]", _pair.Alice.Told[^1]);
        _pair.Do(() => _pair.Alice.Endpoint.Accept(First, SipPair.AnswerBytes, _pair.Now));
        Assert.Equal("200 UPDATE", _carol.Summary()[^1]);
        Assert.EndsWith("answer", _carol.Received[^1]);
        Respond(invite, 200);
        Assert.Equal("Answered 1", _pair.Alice.Told[^1]);
    }

    [Fact]
    public void The_calling_side_changes_the_session_before_the_answer()
    {
        string invite = EarlyAnswer();
        _pair.Do(() => _pair.Alice.Endpoint.Reinvite(First, "changed"u8, _pair.Now));
        Assert.StartsWith("UPDATE sip:carol@192.0.2.9 ", _carol.Received[^1]);
        Assert.EndsWith("changed", _carol.Received[^1]);
        Ask(SipScript.Response(_carol.Received[^1], 200, "one", Contact, "agreed"));
        Assert.Equal("ReofferAnswered 1 [agreed]", _pair.Alice.Told[^1]);
        Respond(invite, 200);
        Assert.Equal("Answered 1", _pair.Alice.Told[^1]);
    }

    [Fact]
    public void An_offer_waits_for_the_call_to_be_up_where_no_UPDATE_may_make_it()
    {
        string invite = CallCarol();
        Respond(invite, 183, TakesUpdate, "early");
        _pair.Do(() => _pair.Alice.Endpoint.Reinvite(First, "changed"u8, _pair.Now));
        Assert.Equal(["INVITE"], _carol.Summary());
        Respond(invite, 200, "", "answer");
        Assert.Equal(["INVITE", "ACK", "INVITE"], _carol.Summary());
    }

    [Fact]
    public void An_offer_that_crosses_our_own_gets_491()
    {
        string invite = CallCarol();
        Respond(invite, 180);
        Ask(SipScript.Back(invite, "one", "UPDATE", 1, Contact, "changed"));
        Assert.Equal("491 UPDATE", _carol.Summary()[^1]);
        Assert.DoesNotContain(_pair.Alice.Told, line => line.StartsWith("Reoffered"));
    }

    [Fact]
    public void An_offer_of_a_branch_that_is_not_heard_gets_500_with_Retry_After()
    {
        string invite = EarlyAnswer();
        Ask(SipScript.Response(invite, 180, "two", Contact));
        Ask(SipScript.Back(invite, "two", "UPDATE", 1, Contact, "changed"));
        Assert.Equal("500 UPDATE", _carol.Summary()[^1]);
        Assert.Contains("\r\nRetry-After: ", _carol.Received[^1]);
    }

    [Fact]
    public void While_the_first_offer_has_no_answer_another_gets_500_with_Retry_After()
    {
        _carol.Send(SipScript.Invite());
        _pair.Do(() => _pair.Bob.Endpoint.Ring(First, _pair.Now));
        _carol.Send(Update(2, "changed"));
        Assert.Equal("500 UPDATE", _carol.Summary()[^1]);
        Assert.Contains("\r\nRetry-After: ", _carol.Received[^1]);
        Assert.Equal(1, _pair.Bob.Endpoint.ActiveCalls);
    }

    [Fact]
    public void Without_an_offer_it_is_answered_at_once_in_an_early_dialog()
    {
        _carol.Send(SipScript.Invite());
        _pair.Do(() => _pair.Bob.Endpoint.Ring(First, _pair.Now));
        _carol.Send(Update(2));
        Assert.Equal("200 UPDATE", _carol.Summary()[^1]);
        Assert.Contains("\r\nContact: <sip:bob@192.0.2.2:5060>\r\n", _carol.Received[^1]);
    }

    [Fact]
    public void In_a_call_it_is_answered_or_refused_and_one_at_a_time()
    {
        CarolIsUp();
        _carol.Send(Update(2, "changed"));
        _carol.Send(Update(3, "changed once more"));
        Assert.Equal("500 UPDATE", _carol.Summary()[^1]);
        _pair.Do(() => _pair.Bob.Endpoint.Accept(First, SipPair.AnswerBytes, _pair.Now));
        Assert.Equal("200 UPDATE", _carol.Summary()[^1]);
        _carol.Send(Update(4, "impossible"));
        _pair.Do(() => _pair.Bob.Endpoint.Reject(First, 488, _pair.Now));
        Assert.Equal("488 UPDATE", _carol.Summary()[^1]);
        Assert.Equal(1, _pair.Bob.Endpoint.ActiveCalls);
    }

    [Fact]
    public void In_a_call_it_moves_the_target()
    {
        CarolIsUp();
        _carol.Send(Update(2).Replace("Contact: <sip:carol@192.0.2.9>", "Contact: <sip:desk@192.0.2.9>"));
        _pair.Do(() => _pair.Bob.Endpoint.End(First, SipEndCause.HungUp, _pair.Now));
        Assert.StartsWith("BYE sip:desk@192.0.2.9 ", _carol.Received[^1]);
    }

    [Fact]
    public void An_offer_during_our_re_INVITE_gets_491_and_a_mere_refresh_200()
    {
        CarolIsUp();
        _pair.Do(() => _pair.Bob.Endpoint.Reinvite(First, "mine"u8, _pair.Now));
        _carol.Send(Update(2, "changed"));
        _carol.Send(Update(3));
        Assert.Equal(["INVITE", "491 UPDATE", "200 UPDATE"], _carol.Summary().TakeLast(3));
    }

    [Fact]
    public void Our_offer_that_meets_one_of_the_peers_is_made_again_after_a_while()
    {
        _ = EarlyAnswer();
        _pair.Do(() => _pair.Alice.Endpoint.Reinvite(First, "changed"u8, _pair.Now));
        Ask(SipScript.Response(_carol.Received[^1], 491, "one"));
        _pair.Wait(2);
        Assert.Equal(1, Updates());
        _pair.Wait(2.1);
        Assert.Equal(2, Updates());
        Ask(SipScript.Response(_carol.Received[^1], 500, "one", "Retry-After: 7\r\n"));
        _pair.Wait(6.9);
        Assert.Equal(2, Updates());
        _pair.Wait(0.2);
        Assert.Equal(3, Updates());
        Ask(SipScript.Response(_carol.Received[^1], 488, "one"));
        Assert.Equal("ReofferFailed 1 488 Because", _pair.Alice.Told[^1]);
        Assert.Equal(1, _pair.Alice.Endpoint.ActiveCalls);
    }

    [Fact]
    public void Where_UPDATE_is_not_taken_after_all_a_re_INVITE_makes_the_offer()
    {
        string invite = EarlyAnswer();
        _pair.Do(() => _pair.Alice.Endpoint.Reinvite(First, "changed"u8, _pair.Now));
        Ask(SipScript.Response(_carol.Received[^1], 405, "one"));
        Respond(invite, 200);
        Assert.Equal(["INVITE", "PRACK", "UPDATE", "ACK", "INVITE"], _carol.Summary());
        Assert.EndsWith("changed", _carol.Received[^1]);
    }

    [Fact]
    public void An_UPDATE_that_waits_when_the_call_ends_gets_487()
    {
        CarolIsUp();
        _carol.Send(Update(2, "changed"));
        _pair.Do(() => _pair.Bob.Endpoint.End(First, SipEndCause.HungUp, _pair.Now));
        Assert.Equal(["BYE", "487 UPDATE"], _carol.Summary().TakeLast(2));
    }

    private string CallCarol()
    {
        _ = _pair.Call("sip:carol@192.0.2.9");
        return _carol.Received[^1];
    }

    private string EarlyAnswer()
    {
        string invite = CallCarol();
        Respond(invite, 183, TakesUpdate + "Require: 100rel\r\nRSeq: 7\r\n", "early");
        Ask(SipScript.Response(_carol.Received[^1], 200, "one"));
        return invite;
    }

    private void CarolIsUp()
    {
        _carol.Send(SipScript.Invite());
        _pair.Do(() => _pair.Bob.Endpoint.Accept(First, SipPair.AnswerBytes, _pair.Now));
        _carol.Send(_carol.Ack());
    }

    private string Update(int sequence, string body = "") =>
        SipScript.Request("UPDATE", $"z9hG4bKu{sequence}", sequence, _carol.BobsTag(), Contact + SipScript.Type(body), body);

    private void Respond(string invite, int status, string more = "", string body = "") =>
        Ask(SipScript.Response(invite, status, "one", Contact + more, body));

    private void Ask(string message) => _carol.SendTo(_pair.Alice, message);

    private int Updates() => _carol.Summary().Count(line => line == "UPDATE");
}
