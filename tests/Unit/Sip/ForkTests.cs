using System.Linq;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>An INVITE that rings at several telephones (RFC 3261 section 13.2.2.4): Alice calls, Carol plays all branches.</summary>
public sealed class ForkTests
{
    private const string Contact = "Contact: <sip:carol@192.0.2.9>\r\n";
    private static readonly SipCall First = new(1);
    private readonly SipPair _pair = new();
    private readonly SipScript _carol;
    private readonly string _invite;

    public ForkTests()
    {
        _carol = new SipScript(_pair);
        _ = _pair.Call("sip:carol@192.0.2.9");
        _invite = _carol.Received[^1];
    }

    [Fact]
    public void The_branch_that_speaks_first_is_heard_and_no_other()
    {
        Respond(183, "one", body: "first");
        Respond(183, "two", body: "second");
        Respond(183, "one", body: "first");
        Respond(183, "one", body: "first changed");
        Assert.Equal(["Progress 1 183 [first]", "Progress 1 183 [first changed]"], _pair.Alice.Told);
    }

    [Fact]
    public void The_answer_is_that_of_the_branch_that_answers()
    {
        Respond(183, "one", body: "first");
        Respond(183, "two", body: "second");
        Respond(200, "two");
        Assert.Equal("Answered 1 [second]", _pair.Alice.Told[^1]);
    }

    [Fact]
    public void A_2xx_of_a_branch_that_had_no_early_dialog_counts_as_well()
    {
        Respond(183, "one", body: "first");
        Respond(200, "three", body: "third");
        Assert.Equal("Answered 1 [third]", _pair.Alice.Told[^1]);
        Assert.EndsWith("tag=three", SipScript.Header(_carol.Received[^1], "To"));
    }

    [Fact]
    public void The_way_of_the_call_is_the_one_that_the_2xx_put_on_record()
    {
        Respond(180, "one", "Record-Route: <sip:192.0.2.9;lr;early>\r\n");
        Respond(200, "one", "Record-Route: <sip:192.0.2.9;lr;late>\r\n", "answer");
        Assert.Contains("\r\nRoute: <sip:192.0.2.9;lr;late>\r\n", _carol.Received[^1]);
        Assert.DoesNotContain("early", _carol.Received[^1]);
    }

    [Fact]
    public void A_second_branch_that_answers_is_ended_with_the_number_behind_its_PRACK()
    {
        Respond(180, "one");
        Respond(180, "two", "Require: 100rel\r\nRSeq: 1\r\n");
        Assert.Equal("2 PRACK", SipScript.Header(_carol.Received[^1], "CSeq"));
        Respond(200, "one", body: "answer");
        Respond(200, "two", body: "answer");
        Assert.Equal(["ACK", "BYE"], _carol.Summary().TakeLast(2));
        Assert.Equal("3 BYE", SipScript.Header(_carol.Received[^1], "CSeq"));
        Assert.Equal(1, _pair.Alice.Endpoint.ActiveCalls);
    }

    [Fact]
    public void So_is_one_that_answers_after_the_call_is_over()
    {
        Respond(180, "two", "Require: 100rel\r\nRSeq: 1\r\n");
        _carol.SendTo(_pair.Alice, SipScript.Response(_carol.Received[^1], 200, ""));
        Respond(200, "one", body: "answer");
        _pair.Do(() => _pair.Alice.Endpoint.End(First, SipEndCause.HungUp, _pair.Now));
        _carol.SendTo(_pair.Alice, SipScript.Response(_carol.Received[^1], 200, ""));
        Respond(200, "two", body: "answer");
        Assert.Equal(["ACK", "BYE"], _carol.Summary().TakeLast(2));
        Assert.Equal("3 BYE", SipScript.Header(_carol.Received[^1], "CSeq"));
        _pair.ShouldLeaveNothing();
    }

    private void Respond(int status, string tag, string more = "", string body = "") =>
        _carol.SendTo(_pair.Alice, SipScript.Response(_invite, status, tag, Contact + more, body));
}
