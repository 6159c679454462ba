using System;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>Dialogs against a peer whose messages are written by hand.</summary>
public sealed class DialogTests
{
    private const string CarolsContact = "Contact: <sip:carol@192.0.2.9>\r\n";
    private static readonly SipCall First = new(1);
    private readonly SipPair _pair = new();
    private readonly SipScript _carol;

    public DialogTests() => _carol = new SipScript(_pair);

    [Fact]
    public void Each_branch_of_a_fork_that_answers_late_is_acknowledged_and_ended()
    {
        string invite = CallCarol();
        Respond(SipScript.Response(invite, 180, "one", CarolsContact));
        Respond(SipScript.Response(invite, 200, "one", CarolsContact, "first"));
        Respond(SipScript.Response(invite, 200, "two", "Contact: <sip:dave@192.0.2.9>\r\n", "second"));
        Respond(SipScript.Response(invite, 200, "two", "Contact: <sip:dave@192.0.2.9>\r\n", "second"));

        Assert.Equal(["INVITE", "ACK", "ACK", "BYE", "ACK"], _carol.Summary());
        Assert.StartsWith("BYE sip:dave@192.0.2.9 ", _carol.Received[3]);
        Assert.Contains("To: <sip:carol@192.0.2.9>;tag=two\r\n", _carol.Received[3]);
        Assert.Equal(["Ringing 1 180", "Answered 1 [first]"], _pair.Alice.Told);
        Assert.Equal(1, _pair.Alice.Endpoint.ActiveCalls);
    }

    [Fact]
    public void Early_media_is_progress()
    {
        string invite = CallCarol();
        Respond(SipScript.Response(invite, 183, "one", CarolsContact, "early"));
        Assert.Equal(["Progress 1 183 [early]"], _pair.Alice.Told);
    }

    [Fact]
    public void Requests_follow_the_recorded_routes_in_reverse()
    {
        string invite = CallCarol();
        string routes = "Record-Route: <sip:192.0.2.9:5060;lr>, <sip:p2.example.org;lr>\r\nRecord-Route: <sip:192.0.2.9;lr;third>\r\n";
        Respond(SipScript.Response(invite, 200, "one", "Contact: <sip:carol@far.example.org>\r\n" + routes, "answer"));
        string ack = _carol.Received[^1];
        Assert.StartsWith("ACK sip:carol@far.example.org SIP/2.0\r\n", ack);
        Assert.Contains("Route: <sip:192.0.2.9;lr;third>\r\nRoute: <sip:p2.example.org;lr>\r\nRoute: <sip:192.0.2.9:5060;lr>\r\n", ack);
    }

    [Fact]
    public void A_strict_router_finds_itself_in_the_Request_URI()
    {
        string invite = CallCarol();
        string more = "Contact: <sip:carol@far.example.org>\r\nRecord-Route: <sip:192.0.2.9>\r\n";
        Respond(SipScript.Response(invite, 200, "one", more, "answer"));
        Assert.StartsWith("ACK sip:192.0.2.9 SIP/2.0\r\n", _carol.Received[^1]);
        Assert.Contains("\r\nRoute: <sip:carol@far.example.org>\r\n", _carol.Received[^1]);
    }

    [Fact]
    public void A_re_INVITE_moves_the_remote_target_once_it_is_accepted()
    {
        CarolIsUp();
        string invite = SipScript.Invite("moved", "z9hG4bKre", 2, _carol.BobsTag());
        _carol.Send(invite.Replace("Contact: <sip:carol@192.0.2.9>", "Contact: <sip:desk@192.0.2.9>"));
        Assert.Equal("Reoffered 1 [moved]", _pair.Bob.Told[^1]);
        _pair.Do(() => _pair.Bob.Endpoint.Accept(First, SipPair.AnswerBytes, _pair.Now));
        _pair.Do(() => _pair.Bob.Endpoint.End(First, SipEndCause.HungUp, _pair.Now));
        Assert.StartsWith("BYE sip:desk@192.0.2.9 ", _carol.Received[^1]);
    }

