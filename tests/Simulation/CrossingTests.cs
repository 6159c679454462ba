using System;
using System.Linq;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>What crosses on its way, arrives late or not at all.</summary>
public sealed class CrossingTests
{
    private static readonly NetworkEndpoint Door = NetworkEndpoint.FromIPv4(0x7F000001, 5060);
    private static readonly NetworkEndpoint Indoor = Door.WithPort(5061);

    [Fact]
    public void Both_hang_up_at_once()
    {
        using House house = new(seed: 20);
        (Resident door, Resident indoor) = Talk(house);
        Wiretap sip = new(house);

        indoor.Calls.HangUp(house.Loop.Now);
        door.Calls.HangUp(house.Loop.Now);
        house.Run(1);

        Assert.Equal(2, sip.Find("BYE").Length);
        Assert.Equal((StationState.Quiet, StationState.Quiet), (door.Host.State, indoor.Host.State));
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void A_cancel_that_crosses_the_answer_ends_in_a_hang_up()
    {
        using House house = new(seed: 21);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061) with { RingLimit = TimeSpan.FromSeconds(5) });
        Resident indoor = house.Add(House.Indoor(answerAfter: 4.9995));
        Wiretap sip = new(house);

        door.Panel.Press(0, house.Machine.Now);
        house.Run(8);

