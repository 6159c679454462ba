using System.Linq;
using System.Text;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>What a call that is over still owes to those who have not heard of it, for 64*T1.</summary>
public sealed class AfterTheCallTests
{
    private const string Contact = "Contact: <sip:carol@192.0.2.9>\r\n";

    private static readonly SipCall First = new(1);

    private readonly SipPair _pair = new();
    private readonly SipScript _carol;

    public AfterTheCallTests() => _carol = new SipScript(_pair);

    [Fact]
    public void A_2xx_of_the_branch_that_had_the_call_is_acknowledged_once_more()
    {
        string invite = CarolAnsweredAndIsLeft();
        Respond(SipScript.Response(invite, 200, "one", Contact));
        Assert.Equal(["INVITE", "ACK", "BYE", "ACK"], _carol.Summary());
        Assert.Contains("CSeq: 1 ACK\r\n", _carol.Received[^1]);
        Assert.Contains("To: <sip:carol@192.0.2.9>;tag=one\r\n", _carol.Received[^1]);
        Assert.Equal(SipScript.Header(invite, "From"), SipScript.Header(_carol.Received[^1], "From"));
        LeavesNothing();
    }

    [Fact]
    public void Another_branch_that_answers_is_acknowledged_and_ended()
    {
        string invite = CarolAnsweredAndIsLeft();
        Respond(SipScript.Response(invite, 200, "two", "Contact: <sip:dave@192.0.2.9>\r\nRecord-Route: <sip:192.0.2.9;lr>\r\n"));
        Assert.Equal(["INVITE", "ACK", "BYE", "ACK", "BYE"], _carol.Summary());
        string bye = _carol.Received[^1];
        Assert.StartsWith("BYE sip:dave@192.0.2.9 SIP/2.0\r\n", bye);
        Assert.Contains("\r\nRoute: <sip:192.0.2.9;lr>\r\n", bye);
        Assert.Contains("\r\nCSeq: 2 BYE\r\n", bye);
        Assert.Contains(";tag=two\r\n", bye);
        Assert.Equal(SipScript.Header(invite, "Call-ID"), SipScript.Header(bye, "Call-ID"));
        Respond(SipScript.Response(bye, 200, ""));
        Assert.Equal(["Answered 1", "Ended 1 hung up by Us"], _pair.Alice.Told);
        LeavesNothing();
    }

    [Fact]
    public void Neither_a_response_with_another_Via_nor_one_that_is_no_2xx_is_answered()
    {
        string invite = CarolAnsweredAndIsLeft();
        Respond(SipScript.Response(invite, 180, "two", Contact));
        Respond(SipScript.Response(invite, 486, "two", Contact));
        Respond(SipScript.Response(invite, 200, "two"));
        Respond(SipScript.Response(invite, 200, "two", Contact).Replace("192.0.2.1:5060;branch", "192.0.2.77:5060;branch"));
        Assert.Equal(["INVITE", "ACK", "BYE"], _carol.Summary());
        Assert.Equal(1, _pair.Alice.Endpoint.Dropped(SipDropReason.ForeignResponse));
    }

    [Fact]
    public void No_more_late_answers_are_taken_than_honest_telephones_send()
    {
        string invite = CarolAnsweredAndIsLeft();
        for (int index = 0; index < SipLimits.LateAnswers + 5; index++)
        {
            Respond(SipScript.Response(invite, 200, "one", Contact));
        }

        Assert.Equal(SipLimits.LateAnswers, _carol.Summary().Skip(3).Count(line => line == "ACK"));
    }

    [Fact]
    public void After_64_T1_a_late_answer_is_a_stray_one()
    {
        string invite = CarolAnsweredAndIsLeft();
        Assert.Equal(1, _pair.Alice.Endpoint.KeptCalls);
        _pair.Wait(32.1);
        Assert.Equal((0, 0), (_pair.Alice.Endpoint.KeptCalls, _pair.Alice.Endpoint.Transactions));
        Respond(SipScript.Response(invite, 200, "one", Contact));
        Assert.Equal(3, _carol.Received.Count);
        Assert.Equal(1, _pair.Alice.Endpoint.Dropped(SipDropReason.StrayResponse));
    }