    [Fact]
    public void A_request_out_of_order_gets_500_and_one_of_another_dialog_481()
    {
        CarolIsUp(sequence: 10);
        _carol.Send(SipScript.Request("INFO", "z9hG4bKlow", 9, _carol.BobsTag()));
        _carol.Send(SipScript.Request("BYE", "z9hG4bKother", 11, "someone-else"));
        _carol.Send(SipScript.Request("BYE", "z9hG4bKnone", 12));
        Assert.Equal(["500 INFO", "481 BYE", "481 BYE"], _carol.Summary().TakeLast(3));
        Assert.Equal(1, _pair.Bob.Endpoint.ActiveCalls);
    }

    [Fact]
    public void A_second_INVITE_before_the_first_is_answered_gets_500_with_Retry_After()
    {
        _carol.Send(SipScript.Invite());
        _pair.Do(() => _pair.Bob.Endpoint.Ring(First, _pair.Now));
        _carol.Send(SipScript.Invite(branch: "z9hG4bKtwo", sequence: 2, toTag: _carol.BobsTag()));
        Assert.Equal("500 INVITE", _carol.Summary()[^1]);
        Assert.Contains("\r\nRetry-After: ", _carol.Received[^1]);
        Assert.Equal(1, _pair.Bob.Endpoint.ActiveCalls);
    }

    [Fact]
    public void A_cancelled_re_INVITE_leaves_the_call_up()
    {
        CarolIsUp();
        _carol.Send(SipScript.Invite("moved", "z9hG4bKre", 2, _carol.BobsTag()));
        _carol.Send(SipScript.Request("CANCEL", "z9hG4bKre", 2, _carol.BobsTag()));
        Assert.Equal(["100 INVITE", "200 CANCEL", "487 INVITE"], _carol.Summary().TakeLast(3));
        Assert.Equal(1, _pair.Bob.Endpoint.ActiveCalls);
    }

    [Fact]
    public void A_BYE_while_a_re_INVITE_waits_ends_both()
    {
        CarolIsUp();
        _carol.Send(SipScript.Invite("moved", "z9hG4bKre", 2, _carol.BobsTag()));
        string reason = "Reason: Q.850;cause=16, SIP;cause=200;text=\"Enough\"\r\n";
        _carol.Send(SipScript.Request("BYE", "z9hG4bKbye", 3, _carol.BobsTag(), reason));
        Assert.Equal(["200 BYE", "487 INVITE"], _carol.Summary().TakeLast(2));
        Assert.Equal("Ended 1 Enough by Peer", _pair.Bob.Told[^1]);
        _pair.ShouldLeaveNothing();
    }

    [Fact]
    public void BYE_in_an_early_dialog_refuses_the_INVITE()
    {
        _carol.Send(SipScript.Invite());
        _pair.Do(() => _pair.Bob.Endpoint.Ring(First, _pair.Now));
        _carol.Send(SipScript.Request("BYE", "z9hG4bKbye", 2, _carol.BobsTag()));
        Assert.Equal(["200 BYE", "487 INVITE"], _carol.Summary().TakeLast(2));
        Assert.Single(_pair.Bob.Told, line => line.StartsWith("Ended"));
        _pair.ShouldLeaveNothing();
    }

    [Fact]
    public void An_INVITE_that_expires_is_refused()
    {
        _carol.Send(SipScript.Invite(more: "Expires: 20\r\n"));
        _pair.Wait(21);
        Assert.Contains("487 INVITE", _carol.Summary());
        Assert.Equal("Ended 1 487 not answered in time by Nobody", _pair.Bob.Told[^1]);
    }

    [Fact]
    public void Ringing_is_repeated_every_minute()
    {
        _carol.Send(SipScript.Invite());
        _pair.Do(() => _pair.Bob.Endpoint.Ring(First, _pair.Now));
        _pair.Wait(125);
        Assert.Equal(3, _carol.Summary().Count(line => line == "180 INVITE"));
    }

