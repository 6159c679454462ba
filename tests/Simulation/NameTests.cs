using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using IntercomAgent.Configuration;
using IntercomAgent.Dns;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;
using IntercomAgent.Logging;
using IntercomAgent.Station;
using IntercomAgent.Tests.Unit.Dns;
using Microsoft.Extensions.Logging;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>Targets with names: the door asks the name servers of the world (RFC 3263).</summary>
public sealed class NameTests
{
    private static readonly NetworkEndpoint Loopback = NetworkEndpoint.FromIPv4(0x7F000001, 0);
    private static readonly NetworkEndpoint NameServer = NetworkEndpoint.FromIPv4(0x7F000001, 53);

    [Fact]
    public void A_button_rings_the_server_that_the_domain_names()
    {
        using World world = new(seed: 800);
        _ = world.Zone.Naptr("example.com", 10, 10, "s", "SIP+D2U", "_sip._udp.example.com")
            .Srv("_sip._udp.example.com", 1, 1, 5061, "in.example.com").A("in.example.com", "127.0.0.1");
        Resident door = world.Door("sip:in@example.com");
        Resident indoor = world.House.Add(House.Indoor());

        world.Press(door);

        Assert.True(world.House.RunUntil(() => indoor.Host.State == StationState.Talking, 1), door.Calls.LastReason);
        world.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("sip:in@in.example.com:5061")]
    [InlineData("sip:in@in.example.com:5061;transport=tcp")]
    [InlineData("sip:in@neighbour:5061")]
    [InlineData("sip:in@short:5061")]
    [InlineData("sip:in@kitchen.local:5061")]
    public void A_name_with_a_port_is_the_name_of_a_host(string target)
    {
        using World world = new(seed: 801);
        _ = world.Zone.A("in.example.com", "127.0.0.1").A("short.example.com", "127.0.0.1");
        world.House.Machine.SystemFiles[NameService.HostsPath] = "127.0.0.1 neighbour";
        world.House.Machine.SystemFiles[NameService.ResolverPath] = "nameserver 127.0.0.1\nsearch example.com";
        DnsZone neighbours = new DnsZone().A("kitchen.local", "127.0.0.1");
        world.House.Machine.Network.Servers[NetworkEndpoint.FromIPv4(0xE00000FB, 5353)] =
            query => neighbours.Answer(query) is var answer && answer[7] > 0 ? answer : null;
        Resident door = world.Door(target);
        Resident indoor = world.House.Add(House.Indoor());

        world.Press(door);

        Assert.True(world.House.RunUntil(() => indoor.Host.State == StationState.Talking, 1), door.Calls.LastReason);
        Assert.Equal(target.Contains("example"), world.Zone.Queries > 0 && !target.Contains("short"));
        world.AssertNothingIsLeft();
    }

    [Fact]
    public void A_literal_address_asks_nobody()
    {
        using World world = new(seed: 802);
        Resident door = world.Door("sip:in@127.0.0.1:5061");
        Resident indoor = world.House.Add(House.Indoor());

        world.Press(door);

        Assert.True(world.House.RunUntil(() => indoor.Host.State == StationState.Talking, 1), door.Calls.LastReason);
        Assert.Equal(0, world.Zone.Queries);
        world.AssertNothingIsLeft();
    }

    [Fact]
    public void A_server_that_keeps_silent_costs_four_seconds_once_and_the_next_call_nothing()
    {
        using World world = new(seed: 803);
        world.TwoServers();
        Resident door = world.Door("sip:in@example.com");
        Resident indoor = world.House.Add(House.Indoor());
        world.House.Machine.Network.Swallows = (_, to, _) => to.Port == 5098;

        world.Press(door);
        Assert.False(world.House.RunUntil(() => indoor.Host.State == StationState.Talking, 3.9));
        Assert.True(world.House.RunUntil(() => indoor.Host.State == StationState.Talking, 0.5), door.Calls.LastReason);
        indoor.Calls.HangUp(world.House.Loop.Now);
        world.House.Run(2);
        world.Press(door);

        Assert.True(world.House.RunUntil(() => indoor.Host.State == StationState.Talking, 0.5), door.Calls.LastReason);
        world.AssertNothingIsLeft();
    }

    [Fact]
    public void A_server_where_nobody_listens_costs_half_a_second()
    {
        using World world = new(seed: 804);
        world.TwoServers();
        Resident door = world.Door("sip:in@example.com");
        Resident indoor = world.House.Add(House.Indoor());

        world.Press(door);

        Assert.True(world.House.RunUntil(() => indoor.Host.State == StationState.Talking, 1), door.Calls.LastReason);
        world.AssertNothingIsLeft();
    }

