using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;
using IntercomAgent.Hal.Net;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dns;

public sealed class AddressSearchTests
{
    [Fact]
    public void IPv6_comes_first_where_the_machine_has_it()
    {
        DnsWorld world = new();
        _ = world[1].A("pbx.example", "192.0.2.7").Aaaa("pbx.example", "2001:db8::7");

        Assert.Equal(["2001:db8::7", "192.0.2.7"], Find(world, "pbx.example"));
    }

    [Fact]
    public void IPv4_comes_first_where_no_way_leads_to_the_IPv6_address()
    {
        DnsWorld world = new() { HasIPv6 = false };
        _ = world[1].A("pbx.example", "192.0.2.7").Aaaa("pbx.example", "2001:db8::7");

        Assert.Equal(["192.0.2.7", "2001:db8::7"], Find(world, "pbx.example"));
    }

    [Fact]
    public void Addresses_that_nobody_can_be_reached_at_are_none()
    {
        DnsWorld world = new();
        _ = world[1].A("pbx.example", "0.0.0.0").A("pbx.example", "224.0.0.1").Aaaa("pbx.example", "ff02::1").Aaaa("pbx.example", "::");

        Assert.Empty(Find(world, "pbx.example"));
    }

    [Fact]
    public void The_order_of_equals_stays()
    {
        DnsWorld world = new();
        _ = world[1].A("pbx.example", "192.0.2.9").A("pbx.example", "192.0.2.7").A("pbx.example", "192.0.2.8");

        Assert.Equal(["192.0.2.9", "192.0.2.7", "192.0.2.8"], Find(world, "pbx.example"));
    }

    [Fact]
    public void What_the_hosts_file_knows_is_not_asked_for()
    {
        DnsWorld world = new();
        world.Resolver.Hosts = HostsFile.Read("127.0.0.1 localhost\n192.0.2.30\tPBX.example pbx # the telephone system\n::1 localhost\nbroken line\n");

        Assert.Equal(["192.0.2.30"], Find(world, "pbx.example"));
        Assert.Equal(["::1", "127.0.0.1"], Find(world, "localhost"));
        Assert.Empty(world.Sent);
    }

    [Fact]
    public void A_short_name_is_looked_for_in_each_domain()
    {
        DnsWorld world = new();
        world.Resolver.Configure(world.Resolver.Settings with { Search = ["one.example", "two.example"] });
        _ = world[1].A("pbx.two.example", "192.0.2.7");

        Assert.Equal(["192.0.2.7"], Find(world, "pbx"));
        Assert.Equal(
            ["pbx.one.example", "pbx.two.example"], world.Sent.Select(static sent => NameOf(sent.Query)).Distinct());
    }

    [Fact]
    public void A_name_with_dots_enough_is_looked_for_as_it_is_first()
    {
        DnsWorld world = new();
        world.Resolver.Configure(world.Resolver.Settings with { Search = ["one.example"], Dots = 2 });

        _ = Find(world, "a.b.example");
        _ = Find(world, "a.example");

        Assert.Equal(
            ["a.b.example", "a.b.example.one.example", "a.example.one.example", "a.example"],
            world.Sent.Select(static sent => NameOf(sent.Query)).Distinct());
    }

    [Fact]
    public void A_neighbour_without_IPv6_is_not_waited_for()
    {
        DnsWorld world = new();
        AddressSearch search = new("door.local");
        Assert.Equal(SearchState.Waiting, search.Advance(world.Resolver, world, world.Now));
        _ = world.Drain();
        byte[] question = world.Sent.Find(static sent => sent.Query[^3] == (byte)DnsRecordType.A).Query;
        byte[] answer = new DnsZone().A("door.local", "192.0.2.50").Answer(question);
        world.Resolver.Receive(answer, DnsWorld.Endpoint("192.0.2.50", DnsResolver.MulticastPort), world.Now);

        Assert.Equal(SearchState.Found, search.Advance(world.Resolver, world, world.Now));
        Assert.Equal(["192.0.2.50"], search.Addresses.Select(static address => address.AddressText()));
    }

    [Theory]
    [InlineData((int)DnsResponseCode.NoError, "there is no pbx.example")]
    [InlineData((int)DnsResponseCode.Refused, "pbx.example cannot be looked up: 192.0.2.1:53 refuses to answer")]
    public void A_person_reads_which_name_and_why(int error, string expected)
    {
        DnsWorld world = new();
        world[1].Error = (DnsResponseCode)error;
        AddressSearch search = new("pbx.example");

        Assert.Equal(SearchState.Exhausted, world.Finish(() => search.Advance(world.Resolver, world, world.Now)));
        Assert.Equal(expected, search.Problem);
    }

