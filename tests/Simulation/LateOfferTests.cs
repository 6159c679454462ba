using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>
/// A telephone that makes no offer and wants the ringing acknowledged (RFC 3262 section 5): the agent offers in the 180, the PRACK answers,
/// and the 200 says nothing of it any more. It speaks plain RTP, which this agent allows.
/// </summary>
public sealed class LateOfferTests
{
    private const string Sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 7000 RTP/AVP 0\r\n";
    private static readonly NetworkEndpoint Here = NetworkEndpoint.FromIPv4(0x7F000001, 6000);
    private readonly List<string> _received = [];

    [Fact]
    public void The_offer_rings_the_PRACK_answers_and_the_call_comes_up()
    {
        using House house = new(seed: 61);
        Resident door = Add(house, answerAfter: 3);
        using IDatagramSocket phone = Open(house);
        Send(phone, Request("INVITE", 1, "Require: 100rel\r\n"));
        string ringing = Await(house, phone, "SIP/2.0 180");
        Assert.Contains("m=audio ", ringing);

        Send(phone, Request("PRACK", 2, $"RAck: {Header(ringing, "RSeq")} 1 INVITE\r\n", Header(ringing, "To"), Sdp));
        _ = Await(house, phone, "SIP/2.0 200", "PRACK");
        string answer = Await(house, phone, "SIP/2.0 200", "INVITE");
        Assert.Equal("0", Header(answer, "Content-Length"));
        Send(phone, Request("ACK", 1, "", Header(ringing, "To")));
        Wait(house, phone, 1);
        Assert.Equal(StationState.Talking, door.Host.State);
        Assert.Contains("SIP/2.0", answer);

        Send(phone, Request("BYE", 3, "", Header(ringing, "To")));
        Assert.True(house.RunUntil(() => door.Host.State == StationState.Quiet, 3));
        phone.Dispose();
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void The_call_is_not_answered_before_the_PRACK_is_there()
    {
        using House house = new(seed: 62);
        Resident door = Add(house, answerAfter: 1);
        using IDatagramSocket phone = Open(house);
        Send(phone, Request("INVITE", 1, "Require: 100rel\r\n"));
        string ringing = Await(house, phone, "SIP/2.0 180");
        Wait(house, phone, 5);
        Assert.DoesNotContain(_received, message => message.StartsWith("SIP/2.0 200", StringComparison.Ordinal));

        Send(phone, Request("PRACK", 2, $"RAck: {Header(ringing, "RSeq")} 1 INVITE\r\n", Header(ringing, "To"), Sdp));
        Assert.Equal("0", Header(Await(house, phone, "SIP/2.0 200", "INVITE"), "Content-Length"));
        Send(phone, Request("ACK", 1, "", Header(ringing, "To")));
        Wait(house, phone, 1);
        Assert.Equal(StationState.Talking, door.Host.State);
        phone.Dispose();
        Assert.Equal(0, house.End());
    }

    [Theory]
    [InlineData("")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 0 RTP/AVP 0\r\n")]
    public void An_answer_that_cannot_be_used_ends_the_call_with_488(string answer)
    {
        using House house = new(seed: 63);
        Resident door = Add(house, answerAfter: 3);
        using IDatagramSocket phone = Open(house);
        Send(phone, Request("INVITE", 1, "Require: 100rel\r\n"));
        string ringing = Await(house, phone, "SIP/2.0 180");
        Send(phone, Request("PRACK", 2, $"RAck: {Header(ringing, "RSeq")} 1 INVITE\r\n", Header(ringing, "To"), answer));
        _ = Await(house, phone, "SIP/2.0 488", "INVITE");

        // RFC 3261 section 17.1.1.3: the ACK of a refusal belongs to the INVITE.
        Send(phone, Request("ACK", 1, "", Header(ringing, "To")).Replace("z9hG4bKACK", "z9hG4bKINVITE", StringComparison.Ordinal));
        Wait(house, phone, 1);
        Assert.Equal(StationState.Quiet, door.Host.State);
        phone.Dispose();
        Assert.Equal(0, house.End());
    }

    private static Resident Add(House house, double answerAfter) => house.Add(
        House.Indoor(answerAfter) with
        {
            Incoming = House.Indoor(answerAfter).Incoming with { Security = CallSecurity.AllowPlain },
        },
        media => media with { AllowPlain = true });

    private static IDatagramSocket Open(House house) =>
        house.Machine.OpenDatagramSocket(Here, new Readiness(ServiceClass.Signalling, int.MaxValue), out string? problem)
        ?? throw new InvalidOperationException(problem);

    private static void Send(IDatagramSocket phone, string message)
    {
        phone.Send(Encoding.ASCII.GetBytes(message), Here.WithPort(5060));
        phone.Flush();
    }

    /// <summary>Time passes, and the telephone reads what comes: a socket that waits to be read lets none pass.</summary>
    private void Wait(House house, IDatagramSocket phone, double seconds) => _ = house.RunUntil(
        () =>
        {
            Receive(phone);
            return false;
        },
        seconds);

    private void Receive(IDatagramSocket phone)
    {
        DatagramBatch batch = new();
        int count = phone.Receive(batch);
        for (int index = 0; index < count; index++)
        {
            _received.Add(Encoding.ASCII.GetString(batch[index]));
        }
    }

    private string Await(House house, IDatagramSocket phone, string start, string method = "INVITE")
    {
        string? Found() => _received.FirstOrDefault(message => message.StartsWith(start, StringComparison.Ordinal)
            && Header(message, "CSeq").EndsWith(method, StringComparison.Ordinal));

        bool isThere = house.RunUntil(
            () =>
            {
                Receive(phone);
                return Found() is not null;
            },
            seconds: 5);
        Assert.True(isThere, $"no {start} {method} among:\n{string.Join('\n', _received)}");
        return Found()!;
    }

    private static string Request(string method, int sequence, string more, string to = "<sip:in@127.0.0.1:5060>", string body = "") =>
        $"{method} sip:in@127.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:6000;branch=z9hG4bK{method}{sequence}\r\n"
        + $"From: <sip:late@127.0.0.1:6000>;tag=late\r\nTo: {to}\r\nCall-ID: late\r\nCSeq: {sequence} {method}\r\nMax-Forwards: 70\r\n"
        + $"Contact: <sip:late@127.0.0.1:6000>\r\n{more}{(body.Length > 0 ? "Content-Type: application/sdp\r\n" : "")}"
        + $"Content-Length: {body.Length}\r\n\r\n{body}";

    private static string Header(string message, string name) =>
        message.Split("\r\n").First(line => line.StartsWith($"{name}: ", StringComparison.Ordinal))[(name.Length + 2)..];
}
