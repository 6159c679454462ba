using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using IntercomAgent.Tests.Interop.Baresip;
using Xunit;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>
/// 20,000 datagrams a second at an agent that is in a call. Each test floods for some seconds; <c>tests/flood</c> floods the native
/// program for half a minute each time.
/// </summary>
public sealed class FloodTests(ITestOutputHelper output)
{
    /// <summary>What a flood may make the program grow by: the pools that it has allocated when it ends, and the code that was compiled.</summary>
    private const double MostGrowthMegabytes = 16;

    /// <summary>Longer than a button has to rest before it counts again.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(700);

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(
        double.Parse(Environment.GetEnvironmentVariable("FLOOD_SECONDS") is { Length: > 0 } asked ? asked : "5", CultureInfo.InvariantCulture));

    // The telephone hangs up when it has nothing more to say.
    private static readonly short[] AtDoor = TestSpeech.Create(seed: 11, seconds: (int)Length.TotalSeconds + 30);
    private static readonly short[] Indoors = TestSpeech.Create(seed: 12, seconds: (int)Length.TotalSeconds + 30);

    [Theory]
    [InlineData("junk", 1)]
    [InlineData("junk", 254)]
    [InlineData("INVITE", 1)]
    [InlineData("INVITE", 254)]
    public void A_flood_takes_nothing_from_the_call_from_the_strike_nor_from_the_next_call(string kind, int addresses)
    {
        using BaresipPeer house = BaresipPeer.Start(new BaresipOptions { User = "house", Speech = Indoors });
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { Targets = [house.Address], Speech = AtDoor });
        agent.Press();
        Conversation.Begin(agent, house, "SRTP_");
        double before = ResidentMegabytes(agent);
        using Flood flood = new(agent.Address, kind, addresses);
        Thread.Sleep(Length);

        // The last key opens it while it is still held down.
        Thread keys = new(() => house.SendDigits(AgentOptions.Code));
        keys.Start();
        _ = agent.WaitFor("strike opens");
        Stopwatch open = Stopwatch.StartNew();
        _ = agent.WaitFor("strike closes");
        TimeSpan wasOpen = open.Elapsed;
        keys.Join();

        // The telephone hangs up, and is rung again while the flood goes on.
        house.HangUp();
        _ = agent.WaitFor("the other side hung up");
        _ = house.WaitFor(BaresipEvent.Closed, Limits.Event);
        short[] heardIndoors = house.ReceivedAudio();
        Thread.Sleep(Rest);
        Stopwatch call = Stopwatch.StartNew();
        agent.Press();
        _ = agent.WaitFor("secured with");
        TimeSpan gotThrough = call.Elapsed;
        double growth = ResidentMegabytes(agent) - before;
        double rate = flood.SentPerSecond;
        flood.Dispose();

        string found = string.Create(
            CultureInfo.InvariantCulture,
            $"{kind} from {addresses}: {rate:F0}/s, strike open for {wasOpen.TotalSeconds:F2} s, next call after {gotThrough.TotalSeconds:F2} s, "
            + $"{growth:F1} MB more");
        output.WriteLine(found);
        Assert.True(rate > 0.9 * Flood.Rate, found);
        Assert.True(wasOpen.TotalSeconds is > 0.9 and < 1.2, found);
        Assert.True(gotThrough < TimeSpan.FromSeconds(2), found);
        Assert.True(growth < MostGrowthMegabytes, found);
        Assert.Equal(0, agent.End());
        Conversation.Heard(AtDoor, heardIndoors, "the telephone", house.Output);

        // What was said before the keys were pressed, as both calls are in one recording.
        int said = int.Min((int)((Limits.Talk + Length).TotalSeconds - 1) * 8000, Indoors.Length);
        Conversation.Heard(Indoors[..said], agent.Heard(), "the agent", agent.Log);
    }

    private static double ResidentMegabytes(AgentProgram agent) =>
        double.Parse(
            File.ReadLines($"/proc/{agent.Process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))[6..^2],
            CultureInfo.InvariantCulture) / 1024;
}
