using System.Linq;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>Session timers (RFC 4028) in both roles.</summary>
public sealed class SessionTimerTests
{
    private const string Contact = "Contact: <sip:carol@192.0.2.9>\r\n";
    private const string TakesUpdate = "Allow: INVITE, ACK, BYE, CANCEL, UPDATE\r\n";
    private static readonly SipCall First = new(1);
    private readonly SipPair _pair = new();
    private readonly SipScript _carol;

    public SessionTimerTests() => _carol = new SipScript(_pair);

    [Fact]
    public void Two_of_us_keep_a_long_call_alive_by_an_UPDATE_every_quarter_of_an_hour()
    {
        _ = _pair.Establish();
        int before = _pair.Wire.Count;
        _pair.Wait((4 * 900) + 1);
        Assert.Equal(["alice UPDATE", "bob 200 UPDATE"], _pair.Wire.Skip(before).Distinct());
        Assert.Equal(8, _pair.Wire.Count - before);
        Assert.DoesNotContain("application/sdp", _pair.Messages[^2]);
        Assert.Contains("\r\nSession-Expires: 1800;refresher=uac\r\n", _pair.Messages[^1]);
    }

    [Fact]
    public void A_call_whose_refresher_has_vanished_ends_before_the_session_expires()
    {
        _ = _pair.Establish();
        _pair.Lose("alice UPDATE", -1);
        _pair.Lose("alice BYE", -1);
        _pair.Wait(1800 - 33);
        Assert.Equal(1, _pair.Bob.Endpoint.ActiveCalls);
        _pair.Wait(2);
        Assert.Equal("Ended 1 408 the session was not refreshed by Nobody", _pair.Bob.Told[^1]);

        // RFC 4028 section 10: nor does the refresher go on with a call whose peer does not answer.
        Assert.Equal("Ended 1 408 Request Timeout by Nobody", _pair.Alice.Told[^1]);
        _pair.LoseNothing();
        _pair.ShouldLeaveNothing();
    }

    [Fact]
    public void Too_short_a_session_is_refused_with_the_shortest()
    {
        _carol.Send(SipScript.Invite(more: "Supported: timer\r\nSession-Expires: 89\r\n"));
        Assert.Equal(["422 INVITE"], _carol.Summary());
        Assert.Contains("\r\nMin-SE: 90\r\n", _carol.Received[0]);
        Assert.Empty(_pair.Bob.Told);
    }

    [Fact]
    public void Whoever_does_not_know_timers_is_not_refused_but_has_none_that_short()
    {
        string success = Accept("Session-Expires: 89\r\n");
        Assert.DoesNotContain("Session-Expires", success);
        _pair.Wait(200);
        Assert.Equal(1, _pair.Bob.Endpoint.ActiveCalls);
    }

    [Theory]
    [InlineData("x: 1800\r\n", "1800;refresher=uas", false)]
    [InlineData("Supported: timer\r\nSession-Expires: 1800\r\n", "1800;refresher=uac", true)]
    [InlineData("k: foo, timer\r\nSession-Expires: 1800;refresher=uac\r\n", "1800;refresher=uac", true)]
    [InlineData("Require: timer\r\nSession-Expires: 90 ;refresher=uas\r\n", "90;refresher=uas", false)]
    public void The_answer_names_the_refresher(string more, string expected, bool isRequired)
    {
        string success = Accept(more);
        Assert.Equal(expected, SipScript.Header(success, "Session-Expires"));
        Assert.Equal(isRequired, success.Contains("\r\nRequire: timer\r\n"));
    }

    [Fact]
    public void The_called_side_refreshes_by_UPDATE_when_the_caller_takes_it()
    {
        _ = Accept(TakesUpdate + "Supported: timer\r\nSession-Expires: 100;refresher=uas\r\nMin-SE: 95\r\n");
        _pair.Wait(49);
        Assert.Equal("200 INVITE", _carol.Summary()[^1]);
        _pair.Wait(1.1);
        string update = _carol.Received[^1];
        Assert.StartsWith("UPDATE sip:carol@192.0.2.9 ", update);
        Assert.Equal("100;refresher=uac", SipScript.Header(update, "Session-Expires"));
        Assert.Equal("95", SipScript.Header(update, "Min-SE"));
        Assert.Equal("0", SipScript.Header(update, "Content-Length"));

        // A timer that the response does not confirm is off (RFC 4028 section 7.2).
        _carol.Send(SipScript.Response(update, 200, "", Contact));
        _pair.Wait(500);
        Assert.Equal(1, _pair.Bob.Endpoint.ActiveCalls);
    }