    [Fact]
    public void The_response_to_an_INVITE_carries_the_recorded_routes()
    {
        _carol.Send(SipScript.Invite(more: "Record-Route: <sip:p2;lr>\r\nRecord-Route: <sip:p1;lr>\r\n"));
        _pair.Do(() => _pair.Bob.Endpoint.Accept(First, SipPair.AnswerBytes, _pair.Now));
        Assert.Contains("\r\nRecord-Route: <sip:p2;lr>\r\nRecord-Route: <sip:p1;lr>\r\n", _carol.Received[^1]);
    }

    [Theory]
    [InlineData("REGISTER", "", "", "sip:bob@192.0.2.2", "405 REGISTER", "Allow: INVITE")]
    [InlineData("PUBLISH", "", "", "sip:bob@192.0.2.2", "405 PUBLISH", "Allow: INVITE")]
    [InlineData("DANCE", "", "", "sip:bob@192.0.2.2", "501 DANCE", "Allow: INVITE")]
    [InlineData("OPTIONS", "", "", "sip:bob@192.0.2.2", "200 OPTIONS", "Accept: application/sdp")]
    [InlineData("OPTIONS", "Max-Forwards: 0\r\n", "", "sip:bob@192.0.2.2", "200 OPTIONS", "Supported: ")]
    [InlineData("OPTIONS", "", "", "tel:+4930", "416 OPTIONS", "SIP/2.0 416 Unsupported URI Scheme")]
    [InlineData("OPTIONS", "", "", "sips:bob@192.0.2.2", "416 OPTIONS", "SIP/2.0 416 ")]
    [InlineData("OPTIONS", "", "", "sip:bob@", "400 OPTIONS", "SIP/2.0 400 ")]
    [InlineData("OPTIONS", "", "", "sip:bob@192.0.2.2; lr", "400 OPTIONS", "SIP/2.0 400 ")]
    [InlineData("OPTIONS", "Require: 100rel, timer\r\n", "", "sip:bob@192.0.2.2", "200 OPTIONS", "Supported: 100rel, timer\r\n")]
    [InlineData("OPTIONS", "Require: timer, gruu, path\r\n", "", "sip:bob@192.0.2.2", "420 OPTIONS", "Unsupported: gruu, path\r\n")]
    [InlineData("REFER", "Refer-To: <sip:x@192.0.2.3>\r\n", "", "sip:bob@192.0.2.2", "405 REFER", "Allow: INVITE")]
    [InlineData("NOTIFY", "Event: presence\r\n", "", "sip:bob@192.0.2.2", "489 NOTIFY", "Allow-Events: message-summary, check-sync")]
    [InlineData("NOTIFY", "", "", "sip:bob@192.0.2.2", "489 NOTIFY", "SIP/2.0 489 Bad Event")]
    [InlineData("NOTIFY", "Event: message-summary\r\n", "x", "sip:bob@192.0.2.2", "200 NOTIFY", "SIP/2.0 200 ")]
    [InlineData("NOTIFY", "o: check-sync;reboot=true\r\n", "", "sip:bob@192.0.2.2", "200 NOTIFY", "SIP/2.0 200 ")]
    [InlineData("PRACK", "RAck: 1 1 INVITE\r\n", "", "sip:bob@192.0.2.2", "481 PRACK", "SIP/2.0 481 ")]
    [InlineData("UPDATE", "", "", "sip:bob@192.0.2.2", "481 UPDATE", "SIP/2.0 481 ")]
    [InlineData("INVITE", "Content-Type: text/plain\r\n", "x", "sip:bob@192.0.2.2", "415 INVITE", "Accept: application/sdp")]
    [InlineData("INVITE", "c: application/sdp\r\ne: gzip\r\n", "x", "sip:bob@192.0.2.2", "415 INVITE", "Accept-Encoding: identity")]
    [InlineData("INVITE", "Content-Type: application/sdp\r\n", "x", "sip:bob@192.0.2.2", "400 INVITE", "SIP/2.0 400 Bad Request")]
    [InlineData("INFO", "", "", "sip:bob@192.0.2.2", "481 INFO", "SIP/2.0 481 ")]
    [InlineData("CANCEL", "", "", "sip:bob@192.0.2.2", "481 CANCEL", "SIP/2.0 481 ")]
    public void Refuses_what_it_does_not_serve(string method, string more, string body, string uri, string expected, string contains)
    {
        _carol.Send(SipScript.Request(method, "z9hG4bKx", 1, more: more, body: body, uri: uri));
        Assert.Equal(expected, _carol.Summary()[0]);
        Assert.Contains(contains, _carol.Received[0]);
        Assert.Contains(";tag=", SipScript.Header(_carol.Received[0], "To"));
        Assert.Empty(_pair.Bob.Told);
    }

