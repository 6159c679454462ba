using System;
using System.Linq;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>
/// Carol, who is in a call with Bob, sends Bob to somebody else (RFC 3515), and Dora takes Carol's place (RFC 3891).
/// </summary>
public sealed class TransferTests
{
    private const string Contact = "Contact: <sip:carol@192.0.2.9>\r\n";
    private const string Target = "sip:dora@192.0.2.8";
    private static readonly SipCall First = new(1);
    private static readonly SipCall Second = new(2);
    private readonly SipPair _pair = new();
    private readonly SipScript _carol;
    private readonly SipScript _dora;

    public TransferTests()
    {
        _carol = new SipScript(_pair);
        _dora = new SipScript(_pair, SipScript.Local with { Port = 5080 });
        _pair.Bob.Endpoint.AllowsTransfer = true;
    }

    [Fact]
    public void What_becomes_of_it_is_told_until_the_target_has_answered_and_the_call_ends()
    {
        Establish();
        _carol.Send(Refer(2, Target));
        Assert.Equal($"Referred 1 {Target}", _pair.Bob.Told[^1]);
        Assert.Equal("200 INVITE", _carol.Summary()[^1]);

        Report(100);
        Assert.Equal(["202 REFER", "NOTIFY"], _carol.Summary()[^2..]);
        Assert.Contains("\r\nContact: <sip:bob@192.0.2.2:5060>\r\n", _carol.Received[^2]);
        ShouldTell("SIP/2.0 100 Trying", "active;expires=900", "refer");
        AnswerNotify();

        _pair.Wait(2);
        Report(180);
        ShouldTell("SIP/2.0 180 Ringing", "active;expires=898", "refer");
        AnswerNotify();
        Report(200);
        ShouldTell("SIP/2.0 200 OK", "terminated;reason=noresource", "refer");
        AnswerNotify();
        _pair.Do(() => _pair.Bob.Endpoint.End(First, SipEndCause.HungUp, _pair.Now));
        Assert.Equal("BYE", _carol.Summary()[^1]);
        _carol.Send(SipScript.Response(_carol.Received[^1], 200, ""));
        _pair.ShouldLeaveNothing();
    }

    [Fact]
    public void Provisional_news_come_once_a_second_and_one_after_another()
    {
        Establish();
        _carol.Send(Refer(2, Target));
        Report(100);
        Report(180);
        AnswerNotify();
        Assert.Equal("NOTIFY", _carol.Summary()[^1]);
        ShouldTell("SIP/2.0 100 Trying", "active;expires=900", "refer");
        int told = Notifies();
        _pair.Wait(0.9);
        Assert.Equal(told, Notifies());
        _pair.Wait(0.2);
        ShouldTell("SIP/2.0 180 Ringing", "active;expires=899", "refer");

        // Unanswered as this one is, the end has to wait for its turn.
        told = Notifies();
        Report(486);
        Assert.Equal(told, Notifies());
        AnswerNotify();
        ShouldTell("SIP/2.0 486 Busy Here", "terminated;reason=noresource", "refer");
    }

    [Fact]
    public void A_second_transfer_of_the_call_has_a_name_of_its_own()
    {
        Establish();
        _carol.Send(Refer(2, Target));
        Report(100);
        AnswerNotify();
        _carol.Send(Refer(3, Target));
        Assert.Equal("491 REFER", _carol.Summary()[^1]);
        Report(603);
        ShouldTell("SIP/2.0 603 Decline", "terminated;reason=noresource", "refer");
        AnswerNotify();

        _carol.Send(Refer(4, Target));
        Report(100);
        ShouldTell("SIP/2.0 100 Trying", "active;expires=900", "refer;id=4");
    }

    [Fact]
    public void Who_wants_to_hear_nothing_is_told_nothing()
    {
        Establish();
        _carol.Send(Refer(2, Target, "Require: norefersub\r\nRefer-Sub: false\r\n"));
        Report(100);
        Assert.Contains("\r\nRefer-Sub: false\r\n", _carol.Received[^1]);
        Report(200);
        Assert.Equal("202 REFER", _carol.Summary()[^1]);
        Assert.Equal(0, Notifies());
    }

