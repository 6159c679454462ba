using System;
using System.Diagnostics;
using System.Globalization;
using System.Threading;
using IntercomAgent.Tests.Interop.Agent;
using IntercomAgent.Tests.Interop.Kamailio;
using Xunit;

namespace IntercomAgent.Tests.Interop.Namespaces;

/// <summary>The cable between a door and its registrar is pulled and plugged in again, and the door gets another address.</summary>
public sealed class LinkLossTests
{
    private const string House = "10.0.0.1";
    private const string Door = "10.0.0.2";

    /// <summary>What a person may wait for after the link has returned.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);

    [Fact]
    public void The_door_is_registered_within_five_seconds_of_the_links_return()
    {
        using NetworkNamespace network = NetworkNamespace.Start("link");
        using KamailioProxy registrar = KamailioProxy.Start("SHA-256", null, House, network.Command(null));
        using AgentProgram door = Start(network.Command("door"), registrar, "door");
        registrar.WaitFor("door is registered");

        for (int outage = 1; outage <= 2; outage++)
        {
            Run(network.Command(null, "ip", "link", "set", "house", "down"));
            Thread.Sleep(TimeSpan.FromSeconds(2 * outage));
            Run(network.Command(null, "ip", "link", "set", "house", "up"));
            long returned = Stopwatch.GetTimestamp();
            registrar.WaitFor("door is registered");
            TimeSpan took = Stopwatch.GetElapsedTime(returned);
            TestContext.Current.TestOutputHelper?.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"registered {took.TotalSeconds:F2} s after the link's return"));
            Assert.True(took < Promised, $"{took.TotalSeconds} s");
        }

        Assert.Equal(0, door.End());
    }

    [Fact]
    public void A_call_goes_on_at_another_address()
    {
        using NetworkNamespace network = NetworkNamespace.Start("link");
        using KamailioProxy proxy = KamailioProxy.Start("SHA-256", null, House, network.Command(null));
        using AgentProgram house = Start(network.Command(null), proxy, "house");
        using AgentProgram door = Start(network.Command("door"), proxy, "door", proxy.Address("house"));
        door.Press();
        _ = door.WaitFor("secured with");
        Thread.Sleep(Limits.Talk);

        Run(network.Command("door", "ip", "addr", "del", $"{Door}/24", "dev", "eth0"));
        Run(network.Command("door", "ip", "addr", "add", "10.0.0.3/24", "dev", "eth0"));
        _ = door.WaitFor("the network is back, or another one");

        // Whoever hears nothing for five seconds hangs up.
        Thread.Sleep(TimeSpan.FromSeconds(7));
        door.Press();
        _ = house.WaitFor("the other side hung up");
        Assert.Equal(0, door.End());
        Assert.Equal(0, house.End());
        Assert.DoesNotContain("gone silent", door.Log + house.Log, StringComparison.Ordinal);
    }

    private static AgentProgram Start(string[] place, KamailioProxy registrar, string user, params string[] targets)
    {
        AgentProgram agent = AgentProgram.StartAt(
            place,
            new AgentOptions { Host = "0.0.0.0", User = user, RegistrarHost = House, RegistrarPort = registrar.Port, Targets = targets });
        try
        {
            _ = agent.WaitFor("<6>registered");
            return agent;
        }
        catch
        {
            agent.Dispose();
            throw;
        }
    }

    private static void Run(string[] command)
    {
        using PeerProcess process = PeerProcess.Start(command[0], command[1..]);
        Assert.Equal(0, process.WaitForEnd(Limits.Event));
    }
}