        Assert.NotEmpty(sip.Find("CANCEL"));
        Assert.Contains(sip.Find("SIP/2.0 200"), answer => answer.Header("CSeq").EndsWith("INVITE", StringComparison.Ordinal));
        Assert.NotEmpty(sip.Find("BYE"));
        Assert.Equal((StationState.Quiet, StationState.Quiet), (door.Host.State, indoor.Host.State));
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void A_lost_ack_is_asked_for_again()
    {
        using House house = new(seed: 22);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        Resident indoor = house.Add(House.Indoor());
        int acks = 0;
        Wiretap sip = new(house) { Loses = message => message.Text.StartsWith("ACK", StringComparison.Ordinal) && acks++ < 3 };

        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 300 && indoor.Ear.LoudPeriods > 300, 10));

        Assert.Equal(4, sip.Find("ACK").Length);
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void An_ack_that_never_comes_ends_the_call_on_both_sides()
    {
        using House house = new(seed: 23);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        Resident indoor = house.Add(House.Indoor());
        _ = new Wiretap(house) { Loses = message => message.Text.StartsWith("ACK", StringComparison.Ordinal) };

        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => indoor.Host.State == StationState.Talking, 5));
        Assert.True(house.RunUntil(() => indoor.Host.State == StationState.Quiet, 40));
        house.Run(1);

        Assert.Equal(StationState.Quiet, door.Host.State);
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void A_bye_may_arrive_together_with_the_answer()
    {
        using House house = new(seed: 24);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        _ = house.Add(House.Indoor());
        Wiretap sip = new(house) { Loses = message => IsAnswer(message) };

        // The answer is held back until the handshake, which overtakes it, is done.
        door.Panel.Press(0, house.Machine.Now);
        house.Run(0.4);
        sip.Loses = _ => false;
        SipLine answer = sip.Messages.First(IsAnswer);
        sip.Forge(answer.Text, answer.From, answer.To);
        sip.Forge(
            $"BYE sip:station@127.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP {answer.From};branch=z9hG4bKbye\r\nFrom: {answer.Header("To")}\r\n"
            + $"To: {answer.Header("From")}\r\nCall-ID: {answer.Header("Call-ID")}\r\nCSeq: 7 BYE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
            answer.From, answer.To);
        house.Run(1);

        Assert.Equal(StationState.Quiet, door.Host.State);
        Assert.Equal(Crypto.Srtp.SrtpProfile.AeadAes128Gcm, door.Calls.LastCall!.Security.Profile);
        Assert.Contains(sip.Find("SIP/2.0 200"), response => response.Header("CSeq") == "7 BYE");
    }

    [Fact]
    public void Holds_that_cross_are_both_refused_and_then_both_made()
    {
        using House house = new(seed: 25);
        (Resident door, Resident indoor) = Talk(house);
        Wiretap sip = new(house);

        Assert.True(indoor.Calls.TryHold(hold: true, house.Loop.Now));
        Assert.True(door.Calls.TryHold(hold: true, house.Loop.Now));
        house.Run(15);

        Assert.Equal(2, sip.Find("SIP/2.0 491").Length);
        Assert.Equal((StationState.Talking, StationState.Talking), (door.Host.State, indoor.Host.State));
        int heard = indoor.Ear.LoudPeriods + door.Ear.LoudPeriods;
        house.Run(1);
        Assert.Equal(heard, indoor.Ear.LoudPeriods + door.Ear.LoudPeriods);
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void An_invite_without_an_offer_while_ours_waits_is_refused()
    {
        using House house = new(seed: 26);
        (Resident door, Resident indoor) = Talk(house);
        Wiretap sip = new(house) { Loses = message => message.From == Indoor && message.Text.StartsWith("INVITE", StringComparison.Ordinal) };
        Assert.True(indoor.Calls.TryHold(hold: true, house.Loop.Now));
        house.Run(0.1);

        // The door is told that its own hold came at the wrong time, and waits with it.
        Assert.True(door.Calls.TryHold(hold: true, house.Loop.Now));
        Assert.True(house.RunUntil(() => sip.Find("SIP/2.0 491").Length == 1, 1));
        SipLine invite = sip.Find("INVITE").First(message => message.From == Indoor);
        string head = invite.Text[..invite.Text.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        string[] lines = [.. head.Split("\r\n").Where(line => !line.StartsWith("Content-", StringComparison.Ordinal))
            .Select(line => line.StartsWith("Via:", StringComparison.Ordinal) ? $"Via: SIP/2.0/UDP {Indoor};branch=z9hG4bKnew" : line)
            .Select(line => line.StartsWith("CSeq:", StringComparison.Ordinal) ? "CSeq: 900 INVITE" : line)];
        sip.Forge(string.Join("\r\n", lines) + "\r\nContent-Length: 0\r\n\r\n", Indoor, Door);
        house.Run(0.1);

        Assert.Contains(sip.Find("SIP/2.0 491"), response => response.Header("CSeq") == "900 INVITE");
        Assert.Equal(StationState.Talking, door.Host.State);
    }

    [Fact]
    public void A_caller_without_an_offer_gets_ours_and_is_hung_up_when_it_begins_no_handshake()
    {
        using House house = new(seed: 27);
        Resident indoor = house.Add(House.Indoor());
        Wiretap sip = new(house);
        NetworkEndpoint caller = Door.WithPort(7000);
        const string Headers = "From: <sip:a@127.0.0.1:7000>;tag=a\r\nCall-ID: late\r\nMax-Forwards: 70\r\nContact: <sip:a@127.0.0.1:7000>\r\n";
        sip.Forge(
            $"INVITE sip:in@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {caller};branch=z9hG4bKlate\r\nTo: <sip:in@127.0.0.1>\r\nCSeq: 1 INVITE\r\n"
            + Headers + "Content-Length: 0\r\n\r\n",
            caller, Door);
        house.Run(0.1);

        SipLine offer = Assert.Single(sip.Find("SIP/2.0 200"));
        Assert.Contains("UDP/TLS/RTP/SAVP", offer.Body);
        Assert.Contains("a=setup:actpass", offer.Body);
        string answer = offer.Body.Replace("a=setup:actpass", "a=setup:active");
        sip.Forge(
            $"ACK sip:in@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {caller};branch=z9hG4bKack\r\nTo: {offer.Header("To")}\r\nCSeq: 1 ACK\r\n"
            + Headers + $"Content-Type: application/sdp\r\nContent-Length: {answer.Length}\r\n\r\n{answer}",
            caller, Door);
        house.Run(9.5);
        Assert.Equal(StationState.Talking, indoor.Host.State);
        house.Run(1);

        Assert.Equal(StationState.Quiet, indoor.Host.State);
        Assert.Equal(caller, Assert.Single(sip.Find("BYE").DistinctBy(bye => bye.Header("CSeq"))).To);
    }

    private static bool IsAnswer(SipLine message) =>
        message.Text.StartsWith("SIP/2.0 200", StringComparison.Ordinal) && message.Header("CSeq").EndsWith("INVITE", StringComparison.Ordinal);

    private static (Resident Door, Resident Indoor) Talk(House house)
    {
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        Resident indoor = house.Add(House.Indoor());
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 50 && indoor.Ear.LoudPeriods > 50, 5));
        return (door, indoor);
    }
}
