using System;
using System.IO;
using Xunit;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>
/// The bug that this program cannot have: short secure calls that leave a thread, a socket or themselves behind. Two agents in one
/// process make a thousand of them; the process is one of its own, as the test's has threads that come and go.
/// </summary>
public sealed class ThousandCallsTests
{
    private const int Calls = 1000;

    [Fact]
    public void A_thousand_short_encrypted_calls_start_no_thread_and_leave_nothing_open()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "IntercomAgent.Tests.Child");
        using PeerProcess child = PeerProcess.Start(program, "calls", $"{Calls}");

        int status = child.WaitForEnd(TimeSpan.FromSeconds(120));

        Assert.True(status == 0, child.Output);
        string[] threads = Numbers(child, "threads");
        Assert.Equal((threads[0], threads[0]), (threads[1], threads[2]));
        string[] descriptors = Numbers(child, "descriptors");
        Assert.Equal(descriptors[0], descriptors[1]);
        Assert.Equal("0", Numbers(child, "left open")[^1]);

        // Two of three calls go on until they are secured; the others may be quicker than their hanging up.
        Assert.InRange(int.Parse(Numbers(child, "secured")[0]), Calls * 2 / 3, Calls);
    }

    private static string[] Numbers(PeerProcess child, string name) => child.WaitForLine(name, TimeSpan.Zero).Split(' ')[1..];
}
