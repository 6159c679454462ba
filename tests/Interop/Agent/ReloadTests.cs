using Xunit;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>SIGHUP to the real program.</summary>
public sealed class ReloadTests
{
    [Fact]
    public void The_configuration_is_read_anew_and_a_faulty_one_changes_nothing()
    {
        using AgentProgram agent = AgentProgram.Start(new AgentOptions());
        agent.Process.Send(ProcessSignal.HangUp);
        _ = agent.WaitFor("the configuration was read anew");

        System.IO.File.AppendAllText(agent.ConfigurationFile, "[nonsense]\n");
        agent.Process.Send(ProcessSignal.HangUp);
        _ = agent.WaitFor("nonsense");
        _ = agent.WaitFor("the configuration cannot be used, and stays as it was");

        Assert.Equal(0, agent.End());
    }
}
