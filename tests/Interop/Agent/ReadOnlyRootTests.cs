using System;
using System.IO;
using System.Linq;
using System.Threading;
using Xunit;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>
/// A machine of which nothing can be written but the agent's state, as the unit has it: a mount namespace of its own. Making one needs no
/// rights where the kernel gives users namespaces of their own, and root's elsewhere.
/// </summary>
public sealed class ReadOnlyRootTests
{
    private static readonly TimeSpan SteadyTime = TimeSpan.FromSeconds(3);

    [Fact]
    public void It_runs_from_a_read_only_root_and_writes_nothing_while_it_waits()
    {
        using AgentProgram agent = AgentProgram.StartOnReadOnlyRoot(new AgentOptions());
        WaitUntil(() => File.Exists(agent.StateFile));
        Thread.Sleep(SteadyTime);
        long written = BytesWritten(agent.Process.Id);
        DateTime changed = File.GetLastWriteTimeUtc(agent.StateFile);

        Thread.Sleep(SteadyTime);

        Assert.Equal(written, BytesWritten(agent.Process.Id));
        Assert.Equal(changed, File.GetLastWriteTimeUtc(agent.StateFile));
        Assert.Equal(["identity.pem", "state"], Directory.GetFiles(Path.GetDirectoryName(agent.StateFile)!).Select(Path.GetFileName).Order());
        Assert.Equal(0, agent.End());
        Assert.StartsWith("intercom-agent state 1\nstarts 1\n", File.ReadAllText(agent.StateFile), StringComparison.Ordinal);
    }

    /// <summary>All that write(2) and its like have taken of the process: files, the log, anything (proc(5)).</summary>
    private static long BytesWritten(int process) =>
        long.Parse(File.ReadLines($"/proc/{process}/io").Single(line => line.StartsWith("wchar: ", StringComparison.Ordinal))["wchar: ".Length..]);

    private static void WaitUntil(Func<bool> holds)
    {
        for (DateTime latest = DateTime.UtcNow + Limits.Event; !holds() && DateTime.UtcNow < latest;)
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(20));
        }

        Assert.True(holds());
    }
}
