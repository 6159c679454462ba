using System;
using Xunit;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>
/// A machine without a network, not even the loopback interface: a network namespace of its own. Making one needs no rights where the
/// kernel gives users namespaces of their own, and root's elsewhere.
/// </summary>
public sealed class NoNetworkTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("[::]")]
    public void It_starts_says_in_a_sentence_that_nobody_can_be_called_and_ends_when_it_is_told_to(string host)
    {
        using AgentProgram agent = AgentProgram.StartWithoutNetwork(new AgentOptions { Host = host, Targets = ["sip:house@192.0.2.20"] });

        agent.Press();
        Assert.Contains("there is no network that leads to 192.0.2.20", agent.WaitFor("cannot be placed"), StringComparison.Ordinal);
        _ = agent.WaitFor("the button reached nobody");

        Assert.Equal(0, agent.End());
    }
}
