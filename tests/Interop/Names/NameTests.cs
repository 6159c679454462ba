using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using IntercomAgent.Tests.Interop.Agent;
using IntercomAgent.Tests.Interop.Kamailio;
using IntercomAgent.Tests.Interop.Sipp;
using Xunit;

namespace IntercomAgent.Tests.Interop.Names;

/// <summary>Targets and registrars with names, which a real name server knows (RFC 3263).</summary>
public sealed class NameTests
{
    private const string Target = $"sip:house@{DnsmasqServer.Domain}";

    /// <summary>Longer than a button has to rest before it counts again.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(700);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_second_server_is_called_when_the_first_one_is_dead(bool isReported)
    {
        using Socket silent = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int dead = isReported ? FreePorts.Next() : ((IPEndPoint)silent.LocalEndPoint!).Port;
        using SippPeer house = SippPeer.Wait("answers");
        using DnsmasqServer names = DnsmasqServer.Start(
            DnsmasqServer.Preference(10, "SIP+D2U", "_sip._udp"),
            DnsmasqServer.Service("_sip._udp", "one", dead, priority: 1), DnsmasqServer.Service("_sip._udp", "two", house.Port, priority: 2),
            DnsmasqServer.Host("one"), DnsmasqServer.Host("two"));
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { Targets = [Target], NameServerPort = names.Port });

        agent.Press();
        _ = agent.WaitFor("answered");
        Thread.Sleep(Rest);
        agent.Press();

        house.Succeeds();
        Assert.Equal(0, agent.End());
    }

    [Fact]
    public void Two_agents_register_with_the_server_that_lives_and_call_each_other_in_its_domain()
    {
        using KamailioProxy proxy = KamailioProxy.Start("SHA-256");
        using DnsmasqServer names = DnsmasqServer.Start(
            DnsmasqServer.Service("_sip._udp", "one", FreePorts.Next(), priority: 1),
            DnsmasqServer.Service("_sip._udp", "two", proxy.Port, priority: 2),
            DnsmasqServer.Host("one"), DnsmasqServer.Host("two"));
        AgentOptions options = new() { RegistrarName = DnsmasqServer.Domain, NameServerPort = names.Port };
        using AgentProgram house = AgentProgram.Start(options with { User = "house" });
        using AgentProgram door = AgentProgram.Start(options with { Targets = [Target] });
        _ = house.WaitFor("<6>registered");
        _ = door.WaitFor("<6>registered");

        door.Press();
        _ = house.WaitFor("secured with");
        _ = door.WaitFor("secured with");
        Thread.Sleep(Rest);
        door.Press();
        _ = house.WaitFor("the other side hung up");

        Assert.Equal(0, door.End());
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void A_domain_that_prefers_TCP_is_called_by_TCP()
    {
        using AgentProgram house = AgentProgram.Start(new AgentOptions { User = "house" });
        int port = int.Parse(house.Address.Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture);
        using DnsmasqServer names = DnsmasqServer.Start(
            DnsmasqServer.Preference(10, "SIP+D2T", "_sip._tcp"), DnsmasqServer.Preference(20, "SIP+D2U", "_sip._udp"),
            DnsmasqServer.Service("_sip._tcp", "one", port, priority: 1),
            DnsmasqServer.Service("_sip._udp", "one", FreePorts.Next(), priority: 1), DnsmasqServer.Host("one"));
        using AgentProgram door = AgentProgram.Start(new AgentOptions { Targets = [Target], NameServerPort = names.Port });

        CallAndHangUp(door, house);
    }

    [Fact]
    public void An_answer_that_is_too_long_for_a_datagram_comes_by_TCP()
    {
        using AgentProgram house = AgentProgram.Start(new AgentOptions { User = "house" });
        int port = int.Parse(house.Address.Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture);
        string padding = new('x', 50);
        IEnumerable<string> others = Enumerable.Range(0, 25)
            .Select(index => DnsmasqServer.Service("_sip._udp", $"{padding}-{index}", port, priority: 2));
        using DnsmasqServer names = DnsmasqServer.Start(
            [.. others, DnsmasqServer.Service("_sip._udp", "one", port, priority: 1), DnsmasqServer.Host("one")]);
        using AgentProgram door = AgentProgram.Start(new AgentOptions { Targets = [Target], NameServerPort = names.Port });

        CallAndHangUp(door, house);
    }

    [Fact]
    public void A_name_that_is_not_known_is_told()
    {
        using DnsmasqServer names = DnsmasqServer.Start(DnsmasqServer.Host("one"));
        using AgentProgram door = AgentProgram.Start(
            new AgentOptions { Targets = [$"sip:house@nobody.{DnsmasqServer.Domain}"], NameServerPort = names.Port });

        door.Press();

        _ = door.WaitFor($"there is no nobody.{DnsmasqServer.Domain}");
        Assert.Equal(0, door.End());
    }

    private static void CallAndHangUp(AgentProgram door, AgentProgram house)
    {
        door.Press();
        _ = house.WaitFor("secured with");
        _ = door.WaitFor("secured with");
        Thread.Sleep(Rest);
        door.Press();
        _ = house.WaitFor("the other side hung up");

        Assert.Equal(0, door.End());
        Assert.Equal(0, house.End());
    }
}
