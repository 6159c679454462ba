using System;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;
using static IntercomAgent.Sip.TransactionActions;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>Every transition of the four machines of RFC 3261 section 17 with RFC 6026, and when their timers fire.</summary>
public sealed class TransactionTests
{
    private static readonly SipTimes Times = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5));

    private static readonly string[] UpToT2 =
    [
        "0.5 Send", "1.5 Send", "3.5 Send", "7.5 Send", "11.5 Send", "15.5 Send", "19.5 Send", "23.5 Send", "27.5 Send", "31.5 Send",
    ];

    [Fact]
    public void INVITE_client_has_these_transitions_and_no_others()
    {
        string[] expected =
        [
            "Calling TransportError Terminated Unreachable",
            "Calling Provisional Proceeding Tell", "Calling Success Accepted Tell", "Calling Failure Completed Acknowledge, Tell",
            "Calling TimerA Calling Send", "Calling TimerB Terminated TimedOut",
            "Proceeding Provisional Proceeding Tell", "Proceeding Success Accepted Tell", "Proceeding Failure Completed Acknowledge, Tell",
            "Accepted Success Accepted Tell", "Accepted TimerM Terminated None",
            "Completed Failure Completed Acknowledge", "Completed TimerD Terminated None",
        ];
        Assert.Equal(expected, Table<InviteClientState, InviteClientInput>(InviteClientTransaction.Next));
    }

    [Fact]
    public void Non_INVITE_client_has_these_transitions_and_no_others()
    {
        string[] expected =
        [
            "Trying TransportError Terminated Unreachable",
            "Trying Provisional Proceeding Tell", "Trying Final Completed Tell", "Trying TimerE Trying Send",
            "Trying TimerF Terminated TimedOut",
            "Proceeding Provisional Proceeding Tell", "Proceeding Final Completed Tell", "Proceeding TimerE Proceeding Send",
            "Proceeding TimerF Terminated TimedOut", "Completed TimerK Terminated None",
        ];
        Assert.Equal(expected, Table<NonInviteClientState, NonInviteClientInput>(NonInviteClientTransaction.Next));
    }

    [Fact]
    public void INVITE_server_has_these_transitions_and_no_others()
    {
        string[] expected =
        [
            "Proceeding Invite Proceeding Send", "Proceeding Provisional Proceeding Send", "Proceeding Success Accepted Send",
            "Proceeding Failure Completed Send", "Accepted Ack Accepted Tell", "Accepted Success Accepted Send",
            "Accepted TimerL Terminated None",
            "Completed Invite Completed Send", "Completed Ack Confirmed None", "Completed TimerG Completed Send",
            "Completed TimerH Terminated None", "Confirmed TimerI Terminated None",
        ];
        Assert.Equal(expected, Table<InviteServerState, InviteServerInput>(InviteServerTransaction.Next));
    }

    [Fact]
    public void Non_INVITE_server_has_these_transitions_and_no_others()
    {
        string[] expected =
        [
            "Trying Provisional Proceeding Send", "Trying Final Completed Send", "Proceeding Request Proceeding Send",
            "Proceeding Provisional Proceeding Send", "Proceeding Final Completed Send", "Completed Request Completed Send",
            "Completed TimerJ Terminated None",
        ];
        Assert.Equal(expected, Table<NonInviteServerState, NonInviteServerInput>(NonInviteServerTransaction.Next));
    }

    [Theory]
    [InlineData("INVITE")]
    [InlineData("BYE")]
    public void A_report_that_nobody_is_there_counts_after_the_second_transmission_while_nothing_came_back(string method)
    {
        Instant second = Instant.Zero + Times.T1;

        ClientTransaction silent = Client(method);
        Assert.Equal(None, silent.ReceiveUnreachable(Instant.Zero));
        _ = silent.Advance(second);
        Assert.Equal(Unreachable, silent.ReceiveUnreachable(second));
        Assert.True(silent.IsTerminated);
        Assert.Equal(None, silent.ReceiveUnreachable(second));

        ClientTransaction answered = Client(method);
        _ = answered.Receive(100, Instant.Zero);
        _ = answered.Advance(second);
        Assert.Equal(None, answered.ReceiveUnreachable(second));
        Assert.True(answered.IsWaiting);
    }

    [Fact]
    public void Timers_A_and_B_double_without_bound_until_32_s()
    {
        InviteClientTransaction client = new(Request(SipMethod.Invite), [], default, 1, Times, Instant.Zero);
        Assert.Equal(
            ["0.5 Send", "1.5 Send", "3.5 Send", "7.5 Send", "15.5 Send", "31.5 Send", "32 TimedOut"],
            Run(() => client.WakeAt, client.Advance));
        Assert.True(client.IsTerminated);
    }

    [Fact]
    public void Timers_E_and_F_double_up_to_T2_until_32_s()
    {
        NonInviteClientTransaction client = new(Request(SipMethod.Bye), [], default, 1, Times, Instant.Zero);
        Assert.Equal(
            [.. UpToT2, "32 TimedOut"],
            Run(() => client.WakeAt, client.Advance));
    }

    [Fact]
    public void Timer_E_goes_on_at_T2_after_a_provisional_response()
    {
        NonInviteClientTransaction client = new(Request(SipMethod.Bye), [], default, 1, Times, Instant.Zero);
        _ = client.Receive(100, Instant.Zero);
        Assert.Equal(["0.5 Send", "4.5 Send", "8.5 Send"], Run(() => client.WakeAt, client.Advance).Take(3));
    }

    [Theory]
    [InlineData(200, "32 None")]
    [InlineData(486, "32 None")]
    public void Timers_D_and_M_end_an_INVITE_after_its_final_response(int status, string expected)
    {
        InviteClientTransaction client = new(Request(SipMethod.Invite), [], default, 1, Times, Instant.Zero);
        _ = client.Receive(status, Instant.Zero);
        Assert.Equal([expected], Run(() => client.WakeAt, client.Advance));
        Assert.True(client.IsTerminated);
    }

    [Fact]
    public void Timer_K_ends_another_request_after_T4()
    {
        NonInviteClientTransaction client = new(Request(SipMethod.Bye), [], default, 1, Times, Instant.Zero);
        _ = client.Receive(200, Instant.Zero);
        Assert.Equal(["5 None"], Run(() => client.WakeAt, client.Advance));
    }

    [Fact]
    public void Timers_G_and_H_repeat_a_refusal_up_to_T2_until_32_s()
    {
        InviteServerTransaction server = new([], default, default, [], Times) { Origin = default };
        Assert.Equal(Send, server.Respond(486, [1], Instant.Zero));
        Assert.Equal(
            [.. UpToT2, "32 None"],
            Run(() => server.WakeAt, server.Advance));
        Assert.True(server.IsTerminated);
    }

    [Fact]
    public void Timer_I_absorbs_repeated_ACKs_for_T4()
    {
        InviteServerTransaction server = new([], default, default, [], Times) { Origin = default };
        _ = server.Respond(486, [1], Instant.Zero);
        Assert.Equal(None, server.ReceiveAck(Instant.Zero));
        Assert.Equal(InviteServerState.Confirmed, server.State);
        Assert.Equal(None, server.ReceiveAck(Instant.Zero));
        Assert.Equal(["5 None"], Run(() => server.WakeAt, server.Advance));
    }

    [Fact]
    public void Timer_L_absorbs_repeated_INVITEs_after_a_2xx_and_lets_ACKs_through()
    {
        InviteServerTransaction server = new([], default, default, [], Times) { Origin = default };
        _ = server.Respond(200, [1], Instant.Zero);
        Assert.Equal(None, server.ReceiveAgain(Instant.Zero));
        Assert.Equal(Tell, server.ReceiveAck(Instant.Zero));
        Assert.Equal(["32 None"], Run(() => server.WakeAt, server.Advance));
    }

    [Fact]
    public void Timer_J_answers_repeated_requests_for_32_s()
    {
        NonInviteServerTransaction server = new([], default, default, [], Times) { Origin = default };
        Assert.Equal(None, server.ReceiveAgain(Instant.Zero));
        _ = server.Respond(200, [1], Instant.Zero);
        Assert.Equal(Send, server.ReceiveAgain(Instant.Zero));
        Assert.Equal(["32 None"], Run(() => server.WakeAt, server.Advance));
        Assert.True(server.IsTerminated);
    }

    [Fact]
    public void A_response_goes_to_the_address_that_the_request_came_from()
    {
        NetworkEndpoint source = NetworkEndpoint.FromIPv4(0xC6336401, 40000);
        byte[] with = System.Text.Encoding.ASCII.GetBytes(SipScript.Invite());
        byte[] without = System.Text.Encoding.ASCII.GetBytes(SipScript.Invite().Replace(";rport", ""));
        _ = SipMessageReader.Read(with, out SipMessage asks, out _);
        _ = SipMessageReader.Read(without, out SipMessage doesNot, out _);
        Assert.Equal("198.51.100.1:40000", SipResponse.Destination(asks, source).Endpoint.ToString());
        Assert.Equal("198.51.100.1:5060", SipResponse.Destination(doesNot, source).Endpoint.ToString());
        byte[] response = SipResponse.Write(new byte[SipLimits.SentMessage], asks, source, 200, "t"u8);
        Assert.Contains(";branch=z9hG4bKinvite;received=198.51.100.1;rport=40000\r\n", System.Text.Encoding.ASCII.GetString(response));
    }

    private static string[] Table<TState, TInput>(Func<TState, TInput, (TState, TransactionActions)> next)
        where TState : struct, Enum
        where TInput : struct, Enum =>
    [
        .. from state in Enum.GetValues<TState>()
           from input in Enum.GetValues<TInput>()
           let step = next(state, input)
           where !step.Item1.Equals(state) || step.Item2 != None
           select $"{state} {input} {step.Item1} {step.Item2}",
    ];

    private static string[] Run(Func<Instant> wakeAt, Func<Instant, TransactionActions> advance)
    {
        System.Collections.Generic.List<string> lines = [];
        while (wakeAt() != Instant.Never && lines.Count < 50)
        {
            Instant now = wakeAt();
            lines.Add($"{(now - Instant.Zero).TotalSeconds} {advance(now)}");
        }

        return [.. lines];
    }

    private static ClientTransaction Client(string method) => method == "INVITE"
        ? new InviteClientTransaction(Request(SipMethod.Invite), [], default, 1, Times, Instant.Zero)
        : new NonInviteClientTransaction(Request(SipMethod.Bye), [], default, 1, Times, Instant.Zero);

    private static SipRequest Request(SipMethod method) =>
        new() { Method = method, RequestUri = [], Branch = [], From = [], To = [], CallId = [], Sequence = 1 };
}
