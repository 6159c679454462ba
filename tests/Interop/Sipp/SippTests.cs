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

    [Fact]
    public void It_answers_a_call_and_what_it_says_comes_back_to_it()
    {
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { Speech = Conversation.AtDoor, AllowPlain = true });
        using SippPeer house = SippPeer.Call("calls", agent.Address);

        house.Succeeds();

        _ = agent.WaitFor("the other side hung up");
        Assert.Equal(0, agent.End());
        Conversation.Heard(Conversation.AtDoor, Conversation.InCall(agent.Heard()), "the agent", agent.Log);
    }

    [Theory]
    [InlineData("answers")]
    [InlineData("hangs-up-as-well")]
    public void It_calls_and_hangs_up(string scenario)
    {
        using SippPeer house = SippPeer.Wait(scenario);
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { Targets = [house.Address] });

        PressTwice(agent, "answered");

        house.Succeeds();
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
