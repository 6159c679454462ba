using System;
using System.Threading;
using IntercomAgent.Tests.Interop.Agent;
using IntercomAgent.Tests.Interop.Kamailio;
using Xunit;

namespace IntercomAgent.Tests.Interop.Namespaces;

/// <summary>The door is behind an address translator; the proxy, the relay and another agent are outside.</summary>
public sealed class TranslatedTests
{
    private const string Inside = "10.0.0.2";
    private const string Outside = "203.0.113.2";

    [Theory]
    [InlineData("endpoint-independent")]
    [InlineData("port-restricted")]
    public void The_door_calls_through_the_proxy_and_its_relay(string kind)
    {
        using NetworkNamespace network = NetworkNamespace.Start("translated", kind);
        using RtpEngine relay = RtpEngine.Start(Outside, network.Command("outside"));
        using KamailioProxy proxy = KamailioProxy.Start("SHA-256", relay, Outside, network.Command("outside"));
        using AgentProgram house = StartHouse(network, proxy);
        using AgentProgram door = StartDoor(network, proxy);

        door.Press();

        _ = door.WaitFor("secured with");
        Talk(door, house);
    }

    [Theory]
    [InlineData("endpoint-independent")]
    [InlineData("port-restricted")]
    public void The_door_is_called_through_the_proxy_and_media_go_straight(string kind)
    {
        using NetworkNamespace network = NetworkNamespace.Start("translated", kind);
        using KamailioProxy proxy = KamailioProxy.Start("SHA-256", null, Outside, network.Command("outside"));
        using AgentProgram door = StartDoor(network, proxy);
        using AgentProgram house = StartHouse(network, proxy, proxy.Address("door"));

        house.Press();

        _ = door.WaitFor("secured with");
        _ = house.WaitFor("secured with");
        Talk(door, house);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public void The_translator_does_not_forget_a_door_that_sends_something_now_and_then(int pause)
    {
        using NetworkNamespace network = NetworkNamespace.Start("translated", "port-restricted", "4");
        using KamailioProxy proxy = KamailioProxy.Start("SHA-256", null, Outside, network.Command("outside"));
        using AgentProgram door = StartDoor(network, proxy, pause);
        using AgentProgram house = StartHouse(network, proxy, proxy.Address("door"));
        Thread.Sleep(TimeSpan.FromSeconds(12));

        house.Press();

        if (pause > 0)
        {
            _ = door.WaitFor("secured with");
            Talk(door, house);
        }
        else
        {
            Thread.Sleep(TimeSpan.FromSeconds(5));
            Assert.DoesNotContain("call 1", door.Log, StringComparison.Ordinal);
        }
    }

    private static AgentProgram StartDoor(NetworkNamespace network, KamailioProxy proxy, int keepAlive = 25) => Start(
        network.Command("inside"),
        new AgentOptions
        {
            Host = Inside,
            RegistrarHost = Outside,
            RegistrarPort = proxy.Port,
            Targets = [proxy.Address("house")],
            NatKeepAliveSeconds = keepAlive,
            Speech = Conversation.AtDoor,
        });

    // Behind the relay it gets plain RTP.
    private static AgentProgram StartHouse(NetworkNamespace network, KamailioProxy proxy, params string[] targets) => Start(
        network.Command("outside"),
        new AgentOptions
        {
            Host = Outside,
            User = "house",
            RegistrarHost = Outside,
            RegistrarPort = proxy.Port,
            Targets = targets,
            AllowPlain = true,
            Speech = Conversation.Indoors,
        });

    private static AgentProgram Start(string[] place, AgentOptions options)
    {
        AgentProgram agent = AgentProgram.StartAt(place, options);
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

    private static void Talk(AgentProgram door, AgentProgram house)
    {
        Thread.Sleep(Limits.Talk);
        Assert.Equal(0, door.End());
        _ = house.WaitFor("the other side hung up");
        Assert.Equal(0, house.End());
        Conversation.Heard(Conversation.AtDoor, house.Heard(), "the house", house.Log);
        Conversation.Heard(Conversation.Indoors, door.Heard(), "the door", door.Log);
    }
}