    [Fact]
    public void A_server_that_is_overloaded_is_passed_over()
    {
        using World world = new(seed: 805);
        world.TwoServers();
        List<string> refused = [];
        world.House.Machine.Network.Servers[Loopback.WithPort(5098)] = request => Refuse(request, refused);
        Resident door = world.Door("sip:in@example.com");
        Resident indoor = world.House.Add(House.Indoor());
        Wiretap sip = new(world.House);

        world.Press(door);

        Assert.True(world.House.RunUntil(() => indoor.Host.State == StationState.Talking, 1), door.Calls.LastReason);
        string invite = sip.Find("INVITE").Last().Text;
        Assert.Equal(["INVITE", "ACK"], refused.Select(request => request.Split(' ')[0]));
        Assert.NotEqual(Header(refused[0], "Via"), Header(invite, "Via"));
        foreach (string name in new[] { "From", "To", "Call-ID", "CSeq" })
        {
            Assert.Equal(Header(refused[0], name), Header(invite, name));
        }

        world.AssertNothingIsLeft();
    }

    [Fact]
    public void When_all_servers_have_failed_the_next_target_rings()
    {
        using World world = new(seed: 806);
        _ = world.Zone.Srv("_sip._udp.example.com", 1, 1, 5098, "in.example.com").Srv("_sip._udp.example.com", 2, 1, 5097, "in.example.com")
            .A("in.example.com", "127.0.0.1");
        Resident door = world.Door("sip:in@example.com", "sip:in@127.0.0.1:5061");
        Resident indoor = world.House.Add(House.Indoor());

        world.Press(door);

        Assert.True(world.House.RunUntil(() => indoor.Host.State == StationState.Talking, 2), door.Calls.LastReason);
        world.AssertNothingIsLeft();
    }