    [Fact]
    public void A_MESSAGE_is_told_and_refused()
    {
        _carol.Send(SipScript.Request("MESSAGE", "z9hG4bKm", 1, more: "Content-Type: text/plain\r\n", body: "hello"));
        Assert.Equal("405 MESSAGE", _carol.Summary()[0]);
        Assert.Equal(["Message sip:carol@192.0.2.9 [hello]"], _pair.Bob.Told);
    }

    [Fact]
    public void A_check_sync_counts_when_the_registrar_sends_it()
    {
        SipAccount account = new(SipScript.Local, "bob", new Secret("secret"), TimeSpan.FromMinutes(10));
        SipPair pair = new(bob: new SipSettings { DisplayName = "bob", User = "bob", Accounts = [account] });
        SipScript registrar = new(pair);
        registrar.Send(SipScript.Request("NOTIFY", "z9hG4bKn", 1, more: "Event: check-sync\r\n"));
        Assert.Equal(["200 NOTIFY"], registrar.Summary());
        Assert.Equal(["CheckSync"], pair.Bob.Told);
    }

    [Fact]
    public void OPTIONS_in_a_call_says_what_we_take()
    {
        CarolIsUp();
        _carol.Send(SipScript.Request("OPTIONS", "z9hG4bKo", 2, _carol.BobsTag()));
        Assert.Equal("200 OPTIONS", _carol.Summary()[^1]);
        Assert.Contains("\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE, NOTIFY\r\n", _carol.Received[^1]);
    }

    [Fact]
    public void The_same_INVITE_on_a_second_way_is_a_loop()
    {
        _carol.Send(SipScript.Invite());
        _carol.Send(SipScript.Invite(branch: "z9hG4bKother"));
        _carol.Send(SipScript.Invite());
        Assert.Equal(["100 INVITE", "482 INVITE", "100 INVITE"], _carol.Summary());
        Assert.Equal(1, _pair.Bob.Endpoint.ActiveCalls);
    }

    [Fact]
    public void An_Info_Package_is_unknown()
    {
        CarolIsUp();
        _carol.Send(SipScript.Request("INFO", "z9hG4bKinfo", 2, _carol.BobsTag(), "Info-Package: foo\r\n"));
        Assert.Equal("469 INFO", _carol.Summary()[^1]);
        Assert.Contains("\r\nRecv-Info: \r\n", _carol.Received[^1]);
    }

    [Fact]
    public void A_broken_request_gets_400_and_another_version_505()
    {
        _carol.Send(SipScript.Invite().Replace("CSeq: 1 INVITE", "CSeq: 1 BYE"));
        _carol.Send(SipScript.Invite().Replace("192.0.2.2 SIP/2.0", "192.0.2.2 SIP/7.0"));
        Assert.StartsWith("SIP/2.0 400 ", _carol.Received[0]);
        Assert.StartsWith("SIP/2.0 505 ", _carol.Received[1]);
        Assert.Equal((1, 1), (_pair.Bob.Endpoint.Dropped(SipDropReason.CSeq), _pair.Bob.Endpoint.Dropped(SipDropReason.Version)));
    }