    [Fact]
    public void The_Via_of_the_INVITE_counts_when_our_address_has_changed_since()
    {
        string invite = CarolAnsweredAndIsLeft();
        _pair.Do(() => _pair.Alice.Endpoint.Local = _pair.Alice.Endpoint.Local with { Port = 5099 });
        Respond(SipScript.Response(invite, 200, "two", Contact));
        Assert.Equal(["ACK", "BYE"], _carol.Summary().TakeLast(2));
    }

    [Fact]
    public void A_repeated_BYE_gets_the_same_response_and_a_repeated_INVITE_none()
    {
        string bye = BobAnsweredAndIsLeft();
        int before = _carol.Received.Count;
        _carol.Send(bye);
        _carol.Send(SipScript.Invite());
        Assert.Equal(before + 1, _carol.Received.Count);
        Assert.Equal(_carol.Received[before - 1], _carol.Received[before]);
        LeavesNothing();
    }

    [Fact]
    public void A_CANCEL_that_comes_too_late_gets_200_with_the_tag_of_the_INVITE()
    {
        _ = BobAnsweredAndIsLeft();
        _carol.Send(SipScript.Request("CANCEL", "z9hG4bKinvite", 1));
        Assert.StartsWith("SIP/2.0 200 ", _carol.Received[^1]);
        Assert.Contains($";tag={_carol.BobsTag()}\r\n", _carol.Received[^1]);
        Assert.Equal(_carol.Received.Where(message => message.Contains("CSeq: 1 INVITE")).Select(Tag).Last(), Tag(_carol.Received[^1]));
    }

    [Fact]
    public void A_copy_of_the_INVITE_on_another_way_is_still_a_loop()
    {
        _ = BobAnsweredAndIsLeft();
        _carol.Send(SipScript.Invite(branch: "z9hG4bKother"));
        Assert.Equal("482 INVITE", _carol.Summary()[^1]);
    }

    [Fact]
    public void Answered_requests_count_against_the_bound_of_transactions()
    {
        // INFO within a dialog is the request that we keep what we answered of.
        string tag = BobAnswered();
        int before = _pair.Bob.Endpoint.Transactions;
        for (int index = before; index < SipLimits.ServerTransactions; index++)
        {
            _carol.Send(SipScript.Request("INFO", $"z9hG4bKo{index}", 10 + index, tag));
        }

        Assert.Equal(SipLimits.ServerTransactions, _pair.Bob.Endpoint.Transactions);
        _carol.Send(SipScript.Request("INFO", "z9hG4bKmore", 1000, tag));
        Assert.Equal(1, _pair.Bob.Endpoint.Dropped(SipDropReason.TooManyTransactions));
        Assert.Equal("503 INFO", _carol.Summary()[^1]);
        Assert.Equal("10", SipScript.Header(_carol.Received[^1], "Retry-After"));
        Assert.Equal(SipLimits.ServerTransactions, _pair.Bob.Endpoint.Transactions);
        _pair.Do(() => _pair.Bob.Endpoint.End(First, SipEndCause.HungUp, _pair.Now));
        LeavesNothing();
    }

    private static string Tag(string message) => SipScript.Header(message, "To").Split(";tag=")[1];

    private string CarolAnsweredAndIsLeft()
    {
        _ = _pair.Call("sip:carol@192.0.2.9");
        string invite = _carol.Received[^1];
        Respond(SipScript.Response(invite, 200, "one", Contact));
        _pair.Do(() => _pair.Alice.Endpoint.End(First, SipEndCause.HungUp, _pair.Now));
        Respond(SipScript.Response(_carol.Received[^1], 200, ""));
        return invite;
    }

    private string BobAnswered()
    {
        _carol.Send(SipScript.Invite());
        _pair.Do(() => _pair.Bob.Endpoint.Accept(First, Encoding.ASCII.GetBytes("answer"), _pair.Now));
        _carol.Send(_carol.Ack());
        return _carol.BobsTag();
    }

    private string BobAnsweredAndIsLeft()
    {
        string bye = SipScript.Request("BYE", "z9hG4bKbye", 2, BobAnswered());
        _carol.Send(bye);
        Assert.Equal("200 BYE", _carol.Summary()[^1]);
        Assert.Equal(0, _pair.Bob.Endpoint.KeptCalls);
        return bye;
    }

    private void Respond(string response) => _carol.SendTo(_pair.Alice, response);

    private void LeavesNothing() => _pair.ShouldLeaveNothing();
}