    [Fact]
    public void The_resolver_file_of_a_machine_is_read()
    {
        DnsSettings settings = ResolverFile.Read(
            "# made by somebody\nnameserver 192.0.2.53\nnameserver nonsense\nnameserver 2001:db8::53\r\nsearch Example. home.arpa\noptions rotate ndots:3 timeout:1\n");

        Assert.Equal([DnsWorld.Endpoint("192.0.2.53", 53), DnsWorld.Endpoint("2001:db8::53", 53)], settings.Servers);
        Assert.Equal(["example", "home.arpa"], settings.Search);
        Assert.Equal(3, settings.Dots);
    }

    [Fact]
    public void Without_a_server_in_it_the_machine_itself_is_asked()
    {
        Assert.Equal([DnsWorld.Endpoint("127.0.0.1", 53)], ResolverFile.Read("").Servers);
    }

    [Fact]
    public void Servers_of_one_priority_go_first_as_often_as_their_weights_say()
    {
        SeededRandom random = new(2782);
        ServiceRecord[] servers =
        [
            new("_sip._udp.example", 60, 2, 0, 5060, "spare.example"),
            new("_sip._udp.example", 60, 1, 10, 5060, "small.example"),
            new("_sip._udp.example", 60, 1, 30, 5060, "large.example"),
            new("_sip._udp.example", 60, 1, 0, 5060, "none.example"),
        ];
        Dictionary<string, int> first = [];
        for (int round = 0; round < 10_000; round++)
        {
            IReadOnlyList<ServiceRecord> sorted = ServiceOrder.Sort(servers, random);
            first[sorted[0].Target] = first.GetValueOrDefault(sorted[0].Target) + 1;
            Assert.Equal(4, sorted.Distinct().Count());
            Assert.Equal("spare.example", sorted[3].Target);
        }

        Assert.InRange(first["large.example"], 7000, 7800);
        Assert.InRange(first["small.example"], 2100, 2800);
        Assert.InRange(first["none.example"], 1, 600);
    }

    // RFC 6724 section 10.2, the examples that need no more than what we know.
    [Theory]
    [InlineData("2001:db8::1=2001:db8::2 198.51.100.121=198.51.100.117", "2001:db8::1 198.51.100.121")]
    [InlineData("2001:db8::1=fe80::1 198.51.100.121=198.51.100.117", "198.51.100.121 2001:db8::1")]
    [InlineData("2001:db8::1=2001:db8::2 10.1.2.3=10.1.2.4", "2001:db8::1 10.1.2.3")]
    [InlineData("2001:db8::1=2001:db8::2 fe80::1=fe80::2", "fe80::1 2001:db8::1")]
    [InlineData("2002:c633:6401::1=2002:c633:6401::2 2001:db8:1::1=2002:c633:6401::2", "2002:c633:6401::1 2001:db8:1::1")]
    public void Addresses_are_ordered_as_in_the_examples_of_RFC_6724(string given, string expected)
    {
        Table table = new(given);

        Assert.Equal(expected.Split(' '), AddressOrder.Sort(table.Destinations, table).Select(static address => address.AddressText()));
    }

    private static string[] Find(DnsWorld world, string host)
    {
        AddressSearch search = new(host);
        _ = world.Finish(() => search.Advance(world.Resolver, world, world.Now));
        return [.. search.Addresses.Select(static address => address.AddressText())];
    }

    private static string? NameOf(byte[] query)
    {
        WireReader reader = new(query.AsSpan(12));
        return DnsName.TryRead(query, ref reader, 12, out string? name) ? name : null;
    }

    private sealed class Table(string text) : ISourceAddresses
    {
        private readonly (NetworkEndpoint Destination, NetworkEndpoint Source)[] _rows =
        [
            .. text.Split(' ').Select(static row => row.Split('=')).Select(
                static pair => (DnsWorld.Endpoint(pair[0]), DnsWorld.Endpoint(pair[1]))),
        ];

        public IEnumerable<NetworkEndpoint> Destinations => _rows.Select(static row => row.Destination);

        public NetworkEndpoint? SourceTowards(NetworkEndpoint destination) => Array.Find(_rows, row => row.Destination == destination).Source;
    }
}