    [Fact]
    public void What_is_not_for_us_is_counted_and_dropped()
    {
        string invite = CallCarol();
        Respond(SipScript.Response(invite, 200, "one", CarolsContact).Replace("192.0.2.1:5060;branch", "192.0.2.77:5060;branch"));
        Respond(SipScript.Response(invite, 200, "one", CarolsContact).Replace("branch=z9hG4bK", "branch=z9hG4bKno"));
        Respond(SipScript.Response(invite, 200, "one"));
        _carol.SendTo(_pair.Alice, SipScript.Request("ACK", "z9hG4bKack", 1, "nobody"));
        _carol.SendTo(_pair.Alice, "\r\n\r\n");
        SipDropReason[] reasons =
        [
            SipDropReason.ForeignResponse, SipDropReason.StrayResponse, SipDropReason.Address, SipDropReason.StrayAck,
            SipDropReason.KeepAlive,
        ];
        Assert.All(reasons, reason => Assert.Equal(1, _pair.Alice.Endpoint.Dropped(reason)));
        Assert.Empty(_pair.Alice.Told);
        Assert.Single(_carol.Received);
    }

    [Fact]
    public void More_calls_than_we_keep_are_busy_and_more_requests_are_to_come_again_which_is_not_said_without_end()
    {
        for (int index = 0; index < SipLimits.Calls; index++)
        {
            _carol.Send(SipScript.Invite(branch: $"z9hG4bK{index}").Replace("carols-call", $"call-{index}"));
        }

        _carol.Send(SipScript.Invite(branch: "z9hG4bKmore").Replace("carols-call", "one-more"));
        Assert.Equal("486 INVITE", _carol.Summary()[^1]);
        for (int index = 0; index < SipLimits.ServerTransactions; index++)
        {
            _carol.Send(SipScript.Invite(branch: $"z9hG4bKo{index}").Replace("carols-call", $"other-{index}"));
        }

        Assert.Equal(SipLimits.Calls + 1, _pair.Bob.Endpoint.Dropped(SipDropReason.TooManyTransactions));
        string[] refusals = [.. _carol.Received.Where(message => message.StartsWith("SIP/2.0 503"))];
        Assert.Equal(20, refusals.Length);
        Assert.All(refusals, refusal => Assert.Equal("10", SipScript.Header(refusal, "Retry-After")));

        // A second later there are ten more, and the ACK for one of them means nothing.
        _pair.Wait(1);
        for (int index = 0; index < 30; index++)
        {
            _carol.Send(SipScript.Invite(branch: $"z9hG4bKl{index}").Replace("carols-call", $"later-{index}"));
        }

        Assert.Equal(30, _carol.Received.Count(message => message.StartsWith("SIP/2.0 503")));
        int before = _carol.Received.Count;
        _carol.Send(SipScript.Request("ACK", "z9hG4bKl0", 1, toTag: "any").Replace("carols-call", "later-0"));
        Assert.Equal(before, _carol.Received.Count);
    }

    [Fact]
    public void Calls_that_are_over_do_not_stand_in_the_way_of_those_to_come_until_they_are_very_many()
    {
        SipEndpoint caller = _pair.Alice.Endpoint;
        for (int index = 0; index < SipLimits.KeptCalls; index++)
        {
            SipCall call = _pair.Call();
            SipCall answered = new(index + 1);
            _pair.Do(() => _pair.Bob.Endpoint.Accept(answered, SipPair.AnswerBytes, _pair.Now));
            _pair.Do(() => caller.End(call, SipEndCause.HungUp, _pair.Now));
        }

        Assert.Equal((0, SipLimits.KeptCalls), (caller.ActiveCalls, caller.KeptCalls));
        Assert.DoesNotContain(_pair.Alice.Told, line => line.Contains("no more calls"));
        _ = _pair.Call();
        Assert.Contains("no more calls", _pair.Alice.Told[^1]);
        _pair.ShouldLeaveNothing();
    }

