using System;
using System.Threading;
using IntercomAgent.Tests.Interop.Agent;
using Xunit;

namespace IntercomAgent.Tests.Interop.Sipp;

/// <summary>sipp as the other end: what is said on the wire when messages are lost, cross, or have to be authorised.</summary>
public sealed class SippTests
{
    /// <summary>Longer than a button has to rest before it counts again.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(700);

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public void It_answers_a_call_and_what_it_says_comes_back_to_it(string transport)
    {
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { Speech = Conversation.AtDoor, AllowPlain = true });
        using SippPeer house = SippPeer.Call("calls", agent.Address, transport);

        house.Succeeds();

        _ = agent.WaitFor("the other side hung up");
        Assert.Equal(0, agent.End());
        Conversation.Heard(Conversation.AtDoor, agent.Heard(), "the agent", agent.Log);
    }

    [Theory]
    [InlineData("answers", "udp")]
    [InlineData("answers", "tcp")]
    [InlineData("hangs-up-as-well", "udp")]
    [InlineData("reliable", "udp")]
    [InlineData("reliable", "tcp")]
    public void It_calls_and_hangs_up(string scenario, string transport)
    {
        using SippPeer house = SippPeer.Wait(scenario, transport);
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { Targets = [house.Address] });

        PressTwice(agent, "answered");

        house.Succeeds();
        Assert.Equal(0, agent.End());
    }

    [Fact]
    public void Of_two_telephones_that_answer_a_forked_call_the_second_is_hung_up()
    {
        using SippPeer house = SippPeer.Wait("forks");
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { Targets = [house.Address] });

        agent.Press();
        _ = agent.WaitFor("answered");
        house.WaitForReceived("BYE ");
        Thread.Sleep(Rest);
        agent.Press();

        house.Succeeds();
        Assert.Equal(0, agent.End());
    }

    [Fact]
    public void A_target_that_has_moved_sends_on_to_the_next_one()
    {
        using SippPeer house = SippPeer.Wait("answers");
        using SippPeer moved = SippPeer.Wait("moves", movedTo: house.Address);
        using AgentProgram agent = AgentProgram.Start(
            new AgentOptions { Targets = [moved.Address, house.Address], FollowsRedirects = true });

        PressTwice(agent, "answered");

        moved.Succeeds();
        house.Succeeds();
        Assert.Equal(0, agent.End());
    }

    [Fact]
    public void A_telephone_transfers_the_call_to_one_that_is_in_a_call_with_it()
    {
        using SippPeer office = SippPeer.Wait("replaces");
        using SippPeer house = SippPeer.Wait("transfers", movedTo: office.Address);
        using AgentProgram agent = AgentProgram.Start(
            new AgentOptions { Targets = [house.Address, office.Address], AllowsTransfer = true });

        PressTwice(agent, "its transfer: it is done");

        house.Succeeds();
        office.Succeeds();
        Assert.Equal(0, agent.End());
    }

    [Fact]
    public void An_UPDATE_puts_the_call_on_hold()
    {
        using SippPeer house = SippPeer.Wait("updates");
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { Targets = [house.Address] });

        agent.Press();
        house.WaitForReceived("SIP/2.0 200");
        Thread.Sleep(Rest);
        agent.Press();

        house.Succeeds();
        Assert.Equal(0, agent.End());
    }

    [Fact]
    public void A_session_timer_is_agreed_on_and_the_refresh_that_meets_another_offer_is_tried_again()
    {
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { AllowPlain = true });
        using SippPeer house = SippPeer.Call("session-timer", agent.Address);

        house.Succeeds();

        _ = agent.WaitFor("the other side hung up");
        Assert.Equal(0, agent.End());
    }

    [Fact]
    public void A_call_without_an_offer_rings_with_ours_and_the_PRACK_answers_it()
    {
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { AnswerAfterSeconds = 1 });
        using SippPeer house = SippPeer.Call("late-offer", agent.Address);

        house.Succeeds();

        _ = agent.WaitFor("answered");
        Assert.Equal(0, agent.End());
    }

    [Fact]
    public void It_registers_with_its_password_and_takes_the_registration_back()
    {
        using SippPeer registrar = SippPeer.Wait("registrar");
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { RegistrarPort = registrar.Port });

        _ = agent.WaitFor("<6>registered");

        Assert.Equal(0, agent.End());
        registrar.Succeeds();
        Assert.Contains("Expires: 0", registrar.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_is_challenged_is_placed_again_with_the_password()
    {
        using SippPeer registrar = SippPeer.Wait("registrar");
        using SippPeer house = SippPeer.Wait("challenges");
        using AgentProgram agent = AgentProgram.Start(
            new AgentOptions { RegistrarPort = registrar.Port, Targets = [house.Address] });

        PressTwice(agent, "answered");

        house.Succeeds();
        Assert.Equal(0, agent.End());
    }

    [Fact]
    public void The_200_is_repeated_until_the_ACK_is_there()
    {
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { AllowPlain = true });
        using SippPeer house = SippPeer.Call("loses-ack", agent.Address);

        house.Succeeds();

        // RFC 3261 section 13.3.1.4: after 0.5 and 1.5 s; the other 200 is that to the BYE.
        Assert.InRange(house.Received("SIP/2.0 200"), 4, 5);
        Assert.Equal(0, agent.End());
    }

    [Fact]
    public void The_BYE_is_repeated_until_it_is_answered()
    {
        using SippPeer house = SippPeer.Wait("loses-bye");
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { Targets = [house.Address] });

        PressTwice(agent, "answered");

        house.Succeeds();
        Assert.InRange(house.Received("BYE "), 3, 4);
        Assert.Equal(0, agent.End());
    }

    [Fact]
    public void An_answer_that_crosses_the_CANCEL_is_acknowledged_and_hung_up()
    {
        using SippPeer house = SippPeer.Wait("answers-while-cancelled");
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { Targets = [house.Address] });

        PressTwice(agent, "it rings there");

        house.Succeeds();
        Assert.Equal(0, agent.End());
    }

    // The second press hangs up.
    private static void PressTwice(AgentProgram agent, string between)
    {
        agent.Press();
        _ = agent.WaitFor(between);
        Thread.Sleep(Rest);
        agent.Press();
    }
}