    [Fact]
    public void Else_by_a_re_INVITE_with_the_offer_that_holds()
    {
        _ = Accept("Supported: timer\r\nSession-Expires: 100;refresher=uas\r\n");
        _pair.Wait(50.1);
        Assert.Equal("RefreshDue 1", _pair.Bob.Told[^1]);
        _pair.Do(() => _pair.Bob.Endpoint.Reinvite(First, SipPair.OfferBytes, _pair.Now));
        string invite = _carol.Received[^1];
        Assert.Equal("100;refresher=uac", SipScript.Header(invite, "Session-Expires"));
        _carol.Send(SipScript.Response(invite, 200, "", Contact + "Session-Expires: 100;refresher=uac\r\n", "answer"));
        _pair.Wait(60);
        Assert.Equal(2, _pair.Bob.Told.Count(line => line == "RefreshDue 1"));
        Assert.Equal(1, _pair.Bob.Endpoint.ActiveCalls);
    }

    [Fact]
    public void A_refresh_that_is_refused_for_now_is_tried_again_and_where_UPDATE_is_unknown_otherwise()
    {
        _ = Accept(TakesUpdate + "Supported: timer\r\nSession-Expires: 200;refresher=uas\r\n");
        _pair.Wait(100.1);
        _carol.Send(SipScript.Response(_carol.Received[^1], 500, "", "Retry-After: 1\r\n"));
        _pair.Wait(10.1);
        Assert.StartsWith("UPDATE ", _carol.Received[^1]);
        Assert.Equal("2 UPDATE", SipScript.Header(_carol.Received[^1], "CSeq"));
        _carol.Send(SipScript.Response(_carol.Received[^1], 501, ""));
        _pair.Wait(10.1);
        Assert.Equal("RefreshDue 1", _pair.Bob.Told[^1]);
    }

    [Fact]
    public void A_peer_that_refreshes_keeps_the_call_up_and_one_that_does_not_loses_it()
    {
        _ = Accept("Supported: timer\r\nSession-Expires: 90\r\n");
        _pair.Wait(45);
        _carol.Send(SipScript.Request(
            "UPDATE", "z9hG4bKu", 2, _carol.BobsTag(), Contact + "Supported: timer\r\nSession-Expires: 90;refresher=uac\r\n"));
        Assert.Equal("90;refresher=uac", SipScript.Header(_carol.Received[^1], "Session-Expires"));
        _pair.Wait(59);
        Assert.Equal(1, _pair.Bob.Endpoint.ActiveCalls);
        _pair.Wait(2);
        Assert.Equal("Ended 1 408 the session was not refreshed by Nobody", _pair.Bob.Told[^1]);
        Assert.Equal("BYE", _carol.Summary()[^1]);
    }

    [Fact]
    public void Our_INVITE_asks_for_more_after_a_422()
    {
        string invite = CallCarol();
        Respond(SipScript.Response(invite, 422, "one", "Min-SE: 3600\r\n"));
        Assert.Equal(["INVITE", "ACK", "INVITE"], _carol.Summary());
        string again = _carol.Received[^1];
        Assert.Equal("2 INVITE", SipScript.Header(again, "CSeq"));
        Assert.Equal("3600", SipScript.Header(again, "Session-Expires"));
        Assert.Equal("3600", SipScript.Header(again, "Min-SE"));
        Assert.Equal(SipScript.Header(invite, "Call-ID"), SipScript.Header(again, "Call-ID"));
        Respond(SipScript.Response(again, 422, "one", "Min-SE: 3600\r\n"));
        Assert.Equal("Ended 1 422 Because by Peer", _pair.Alice.Told[^1]);
        _pair.ShouldLeaveNothing();
    }

    private string Accept(string more)
    {
        _carol.Send(SipScript.Invite(more: more));
        _pair.Do(() => _pair.Bob.Endpoint.Accept(First, SipPair.AnswerBytes, _pair.Now));
        string success = _carol.Received[^1];
        _carol.Send(_carol.Ack());
        return success;
    }

    private string CallCarol()
    {
        _ = _pair.Call("sip:carol@192.0.2.9");
        return _carol.Received[^1];
    }

    private void Respond(string response) => _carol.SendTo(_pair.Alice, response);
}