    [Fact]
    public void A_call_to_nowhere_ends_at_once()
    {
        _ = _pair.Call("sip:bob@house");
        _ = _pair.Call("mailto:bob@house");
        Assert.Equal(["Ended 1 404 no way to this address by Nobody", "Ended 2 404 no way to this address by Nobody"], _pair.Alice.Told);
        Assert.Empty(_pair.Wire);
    }

    [Fact]
    public void A_481_in_the_call_ends_it()
    {
        string invite = CallCarol();
        Respond(SipScript.Response(invite, 200, "one", CarolsContact, "answer"));
        _pair.Do(() => _pair.Alice.Endpoint.SendInfo(First, InfoDigits.BareType, "5"u8, _pair.Now));
        Respond(SipScript.Response(_carol.Received[^1], 481, ""));
        Assert.Equal("Ended 1 481 Because by Peer", _pair.Alice.Told[^1]);
        Assert.Equal("BYE", _carol.Summary()[^1]);
    }

    [Fact]
    public void The_call_has_these_transitions_and_no_others()
    {
        string[] expected =
        [
            "Locating Sent Calling None", "Locating Failure Terminated TellEnded", "Locating End Terminated TellEnded",
            "Calling ServerFailure Locating None", "Calling Provisional Proceeding None", "Calling Success Established None", "Calling Failure Terminated TellEnded",
            "Calling End Withdrawn TellEnded",
            "Proceeding ServerFailure Locating None", "Proceeding Challenged Calling None", "Proceeding Success Established None", "Proceeding Failure Terminated TellEnded",
            "Proceeding End Cancelling SendCancel, TellEnded",
            "Withdrawn Provisional Cancelling SendCancel", "Withdrawn Success Terminating SendBye", "Withdrawn Failure Terminated None",
            "Cancelling Success Terminating SendBye", "Cancelling Failure Terminated None", "Cancelling Abandoned Terminated None",
            "Offered Accept Accepted None", "Offered PeerEnds Terminated SendRefusal, TellEnded",
            "Offered End Terminated SendRefusal, TellEnded",
            "Accepted Ack Established None", "Accepted AckMissing Terminating SendBye, TellEnded", "Accepted PeerEnds Terminated TellEnded",
            "Accepted End Leaving TellEnded",
            "Established AckMissing Terminating SendBye, TellEnded", "Established Lost Terminating SendBye, TellEnded",
            "Established PeerEnds Terminated TellEnded", "Established End Terminating SendBye, TellEnded",
            "Leaving Ack Terminating SendBye", "Leaving AckMissing Terminating SendBye", "Leaving PeerEnds Terminated None",
            "Terminating PeerEnds Terminated None", "Terminating ByeAnswered Terminated None",
        ];
        Assert.Equal(
            expected,
            from state in Enum.GetValues<SessionState>()
            from input in Enum.GetValues<SessionInput>()
            let step = SessionTransitions.Next(state, input)
            where step.State != state || step.Actions != SessionActions.None
            select $"{state} {input} {step.State} {step.Actions}");
    }

    private string CallCarol()
    {
        _ = _pair.Call("sip:carol@192.0.2.9");
        return _carol.Received[^1];
    }

    private void Respond(string response) => _carol.SendTo(_pair.Alice, response);

    private void CarolIsUp(int sequence = 1)
    {
        _carol.Send(SipScript.Invite(sequence: sequence));
        _pair.Do(() => _pair.Bob.Endpoint.Accept(First, SipPair.AnswerBytes, _pair.Now));
        _carol.Send(_carol.Ack(sequence: sequence));
        Assert.Equal("Confirmed 1", _pair.Bob.Told[^1]);
    }
}
