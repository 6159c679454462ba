using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Dns;
using IntercomAgent.Sip;
using IntercomAgent.Tests.Unit.Dns;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

public sealed class TargetSearchTests
{
    private static readonly SipTransport[] UdpAlone = [SipTransport.Udp];
    private static readonly SipTransport[] All = [SipTransport.Udp, SipTransport.Tcp, SipTransport.Tls];

    [Fact]
    public void The_example_of_RFC_3263_section_4_1_leads_from_NAPTR_by_SRV_to_the_servers()
    {
        DnsWorld world = new();
        _ = world[1]
            .Naptr("example.com", 50, 50, "s", "SIPS+D2T", "_sips._tcp.example.com")
            .Naptr("example.com", 90, 50, "s", "SIP+D2T", "_sip._tcp.example.com")
            .Naptr("example.com", 100, 50, "s", "SIP+D2U", "_sip._udp.example.com")
            .Srv("_sip._tcp.example.com", 0, 1, 5060, "server1.example.com")
            .Srv("_sip._tcp.example.com", 1, 2, 5070, "server2.example.com")
            .A("server1.example.com", "192.0.2.1").A("server2.example.com", "192.0.2.2");

        Assert.Equal(
            ["Tcp 192.0.2.1:5060", "Tcp 192.0.2.2:5070"], Find(world, "example.com", supported: [SipTransport.Udp, SipTransport.Tcp]));
    }

    [Fact]
    public void Without_NAPTR_the_services_of_all_transports_are_asked_for()
    {
        DnsWorld world = new();
        _ = world[1].Srv("_sips._tcp.example.com", 0, 1, 5071, "a.example.com").Srv("_sip._udp.example.com", 0, 1, 5070, "a.example.com")
            .A("a.example.com", "192.0.2.7");

        Assert.Equal(["Udp 192.0.2.7:5070", "Tls 192.0.2.7:5071"], Find(world, "example.com", supported: All));
    }

    [Fact]
    public void Without_SRV_the_host_itself_is_the_target_at_the_default_port()
    {
        DnsWorld world = new();
        _ = world[1].A("pbx.example.com", "192.0.2.7").Aaaa("pbx.example.com", "2001:db8::7");

        Assert.Equal(["Udp [2001:db8::7]:5060", "Udp 192.0.2.7:5060"], Find(world, "pbx.example.com"));
        Assert.Equal(
            ["Tls [2001:db8::7]:5061", "Tls 192.0.2.7:5061"], Find(world, "pbx.example.com", transport: SipTransport.Tls, supported: All));
    }

    [Fact]
    public void A_port_in_the_URI_leads_to_the_host_itself()
    {
        DnsWorld world = new();
        _ = world[1].A("pbx.example.com", "192.0.2.7").Srv("_sip._udp.pbx.example.com", 0, 1, 5070, "other.example.com");

        Assert.Equal(["Udp 192.0.2.7:5062"], Find(world, "pbx.example.com", port: 5062));
        Assert.DoesNotContain(world.Sent, static sent => sent.Query[^13] == (byte)DnsRecordType.Srv);
    }

    [Fact]
    public void A_transport_in_the_URI_makes_NAPTR_needless()
    {
        DnsWorld world = new();
        _ = world[1].Srv("_sip._tcp.example.com", 0, 1, 5070, "a.example.com").A("a.example.com", "192.0.2.7")
            .Naptr("example.com", 1, 1, "s", "SIP+D2U", "_sip._udp.example.com");

        Assert.Equal(["Tcp 192.0.2.7:5070"], Find(world, "example.com", transport: SipTransport.Tcp, supported: All));
    }

    [Fact]
    public void A_short_name_and_one_of_the_hosts_file_are_hosts_and_no_domains()
    {
        DnsWorld world = new();
        world.Resolver.Configure(world.Resolver.Settings with { Search = ["example.com"] });
        world.Resolver.Hosts = HostsFile.Read("192.0.2.9 door.example.com");
        _ = world[1].A("pbx.example.com", "192.0.2.7");

        Assert.Equal(["Udp 192.0.2.7:5060"], Find(world, "pbx"));
        Assert.Equal(["Udp 192.0.2.9:5060"], Find(world, "door.example.com"));
    }

    [Fact]
    public void A_service_that_is_decidedly_not_offered_leads_nowhere()
    {
        DnsWorld world = new();
        _ = world[1].Srv("_sip._udp.example.com", 0, 0, 0, "").A("example.com", "192.0.2.7");

        Assert.Empty(Find(world, "example.com"));
    }

    [Fact]
    public void The_addresses_of_a_server_are_asked_for_only_when_its_turn_comes()
    {
        DnsWorld world = new();
        _ = world[1].Srv("_sip._udp.example.com", 0, 1, 5060, "a.example.com").Srv("_sip._udp.example.com", 1, 1, 5060, "b.example.com")
            .A("a.example.com", "192.0.2.7").A("b.example.com", "192.0.2.8");
        TargetSearch search = new(new TargetName("example.com", 0, null), UdpAlone, world.Random);
        SipHop first = default;

        Assert.Equal(SearchState.Found, world.Finish(() => search.Next(world.Resolver, world, world.Now, out first)));

        Assert.Equal("192.0.2.7:5060", first.Endpoint.ToString());
        Assert.Equal("example.com", first.Domain);
        Assert.DoesNotContain(world.Sent, static sent => sent.Query.AsSpan().IndexOf("\u0001b\u0007example"u8) >= 0);
    }

    [Fact]
    public void Records_that_hold_for_no_time_serve_one_search()
    {
        DnsWorld world = new();
        _ = world[1].Srv("_sip._udp.example.com", 0, 1, 5060, "a.example.com", seconds: 0).A("a.example.com", "192.0.2.7", seconds: 0);

        Assert.Equal(["Udp 192.0.2.7:5060"], Find(world, "example.com"));
    }

    [Theory]
    [InlineData((int)DnsResponseCode.NoError, "there is no pbx.example.com")]
    [InlineData((int)DnsResponseCode.ServerFailure, "pbx.example.com cannot be looked up: 192.0.2.1:53 cannot find out")]
    public void A_person_reads_which_name_and_why(int error, string expected)
    {
        DnsWorld world = new();
        world[1].Error = (DnsResponseCode)error;
        TargetSearch search = new(new TargetName("pbx.example.com", 0, null), UdpAlone, world.Random);

        Assert.Equal(SearchState.Exhausted, world.Finish(() => search.Next(world.Resolver, world, world.Now, out _)));
        Assert.Equal(expected, search.Problem);
    }

    [Fact]
    public void Targets_have_an_end()
    {
        DnsWorld world = new();
        for (int index = 0; index < 30; index++)
        {
            _ = world[1].A("pbx.example.com", $"192.0.2.{index + 10}");
        }

        Assert.Equal(16, Find(world, "pbx.example.com").Length);
    }

    private static string[] Find(
        DnsWorld world, string host, ushort port = 0, SipTransport? transport = null, IReadOnlyList<SipTransport>? supported = null)
    {
        TargetSearch search = new(new TargetName(host, port, transport), supported ?? UdpAlone, world.Random);
        List<SipHop> targets = [];
        SipHop target = default;
        while (world.Finish(() => search.Next(world.Resolver, world, world.Now, out target)) == SearchState.Found)
        {
            targets.Add(target);
        }

        return [.. targets.Select(static hop => $"{hop.Transport} {hop.Endpoint}")];
    }
}
