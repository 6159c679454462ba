using System;
using System.Collections.Generic;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;
using static IntercomAgent.Sip.TransactionActions;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>What differs over TCP and TLS: who repeats, how long transactions stay, what messages say and where responses go.</summary>
public sealed class ReliableTransportTests
{
    private static readonly SipTimes Times = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5));
    private static readonly NetworkEndpoint Carol = NetworkEndpoint.FromIPv4(0xC0000209, 5060);
    private static readonly SipHop ByTcp = new(SipTransport.Tcp, Carol);

    [Fact]
    public void Requests_are_not_repeated_but_time_out_all_the_same()
    {
        Assert.Equal(["32 TimedOut"], Run(new InviteClientTransaction(Request(SipMethod.Invite), [], ByTcp, 1, Times, Instant.Zero)));
        Assert.Equal(["32 TimedOut"], Run(new NonInviteClientTransaction(Request(SipMethod.Bye), [], ByTcp, 1, Times, Instant.Zero)));
    }

    [Fact]
    public void Timers_D_and_K_are_over_at_once_and_M_is_not()
    {
        Assert.Equal(["0 None"], RunAfter(486, new InviteClientTransaction(Request(SipMethod.Invite), [], ByTcp, 1, Times, Instant.Zero)));
        Assert.Equal(["32 None"], RunAfter(200, new InviteClientTransaction(Request(SipMethod.Invite), [], ByTcp, 1, Times, Instant.Zero)));
        Assert.Equal(["0 None"], RunAfter(200, new NonInviteClientTransaction(Request(SipMethod.Bye), [], ByTcp, 1, Times, Instant.Zero)));
    }

    [Fact]
    public void Timer_G_does_not_run_and_I_and_J_are_over_at_once()
    {
        InviteServerTransaction invite = new([], ByTcp, ByTcp, [], Times) { Origin = default };
        _ = invite.Respond(486, [1], Instant.Zero);
        Assert.Equal(Instant.Zero + TimeSpan.FromSeconds(32), invite.WakeAt);
        _ = invite.ReceiveAck(Instant.Zero);
        Assert.Equal(Instant.Zero, invite.WakeAt);

        NonInviteServerTransaction bye = new([], ByTcp, ByTcp, [], Times) { Origin = default };
        _ = bye.Respond(200, [1], Instant.Zero);
        Assert.Equal(Instant.Zero, bye.WakeAt);
    }

    [Theory]
    [InlineData("Tcp")]
    [InlineData("Tls")]
    public void A_connection_that_fails_counts_at_once(string transport)
    {
        SipHop hop = new(Enum.Parse<SipTransport>(transport), Carol);
        ClientTransaction invite = new InviteClientTransaction(Request(SipMethod.Invite), [], hop, 1, Times, Instant.Zero);
        Assert.Equal(Unreachable, invite.ReceiveUnreachable(Instant.Zero));
        ClientTransaction bye = new NonInviteClientTransaction(Request(SipMethod.Bye), [], hop, 1, Times, Instant.Zero);
        Assert.Equal(Unreachable, bye.ReceiveUnreachable(Instant.Zero));
    }

    [Theory]
    [InlineData("sip:carol@192.0.2.9", "Udp", 5060)]
    [InlineData("sip:carol@192.0.2.9;transport=UDP", "Udp", 5060)]
    [InlineData("sip:carol@192.0.2.9;transport=tcp", "Tcp", 5060)]
    [InlineData("sip:carol@192.0.2.9:5070;transport=tls", "Tls", 5070)]
    [InlineData("sip:carol@192.0.2.9;transport=TLS", "Tls", 5061)]
    [InlineData("sips:carol@192.0.2.9", "Tls", 5061)]
    [InlineData("sips:carol@192.0.2.9;transport=tcp", "Tls", 5061)]
    public void A_URI_says_how_it_is_reached(string uri, string transport, int port)
    {
        Assert.True(SipHop.TryRead(Encoding.ASCII.GetBytes(uri), out SipHop hop));
        Assert.Equal((transport, port), (hop.Transport.ToString(), hop.Endpoint.Port));
    }

    [Theory]
    [InlineData("sip:carol@192.0.2.9;transport=sctp")]
    [InlineData("sip:carol@192.0.2.9;transport=ws")]
    [InlineData("sip:carol@example.com;transport=tcp")]
    [InlineData("tel:110")]
    public void A_URI_with_another_transport_or_a_name_leads_nowhere_by_itself(string uri) =>
        Assert.False(SipHop.TryRead(Encoding.ASCII.GetBytes(uri), out _));

    [Fact]
    public void A_request_by_TCP_says_so_in_Via_and_Contact()
    {
        SipPair pair = new();
        SipScript carol = new(pair);
        _ = pair.Call("sip:carol@192.0.2.9;transport=tcp");
        string invite = Assert.Single(carol.Received);
        Assert.StartsWith("SIP/2.0/TCP 192.0.2.1:5060;branch=", SipScript.Header(invite, "Via"));
        Assert.Equal("<sip:alice@192.0.2.1:5060;transport=tcp>", SipScript.Header(invite, "Contact"));
        pair.Wait(31);
        _ = Assert.Single(carol.Received);
    }

    [Fact]
    public void A_request_that_is_too_large_for_a_datagram_goes_by_TCP()
    {
        SipPair pair = new(new SipSettings { DisplayName = "alice", User = "alice", SpeaksTcp = true });
        SipScript carol = new(pair);
        _ = pair.Alice.Endpoint.Invite("sip:carol@192.0.2.9", null, new byte[SipLimits.LargestDatagram], pair.Now);
        pair.Drive();
        pair.Wait(10);
        Assert.StartsWith("SIP/2.0/TCP 192.0.2.1:5060;", SipScript.Header(Assert.Single(carol.Received), "Via"));
    }

    [Fact]
    public void Where_nobody_takes_TCP_it_goes_as_a_datagram_after_all_and_is_repeated()
    {
        SipPair pair = new(new SipSettings { DisplayName = "alice", User = "alice", SpeaksTcp = true });
        SipScript carol = new(pair);
        _ = pair.Alice.Endpoint.Invite("sip:carol@192.0.2.9", null, new byte[SipLimits.LargestDatagram], pair.Now);
        pair.Drive();
        pair.Do(() => pair.Alice.Endpoint.ReceiveUnreachable(ByTcp, pair.Now, "connection refused"));
        pair.Wait(0.5);
        Assert.Equal(3, carol.Received.Count);
        Assert.StartsWith("SIP/2.0/UDP 192.0.2.1:5060;", SipScript.Header(carol.Received[1], "Via"));
        Assert.Equal(carol.Received[1], carol.Received[2]);
        Assert.Empty(pair.Alice.Told);
    }

    [Fact]
    public void What_a_connection_says_of_its_failure_is_the_reason_of_the_call()
    {
        SipPair pair = new();
        _ = new SipScript(pair);
        _ = pair.Call("sip:carol@192.0.2.9;transport=tcp");
        pair.Do(() => pair.Alice.Endpoint.ReceiveUnreachable(ByTcp, pair.Now, "cannot connect to 192.0.2.9:5060: connection refused"));
        Assert.Equal("Ended 1 503 cannot connect to 192.0.2.9:5060: connection refused by Nobody", Assert.Single(pair.Alice.Told));
    }

    [Fact]
    public void A_response_goes_back_on_the_connection_of_its_request()
    {
        SipHop source = new(SipTransport.Tcp, Carol.WithPort(40000), Connection: 7);
        byte[] text = Encoding.ASCII.GetBytes(SipScript.Invite().Replace("SIP/2.0/UDP", "SIP/2.0/TCP"));
        _ = SipMessageReader.Read(text, out SipMessage invite, out _);
        Assert.Equal(source.WithPort(5060), SipResponse.Destination(invite, source));
        Assert.Equal(7, SipResponse.Destination(invite, source).Connection);
    }

    private static List<string> RunAfter(int status, ClientTransaction client)
    {
        _ = client.Receive(status, Instant.Zero);
        return Run(client);
    }

    private static List<string> Run(ClientTransaction client)
    {
        List<string> lines = [];
        while (client.WakeAt != Instant.Never && lines.Count < 50)
        {
            Instant now = client.WakeAt;
            lines.Add($"{(now - Instant.Zero).TotalSeconds} {client.Advance(now)}");
        }

        return lines;
    }

    private static SipRequest Request(SipMethod method) =>
        new() { Method = method, RequestUri = [], Branch = [], From = [], To = [], CallId = [], Sequence = 1 };
}
