using System;
using System.Diagnostics;
using IntercomAgent.Tests.Interop.Baresip;
using Xunit;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>How the agent ends, and how it notices that its peer has.</summary>
public sealed class EndingTests
{
    [Theory]
    [InlineData(ProcessSignal.Terminate)]
    [InlineData(ProcessSignal.Interrupt)]
    public void A_signal_in_mid_call_hangs_up_closes_the_strike_and_ends_in_time(ProcessSignal signal)
    {
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { Speech = Conversation.AtDoor, StrikeSeconds = 25 });
        using BaresipPeer house = BaresipPeer.Start(new BaresipOptions { User = "house", Speech = Conversation.Indoors });
        house.Dial(agent.Address);
        _ = agent.WaitFor("secured with");
        house.SendDigits(AgentOptions.Code);
        _ = agent.WaitFor("strike opens");

        agent.Process.Send(signal);

        _ = agent.Process.WaitForLine("strike closes", Limits.End);
        Assert.Equal(0, agent.Process.WaitForEnd(Limits.End));
        _ = house.WaitFor(BaresipEvent.Closed, Limits.End);
    }

    [Fact]
    public void A_peer_that_confirms_nothing_holds_the_end_up_for_a_moment_only_and_more_signals_change_nothing()
    {
        using AgentProgram agent = AgentProgram.Start(new AgentOptions());
        using BaresipPeer house = BaresipPeer.Start(new BaresipOptions { User = "house", Speech = Conversation.Indoors });
        house.Dial(agent.Address);
        _ = agent.WaitFor("secured with");
        house.Vanish();

        agent.Process.Send(ProcessSignal.Terminate);
        _ = agent.Process.WaitForLine("ending, as SIGTERM", Limits.End);
        agent.Process.Send(ProcessSignal.Terminate);
        agent.Process.Send(ProcessSignal.Interrupt);

        Assert.Equal(0, agent.Process.WaitForEnd(Limits.End));
    }

    [Fact]
    public void A_signal_ends_an_idle_agent_at_once_and_SIGHUP_ends_nothing()
    {
        using AgentProgram agent = AgentProgram.Start(new AgentOptions());
        agent.Process.Send(ProcessSignal.HangUp);
        _ = agent.WaitFor("the configuration was read anew");

        Stopwatch ending = Stopwatch.StartNew();
        Assert.Equal(0, agent.End());

        Assert.InRange(ending.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_peer_that_falls_silent_is_hung_up()
    {
        using AgentProgram agent = AgentProgram.Start(new AgentOptions());
        using BaresipPeer house = BaresipPeer.Start(new BaresipOptions { User = "house", Speech = Conversation.Indoors });
        house.Dial(agent.Address);
        _ = agent.WaitFor("secured with");
        _ = house.WaitFor(BaresipEvent.MediaReceived, Limits.Event);

        house.Vanish();
        _ = agent.WaitFor("the peer has gone silent");

        // It is quiet again: the next caller is answered.
        using BaresipPeer other = BaresipPeer.Start(new BaresipOptions { User = "other", Speech = Conversation.Indoors });
        other.Dial(agent.Address);
        _ = agent.WaitFor("call 2: secured with");
        Assert.Equal(0, agent.End());
    }
}