    [Fact]
    public void Who_hangs_up_at_once_still_hears_the_end_of_it()
    {
        Establish();
        _carol.Send(Refer(2, Target));
        Report(100);
        _carol.Send(SipScript.Request("BYE", "z9hG4bKbye", 3, _carol.BobsTag()));
        Assert.Equal("Ended 1 hung up by Peer", _pair.Bob.Told[^1]);
        AnswerNotify();
        Report(200);
        ShouldTell("SIP/2.0 200 OK", "terminated;reason=noresource", "refer");
        AnswerNotify();
        _pair.ShouldLeaveNothing();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_call_that_is_done_with_before_the_first_news_are_answered_ends_after_the_last(bool isAnswered)
    {
        Establish();
        _carol.Send(Refer(2, Target));
        Report(100);
        Report(200);
        _pair.Do(() => _pair.Bob.Endpoint.End(First, SipEndCause.HungUp, _pair.Now));
        Assert.Equal("NOTIFY", _carol.Summary()[^1]);

        if (isAnswered)
        {
            AnswerNotify();
            ShouldTell("SIP/2.0 200 OK", "terminated;reason=noresource", "refer");
        }
        else
        {
            // Timer F of the NOTIFY.
            _pair.Wait(33);
        }

        Assert.Equal("BYE", _carol.Summary().Last(line => line != "NOTIFY"));
        Assert.Equal(isAnswered ? 2 : 1, _carol.Received.Where(message => message.StartsWith("NOTIFY")).Distinct().Count());
    }

    [Fact]
    public void Who_refuses_the_news_gets_no_more_of_them()
    {
        Establish();
        _carol.Send(Refer(2, Target));
        Report(100);
        AnswerNotify(481);
        int told = Notifies();
        _pair.Wait(5);
        Report(200);
        Assert.Equal(told, Notifies());
    }

    [Fact]
    public void News_that_nobody_answers_come_to_an_end()
    {
        Establish();
        _carol.Send(Refer(2, Target));
        Report(100);
        _carol.Send(SipScript.Request("BYE", "z9hG4bKbye", 3, _carol.BobsTag()));
        _pair.Wait(40);
        Report(200);
        _pair.ShouldLeaveNothing();
    }

    [Fact]
    public void The_station_refuses_a_target_that_is_not_its_own()
    {
        Establish();
        _carol.Send(Refer(2, "sip:stranger@198.51.100.1"));
        Report(403);
        Assert.Equal("403 REFER", _carol.Summary()[^1]);
        Assert.Equal(0, Notifies());

        // It was no transfer: another one may be asked for.
        _carol.Send(Refer(3, Target));
        Assert.Equal($"Referred 1 {Target}", _pair.Bob.Told[^1]);
    }

    [Fact]
    public void A_transfer_that_nobody_has_decided_ends_with_the_call()
    {
        Establish();
        _carol.Send(Refer(2, Target));
        _carol.Send(SipScript.Request("BYE", "z9hG4bKbye", 3, _carol.BobsTag()));
        Assert.Equal(["200 BYE", "481 REFER"], _carol.Summary()[^2..]);
        _pair.ShouldLeaveNothing();
    }

    [Fact]
    public void Where_it_is_not_allowed_it_is_refused_as_a_method_that_is_unknown_here()
    {
        _pair.Bob.Endpoint.AllowsTransfer = false;
        Establish();
        Assert.DoesNotContain("REFER", _carol.Received[^1]);
        Assert.DoesNotContain("replaces", _carol.Received[^1]);
        _carol.Send(Refer(2, Target));
        Assert.Equal("405 REFER", _carol.Summary()[^1]);
        Assert.DoesNotContain("REFER", SipScript.Header(_carol.Received[^1], "Allow"));
        _carol.Send(Refer(3, Target, "Require: norefersub\r\n"));
        Assert.Equal("405 REFER", _carol.Summary()[^1]);
    }

    [Fact]
    public void Where_it_is_allowed_the_answer_and_OPTIONS_say_so()
    {
        Establish();
        Assert.EndsWith(", REFER", SipScript.Header(_carol.Received[^1], "Allow"));
        Assert.EndsWith(", replaces, norefersub", SipScript.Header(_carol.Received[^1], "Supported"));
        _carol.Send(SipScript.Request("OPTIONS", "z9hG4bKoptions", 1).Replace("carols-call", "options"));
        Assert.EndsWith(", REFER", SipScript.Header(_carol.Received[^1], "Allow"));
    }

    [Fact]
    public void A_stranger_sends_us_nowhere()
    {
        Establish();
        _carol.Send(Refer(2, Target).Replace($";tag={_carol.BobsTag()}", ""));
        Assert.Equal("403 REFER", _carol.Summary()[^1]);
        _carol.Send(Refer(3, Target).Replace("carols-call", "another-call"));
        Assert.Equal("481 REFER", _carol.Summary()[^1]);
        Assert.DoesNotContain(_pair.Bob.Told, line => line.StartsWith("Referred"));
    }

    [Fact]
    public void A_call_that_is_not_up_is_not_transferred()
    {
        _carol.Send(SipScript.Invite());
        _pair.Do(() => _pair.Bob.Endpoint.Ring(First, _pair.Now));
        _carol.Send(Refer(2, Target));
        Assert.Equal("500 REFER", _carol.Summary()[^1]);
        Assert.Contains("\r\nRetry-After: ", _carol.Received[^1]);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("Refer-To: <http://example.org>\r\n", 416)]
    public void A_transfer_without_sense_is_refused(string lines, int status)
    {
        Establish();
        _carol.Send(SipScript.Request("REFER", "z9hG4bKrefer2", 2, _carol.BobsTag(), Contact + lines));
        Assert.Equal($"{status} REFER", _carol.Summary()[^1]);
    }

    [Fact]
    public void The_call_to_the_target_says_whose_place_it_takes_and_who_sent_it_and_says_so_again_with_credentials()
    {
        Establish();
        string replaces = "?Replaces=desk%40192.0.2.9%3Bto-tag%3Dto%3Bfrom-tag%3Dfrom";
        _carol.Send(Refer(2, $"{Target}:5080{replaces}", "Referred-By: <sip:carol@192.0.2.9>\r\n"));
        Assert.Equal($"Referred 1 {Target}:5080", _pair.Bob.Told[^1]);
        Report(100);
        AnswerNotify();
        _pair.Do(() => _ = _pair.Bob.Endpoint.Invite("sip:dora@192.0.2.9:5080", null, SipPair.OfferBytes, _pair.Now, First));
        Assert.Equal("desk@192.0.2.9;to-tag=to;from-tag=from", SipScript.Header(_dora.Received[^1], "Replaces"));
        Assert.Equal("<sip:carol@192.0.2.9>", SipScript.Header(_dora.Received[^1], "Referred-By"));

        _dora.SendTo(_pair.Bob, SipScript.Response(_dora.Received[^1], 422, "dora", "Min-SE: 1800\r\n"));
        Assert.Equal("desk@192.0.2.9;to-tag=to;from-tag=from", SipScript.Header(_dora.Received[^1], "Replaces"));
    }

    [Fact]
    public void A_call_that_nobody_asked_for_says_nothing_of_that()
    {
        Establish();
        _carol.Send(Refer(2, $"{Target}?Replaces=desk%3Bto-tag%3Dto%3Bfrom-tag%3Dfrom"));
        Report(403);
        _pair.Do(() => _ = _pair.Bob.Endpoint.Invite("sip:dora@192.0.2.9:5080", null, SipPair.OfferBytes, _pair.Now, First));
        Assert.DoesNotContain("Replaces", _dora.Received[^1]);
    }

    [Fact]
    public void Dora_takes_Carols_place()
    {
        Establish();
        _dora.SendTo(_pair.Bob, Dora(Replaces()));
        Assert.Equal("Incoming 2 sip:carol@192.0.2.9 (Carol) [offer]", _pair.Bob.Told[^1]);
        Assert.Equal(First, _pair.Bob.Callers[^1].Replaced);
    }

    [Theory]
    [InlineData("", 486)]
    [InlineData("x", 0)]
    public void A_call_that_is_up_is_not_replaced_by_who_wants_an_early_one(string spoilt, int status)
    {
        Establish();
        _dora.SendTo(_pair.Bob, Dora(Replaces($";early-only{spoilt}")));
        Assert.Equal(status == 0 ? "100 INVITE" : $"{status} INVITE", _dora.Summary()[^1]);
    }

    [Theory]
    [InlineData("carols-call", "another-call")]
    [InlineData("from-tag=carol", "from-tag=carola")]
    [InlineData("to-tag=", "to-tag=x")]
    public void Nobodys_call_is_not_replaced(string said, string changed)
    {
        Establish();
        _dora.SendTo(_pair.Bob, Dora(Replaces().Replace(said, changed)));
        Assert.Equal("481 INVITE", _dora.Summary()[^1]);
        Assert.Equal(1, _pair.Bob.Endpoint.ActiveCalls);
    }

    [Fact]
    public void Tags_that_are_exchanged_name_another_dialog()
    {
        Establish();
        _dora.SendTo(_pair.Bob, Dora($"Replaces: carols-call;from-tag={_carol.BobsTag()};to-tag=carol\r\n"));
        Assert.Equal("481 INVITE", _dora.Summary()[^1]);
    }

    [Fact]
    public void A_call_that_has_just_ended_is_declined_and_later_is_unknown()
    {
        Establish();
        string replaces = Replaces();
        _carol.Send(SipScript.Request("BYE", "z9hG4bKbye", 3, _carol.BobsTag()));
        _dora.SendTo(_pair.Bob, Dora(replaces));
        Assert.Equal("603 INVITE", _dora.Summary()[^1]);
        _pair.Wait(33);
        _dora.SendTo(_pair.Bob, Dora(replaces, "z9hG4bKlater", "later"));
        Assert.Equal("481 INVITE", _dora.Summary()[^1]);
    }

    [Fact]
    public void A_call_that_ends_is_declined()
    {
        Establish();
        string replaces = Replaces();
        _pair.Do(() => _pair.Bob.Endpoint.End(First, SipEndCause.HungUp, _pair.Now));
        _dora.SendTo(_pair.Bob, Dora(replaces));
        Assert.Equal("603 INVITE", _dora.Summary()[^1]);
    }

    [Fact]
    public void Who_rings_here_is_not_replaced()
    {
        _carol.Send(SipScript.Invite());
        _pair.Do(() => _pair.Bob.Endpoint.Ring(First, _pair.Now));
        _dora.SendTo(_pair.Bob, Dora(Replaces()));
        Assert.Equal("481 INVITE", _dora.Summary()[^1]);
    }

    [Fact]
    public void A_telephone_that_we_ring_is_picked_up_for_by_another()
    {
        _pair.Do(() => _ = _pair.Bob.Endpoint.Invite("sip:carol@192.0.2.9", null, SipPair.OfferBytes, _pair.Now));
        string invite = _carol.Received[^1];
        _carol.Send(SipScript.Response(invite, 180, "desk", Contact));
        string bobs = SipScript.Header(invite, "From").Split("tag=")[1];
        string replaces = $"Replaces: {SipScript.Header(invite, "Call-ID")};to-tag={bobs};from-tag=desk;early-only\r\n";
        _dora.SendTo(_pair.Bob, Dora(replaces));
        Assert.Equal(First, _pair.Bob.Callers[^1].Replaced);
    }

    [Theory]
    [InlineData("Replaces: carols-call;to-tag=a;from-tag=b\r\nReplaces: carols-call;to-tag=a;from-tag=b\r\n")]
    [InlineData("Replaces: carols-call;to-tag=a;from-tag=b, other;to-tag=a;from-tag=b\r\n")]
    [InlineData("Replaces: carols-call;to-tag=a\r\n")]
    [InlineData("Replaces: carols-call;to-tag=a;from-tag=b\r\nJoin: carols-call;to-tag=a;from-tag=b\r\n")]
    [InlineData("Replaces:\r\n")]
    public void Replaces_without_sense_is_a_bad_request(string lines)
    {
        Establish();
        _dora.SendTo(_pair.Bob, Dora(lines));
        Assert.Equal("400 INVITE", _dora.Summary()[^1]);
        Assert.Equal(1, _pair.Bob.Endpoint.ActiveCalls);
    }

    [Fact]
    public void Replaces_belongs_into_an_INVITE_that_makes_a_call()
    {
        Establish();
        _carol.Send(SipScript.Request("INFO", "z9hG4bKinfo", 2, _carol.BobsTag(), Replaces()));
        Assert.Equal("400 INFO", _carol.Summary()[^1]);
        _carol.Send(SipScript.Invite(branch: "z9hG4bKre", sequence: 3, toTag: _carol.BobsTag(), more: Replaces()));
        Assert.Equal("400 INVITE", _carol.Summary()[^1]);
        _carol.Send(SipScript.Request("OPTIONS", "z9hG4bKoptions", 1, more: Replaces()).Replace("carols-call\r\nCSeq", "x\r\nCSeq"));
        Assert.Equal("400 OPTIONS", _carol.Summary()[^1]);
    }

    [Fact]
    public void Where_it_is_not_allowed_a_call_replaces_nothing_and_is_refused_if_it_insists()
    {
        _pair.Bob.Endpoint.AllowsTransfer = false;
        Establish();
        _dora.SendTo(_pair.Bob, Dora(Replaces() + "Require: replaces\r\n"));
        Assert.Equal("420 INVITE", _dora.Summary()[^1]);
        Assert.Contains("\r\nUnsupported: replaces\r\n", _dora.Received[^1]);
        _dora.SendTo(_pair.Bob, Dora(Replaces(), "z9hG4bKmeek", "meek"));
        Assert.Equal(default, _pair.Bob.Callers[^1].Replaced);
        Assert.Equal(Second, _pair.Bob.CallsOfCallers[^1]);
    }

    private void Establish()
    {
        _carol.Send(SipScript.Invite());
        _pair.Do(() => _pair.Bob.Endpoint.Accept(First, SipPair.AnswerBytes, _pair.Now));
        _carol.Send(_carol.Ack());
        Assert.Equal("Confirmed 1", _pair.Bob.Told[^1]);
    }

    private void Report(int status) => _pair.Do(() => _pair.Bob.Endpoint.ReportReferral(First, status, _pair.Now));

    private int Notifies() => _carol.Summary().Count(line => line == "NOTIFY");

    private void AnswerNotify(int status = 200) =>
        _carol.Send(SipScript.Response(_carol.Received.Last(message => message.StartsWith("NOTIFY")), status, ""));

    private void ShouldTell(string line, string state, string name)
    {
        string notify = _carol.Received.Last(message => message.StartsWith("NOTIFY"));
        Assert.EndsWith($"\r\n\r\n{line}\r\n", notify);
        Assert.Equal(state, SipScript.Header(notify, "Subscription-State"));
        Assert.Equal(name, SipScript.Header(notify, "Event"));
        Assert.Equal("message/sipfrag;version=2.0", SipScript.Header(notify, "Content-Type"));
        Assert.Contains("\r\nContact: ", notify);
    }

    private string Refer(int sequence, string to, string more = "") =>
        SipScript.Request("REFER", $"z9hG4bKrefer{sequence}", sequence, _carol.BobsTag(), $"{Contact}Refer-To: <{to}>\r\n{more}");

    private string Replaces(string more = "") => $"Replaces: carols-call;to-tag={_carol.BobsTag()};from-tag=carol{more}\r\n";

    private static string Dora(string more, string branch = "z9hG4bKdora", string call = "doras-call")
    {
        string invite = SipScript.Invite(branch: branch, more: "@");
        return invite.Replace("carols-call", call, StringComparison.Ordinal).Replace(";tag=carol", ";tag=dora", StringComparison.Ordinal)
            .Replace("192.0.2.9:5060", "192.0.2.9:5080", StringComparison.Ordinal)
            .Replace("@Content", $"{more}Content", StringComparison.Ordinal);
    }
}