    [Fact]
    public void A_name_that_does_not_exist_is_told_and_the_next_target_rings()
    {
        using World world = new(seed: 807);
        StringWriter log = new();
        Resident door = world.House.Add(
            World.Station("sip:in@pbx.example.com", "sip:in@127.0.0.1:5061"),
            logger: new LineLogger(log, LogLevel.Information, isTerminal: false));
        Resident indoor = world.House.Add(House.Indoor());

        world.Press(door);

        Assert.True(world.House.RunUntil(() => indoor.Host.State == StationState.Talking, 1), door.Calls.LastReason);
        Assert.Contains("there is no pbx.example.com", log.ToString());
        world.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Name_servers_that_do_not_answer_let_the_next_target_ring(bool isReported)
    {
        using World world = new(seed: 808);
        Resident door = world.Door("sip:in@pbx.example.com", "sip:in@127.0.0.1:5061");
        Resident indoor = world.House.Add(House.Indoor());
        _ = world.House.Machine.Network.Servers.Remove(NameServer);
        world.House.Machine.Network.Swallows = (_, to, _) => !isReported && to == NameServer;

        world.Press(door);

        Assert.True(world.House.RunUntil(() => indoor.Host.State == StationState.Talking, isReported ? 1 : 8), door.Calls.LastReason);
        world.AssertNothingIsLeft();
    }

    [Fact]
    public void A_registrar_may_know_a_name_that_the_name_system_does_not()
    {
        using World world = new(seed: 809);
        Wiretap sip = new(world.House);
        Resident door = world.House.Add(
            World.Station("sip:kitchen@house"), accounts: [RegistrationTests.Account()]);

        world.Press(door);
        world.House.Run(1);

        Assert.Contains(sip.Find("INVITE"), line => line.To == RegistrationTests.Registrar && line.Text.StartsWith("INVITE sip:kitchen@house "));
    }

    [Fact]
    public void A_door_that_ends_while_it_looks_for_a_name_leaves_nothing()
    {
        using World world = new(seed: 810);
        Resident door = world.Door("sip:in@pbx.example.com");
        world.House.Machine.Network.Swallows = (_, to, _) => to == NameServer;

        world.Press(door);
        world.House.Run(0.5);

        Assert.Equal(0, world.House.End());
    }

    [Fact]
    public void What_the_machine_says_of_its_name_servers_is_read_again()
    {
        using World world = new(seed: 811);
        world.House.Machine.SystemFiles[NameService.ResolverPath] = "nameserver 127.0.0.9";
        Resident door = world.Door("sip:in@in.example.com:5061");
        Resident indoor = world.House.Add(House.Indoor());
        _ = world.Zone.A("in.example.com", "127.0.0.1");
        world.Press(door);
        world.House.Run(6);
        Assert.Equal(StationState.Quiet, door.Host.State);

        world.House.Machine.SystemFiles[NameService.ResolverPath] = "nameserver 127.0.0.1";
        world.Press(door);

        Assert.True(world.House.RunUntil(() => indoor.Host.State == StationState.Talking, 1), door.Calls.LastReason);
        world.AssertNothingIsLeft();
    }

    [Fact]
    public void A_registrar_is_found_by_its_name_and_the_next_server_takes_over_from_a_dead_one()
    {
        using World world = new(seed: 812);
        _ = world.Zone.Srv("_sip._udp.example.com", 1, 1, 7000, "one.example.com").Srv("_sip._udp.example.com", 2, 1, 7001, "two.example.com")
            .A("one.example.com", "127.0.0.1").A("two.example.com", "127.0.0.1");
        Registrar first = new(world.House, 7000);
        Registrar second = new(world.House, 7001);
        Resident door = world.House.Add(House.Indoor(), accounts: [Account("example.com")]);

        world.House.Run(1);
        Assert.Equal((1, 0), (first.Registered, second.Registered));
        Assert.Contains("registered", door.Host.Summary.Describe());

        // A refresh goes to the same server, and when that is gone, to the other one.
        world.House.Run(160);
        Assert.Equal((2, 0), (first.Registered, second.Registered));
        first.Dispose();
        world.House.Run(160);
        Assert.Equal((2, 1), (first.Registered, second.Registered));
        Assert.StartsWith("registered", door.Host.Summary.Describe());
        Assert.Equal(0, world.House.End());
    }

    [Fact]
    public void A_registrar_whose_name_is_known_only_later_is_registered_with_then()
    {
        using World world = new(seed: 813);
        StringWriter log = new();
        _ = new Registrar(world.House, 7000);
        _ = world.House.Add(
            House.Indoor(), accounts: [Account("pbx.example.com:7000")], logger: new LineLogger(log, LogLevel.Information, isTerminal: false));
        world.House.Run(1);
        Assert.Contains("not registered: 404 there is no pbx.example.com", log.ToString());

        _ = world.Zone.A("pbx.example.com", "127.0.0.1");

        Assert.True(world.House.RunUntil(() => log.ToString().EndsWith("<6>registered\n", StringComparison.Ordinal), 200), log.ToString());
        Assert.Equal(0, world.House.End());
    }

    [Fact]
    public void An_answer_that_is_too_long_for_a_datagram_is_asked_for_by_TCP()
    {
        using World world = new(seed: 814);
        _ = world.Zone.A("in.example.com", "127.0.0.1");
        world.House.Machine.Network.Servers[NameServer] = query => DnsZone.Truncate(world.Zone.Answer(query));
        using StreamNameServer server = new(world.House, world.Zone);
        Resident door = world.Door("sip:in@in.example.com:5061");
        Resident indoor = world.House.Add(House.Indoor());
        int idle = world.House.Machine.OpenPorts;

        world.Press(door);

        Assert.True(world.House.RunUntil(() => indoor.Host.State == StationState.Talking, 1), door.Calls.LastReason);
        Assert.Equal(2, server.Answered);
        world.House.Run(0.1);
        Assert.Equal(idle + 2, world.House.Machine.OpenPorts);
        world.AssertNothingIsLeft(others: 1);
    }

    [Fact]
    public void A_domain_that_prefers_TCP_is_called_by_TCP()
    {
        using World world = new(seed: 815);
        _ = world.Zone.Naptr("example.com", 10, 10, "s", "SIP+D2T", "_sip._tcp.example.com")
            .Naptr("example.com", 20, 10, "s", "SIP+D2U", "_sip._udp.example.com")
            .Srv("_sip._tcp.example.com", 1, 1, 5061, "in.example.com").Srv("_sip._udp.example.com", 1, 1, 5061, "in.example.com")
            .A("in.example.com", "127.0.0.1");
        Resident door = world.Door("sip:in@example.com");
        Resident indoor = world.House.Add(House.Indoor());

        world.Press(door);

        Assert.True(world.House.RunUntil(() => indoor.Host.State == StationState.Talking, 1), door.Calls.LastReason);
        Assert.Equal(1, world.House.Machine.Streams.Connections);
        world.AssertNothingIsLeft();
    }

    private static AccountConfiguration Account(string registrar)
    {
        Assert.Null(SipAddress.FindServerFault(registrar, out ServerAddress server));
        return RegistrationTests.Account() with { Registrar = server };
    }

    private static byte[] Refuse(byte[] datagram, List<string> requests)
    {
        string request = Encoding.ASCII.GetString(datagram);
        requests.Add(request);
        if (request.StartsWith("ACK", StringComparison.Ordinal))
        {
            return Encoding.ASCII.GetBytes("\r\n");
        }

        string copied = string.Concat(new[] { "Via", "From", "To", "Call-ID", "CSeq" }.Select(name => $"{name}: {Header(request, name)}\r\n"));
        return Encoding.ASCII.GetBytes($"SIP/2.0 503 Service Unavailable\r\n{copied}Content-Length: 0\r\n\r\n");
    }

    private static string Header(string message, string name) =>
        message.Split("\r\n").First(line => line.StartsWith($"{name}: ", StringComparison.Ordinal))[(name.Length + 2)..];

    /// <summary>Grants every REGISTER for 200 s.</summary>
    private sealed class Registrar : IDisposable
    {
        private readonly House _house;
        private readonly NetworkEndpoint _at;

        public Registrar(House house, ushort port)
        {
            _house = house;
            _at = Loopback.WithPort(port);
            house.Machine.Network.Servers[_at] = Answer;
        }

        public int Registered { get; private set; }

        public void Dispose() => _house.Machine.Network.Servers.Remove(_at);

        private byte[]? Answer(byte[] datagram)
        {
            string request = Encoding.ASCII.GetString(datagram);
            Registered++;
            string copied = string.Concat(
                new[] { "Via", "From", "To", "Call-ID", "CSeq", "Contact", "Expires" }.Select(name => $"{name}: {Header(request, name)}\r\n"));
            return Encoding.ASCII.GetBytes($"SIP/2.0 200 OK\r\n{copied}Content-Length: 0\r\n\r\n");
        }
    }

    /// <summary>The TCP side of the name server: one connection at a time, and one question on it.</summary>
    private sealed class StreamNameServer : IDisposable
    {
        private readonly IStreamListener _listener;
        private readonly DnsZone _zone;
        private readonly List<(IStreamConnection Connection, DnsStreamReader Reader)> _connections = [];

        public StreamNameServer(House house, DnsZone zone)
        {
            Readiness readiness = new(ServiceClass.Signalling, int.MaxValue);
            _zone = zone;
            _listener = house.Machine.OpenStreamListener(NameServer, readiness, out string? problem)
                ?? throw new InvalidOperationException(problem);
            house.Machine.BeforeServing = () => Serve(readiness);
        }

        public int Answered { get; private set; }

        public void Dispose() => _listener.Dispose();

        private static bool IsOver((IStreamConnection Connection, DnsStreamReader Reader) entry) =>
            entry.Connection.IsPeerDone || entry.Connection.State == StreamState.Closed;

        private void Serve(Readiness readiness)
        {
            while (_listener.Accept(readiness) is { } accepted)
            {
                _connections.Add((accepted, new DnsStreamReader()));
            }

            byte[] buffer = new byte[512];
            foreach ((IStreamConnection connection, DnsStreamReader reader) in _connections)
            {
                Assert.True(reader.TryAdd(buffer.AsSpan(0, connection.Receive(buffer))));
                while (reader.TryTake(out ReadOnlySpan<byte> query))
                {
                    byte[] answer = _zone.Answer(query);
                    Assert.True(connection.TrySend([(byte)(answer.Length >> 8), (byte)answer.Length, .. answer]));
                    Answered++;
                }
            }

            foreach ((IStreamConnection connection, _) in _connections.FindAll(IsOver))
            {
                connection.Dispose();
            }

            _ = _connections.RemoveAll(IsOver);
        }
    }

    /// <summary>A house with a name server.</summary>
    private sealed class World : IDisposable
    {
        public World(int seed)
        {
            House = new House(seed);
            House.Machine.SystemFiles[NameService.ResolverPath] = "nameserver 127.0.0.1";
            House.Machine.Network.Servers[NameServer] = query => Zone.Answer(query);
        }

        public House House { get; }

        public DnsZone Zone { get; } = new();

        public static StationSettings Station(params string[] targets) => House.Door(RingOrder.InOrder) with
        {
            Buttons = [new RingPlan(RingOrder.InOrder, Array.ConvertAll(targets, target => new RingTarget(target, TimeSpan.FromSeconds(20))))],
        };

        public Resident Door(params string[] targets) => House.Add(Station(targets));

        public void Press(Resident door) => door.Panel.Press(0, House.Machine.Now);

        /// <summary>The first server is one at port 5098, the other one the indoor station.</summary>
        public void TwoServers() => Zone
            .Srv("_sip._udp.example.com", 1, 1, 5098, "in.example.com").Srv("_sip._udp.example.com", 2, 1, 5061, "in.example.com")
            .A("in.example.com", "127.0.0.1");

        /// <summary>Nothing is left of the stations; so many ports are the test's own.</summary>
        public void AssertNothingIsLeft(int others = 0) => Assert.Equal(others, House.End());

        public void Dispose() => House.Dispose();
    }
}
