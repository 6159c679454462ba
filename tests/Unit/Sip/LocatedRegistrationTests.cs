using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using IntercomAgent.Tests.Unit.Dns;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>A registrar with a name and two servers (RFC 3263): the registration goes on to the next one when one fails.</summary>
public sealed class LocatedRegistrationTests
{
    private const string Challenge = "WWW-Authenticate: Digest realm=\"house\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\"\r\n";
    private const string Both = "192.0.2.10 pbx.example.org\n192.0.2.11 pbx.example.org";
    private static readonly SipServer Registrar = new(null, new TargetName("pbx.example.org", 0, null));

    private readonly DnsWorld _names = new();
    private readonly SipPair _pair;
    private readonly SipScript _first;
    private readonly SipScript _second;

    public LocatedRegistrationTests()
    {
        _names.Resolver.Hosts = HostsFile.Read(Both);
        SipSettings settings = new()
        {
            DisplayName = "",
            User = "door",
            Accounts = [new SipAccount(Registrar, "door", new Secret("one"), TimeSpan.FromMinutes(10))],
        };
        _pair = new SipPair(settings, names: _names);
        _first = new SipScript(_pair, NetworkEndpoint.FromIPv4(0xC000020A, 5060));
        _second = new SipScript(_pair, NetworkEndpoint.FromIPv4(0xC000020B, 5060));
    }

    private SipEndpoint Door => _pair.Alice.Endpoint;

    [Fact]
    public void It_registers_under_the_name_and_from_the_address_that_leads_there()
    {
        Register();
        Assert.StartsWith("REGISTER sip:pbx.example.org SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.100:5060;", _first.Received[^1]);
        Assert.Equal("<sip:door@pbx.example.org>", SipScript.Header(_first.Received[^1], "To"));
        Assert.Equal("<sip:door@192.0.2.100:5060>", SipScript.Header(_first.Received[^1], "Contact"));

        Respond(_first, 401, Challenge);
        Assert.Contains("Authorization: Digest ", _first.Received[^1]);
        Respond(_first, 200);

        Assert.Equal(["Registered (pbx.example.org)"], _pair.Alice.Told);
        _pair.Do(() => Door.Close(_pair.Now));
        Assert.Contains("Expires: 0\r\n", _first.Received[^1]);
        Respond(_first, 200);
        Assert.True(Door.IsClosed);
        Assert.Empty(_second.Received);
        _pair.ShouldLeaveNothing();
    }

    [Fact]
    public void A_server_that_refuses_service_is_passed_over_and_comes_back_after_a_while()
    {
        Register();
        Respond(_first, 503);
        Respond(_second, 200);
        Assert.Equal(["Registered (pbx.example.org)"], _pair.Alice.Told);

        // The first refresh comes within the five minutes that a failure is remembered for; 560 s later it is forgotten.
        int before = _first.Received.Count;
        _pair.Wait(560.2);
        Assert.Equal(before + 1, _first.Received.Count);
        Respond(_first, 200);
        Assert.Single(_pair.Alice.Told);
    }

    [Fact]
    public void A_server_that_keeps_silent_costs_four_seconds()
    {
        Register();
        _pair.Wait(3.9);
        Assert.Empty(_second.Received);
        _pair.Wait(0.2);

        Respond(_second, 200);

        Assert.Equal(["Registered (pbx.example.org)"], _pair.Alice.Told);
        int sent = _first.Received.Count;
        _pair.Wait(60);
        Assert.Equal(sent, _first.Received.Count);
    }

    [Fact]
    public void When_all_servers_have_failed_the_last_failure_is_told_and_it_is_tried_again()
    {
        Register();
        Respond(_first, 503);
        Respond(_second, 503);
        Assert.Equal(["RegistrationFailed 503 Because (pbx.example.org)"], _pair.Alice.Told);

        _pair.Wait(61);

        Assert.True(_first.Received.Count > 1);
    }

    [Fact]
    public void A_name_that_nobody_knows_is_told_and_found_once_somebody_does()
    {
        _names.Resolver.Hosts = HostsFile.Empty;
        _names.Resolver.Configure(DnsSettings.None);
        Register();
        Assert.Equal(["RegistrationFailed 404 pbx.example.org cannot be looked up: no name server is known (pbx.example.org)"], _pair.Alice.Told);

        _names.Resolver.Hosts = HostsFile.Read(Both);
        _pair.Wait(61);
        Respond(_first, 200);

        Assert.Equal("Registered (pbx.example.org)", _pair.Alice.Told[^1]);
    }

    [Fact]
    public void A_refresh_follows_the_name_to_another_address()
    {
        Register();
        Respond(_first, 200);
        _names.Resolver.Hosts = HostsFile.Read("192.0.2.11 pbx.example.org");

        _pair.Wait(560.2);

        Assert.StartsWith("REGISTER", _second.Received[^1]);
        Respond(_second, 200);
        Assert.Single(_pair.Alice.Told);
    }

    [Fact]
    public void Whoever_closes_while_the_name_is_looked_for_is_closed()
    {
        _names.Resolver.Hosts = HostsFile.Empty;
        Register();
        Assert.False(Door.IsClosed);

        _pair.Do(() => Door.Close(_pair.Now));

        Assert.True(Door.IsClosed);
        Assert.Empty(_pair.Wire);
    }

    [Fact]
    public void Each_server_of_the_name_may_say_who_calls_and_nobody_else()
    {
        const string asserted = "P-Asserted-Identity: <sip:desk@example.org>\r\n";
        string invite = SipScript.Invite(more: asserted, uri: "sip:door@192.0.2.100");
        _second.SendTo(_pair.Alice, invite.Replace("carols-call", "early").Replace("z9hG4bKinvite", "z9hG4bKearly"));
        Assert.DoesNotContain("desk", _pair.Alice.Told[^1]);
        Register();
        Respond(_first, 200);

        _second.SendTo(_pair.Alice, invite);
        Assert.Equal("Incoming 2 sip:desk@example.org (desk) [offer]", _pair.Alice.Told[^1]);

        new SipScript(_pair, NetworkEndpoint.FromIPv4(0xC000020C, 5060))
            .SendTo(_pair.Alice, invite.Replace("carols-call", "strange").Replace("z9hG4bKinvite", "z9hG4bKstrange"));
        Assert.DoesNotContain("desk", _pair.Alice.Told[^1]);
    }

    [Fact]
    public void Calls_into_the_own_domain_go_through_the_servers_of_the_registrar()
    {
        Register();
        Respond(_first, 200);
        Assert.Null(Door.FindNextHop("sip:house@pbx.example.org"));
        SipCall call = Door.Locate("sip:house@pbx.example.org", _pair.Now);
        _pair.Drive();
        _pair.Do(() => Door.Offer(call, SipPair.OfferBytes, _pair.Now));
        _first.SendTo(_pair.Alice, SipScript.Response(_first.Received[^1], 503, "x"));

        _pair.Do(() => Door.Offer(call, SipPair.OfferBytes, _pair.Now));
        _second.SendTo(_pair.Alice, SipScript.Response(_second.Received[^1], 401, "x", Challenge));

        // Its password is proven to each server of the account, and to nobody else.
        string invite = _second.Received[^1];
        Assert.StartsWith("INVITE", invite);
        Assert.Contains("Authorization: Digest ", invite);
        _second.SendTo(_pair.Alice, SipScript.Response(invite, 486, "x"));
        Assert.Equal("Ended 1 486 Because by Peer", _pair.Alice.Told[^1]);
    }

    [Fact]
    public void A_station_keeps_its_choice_among_servers_of_one_priority_whatever_order_they_come_in()
    {
        List<ServiceRecord> servers =
            [.. Enumerable.Range(0, 6).Select(index => new ServiceRecord("s", 60, 1, 10, 5060, $"{(char)('a' + index)}.example"))];
        IReadOnlyList<ServiceRecord> sorted = ServiceOrder.Sort(servers, new SettledRandom(7));

        servers.Reverse();

        Assert.Equal(sorted, ServiceOrder.Sort(servers, new SettledRandom(7)));
        Assert.True(Enumerable.Range(0, 100).Select(seed => ServiceOrder.Sort(servers, new SettledRandom((ulong)seed))[0]).Distinct().Count() == 6);
    }

    private void Register() => _pair.Do(() => Door.Register(_pair.Now));

    private void Respond(SipScript server, int status, string more = "")
    {
        string register = server.Received.FindLast(message => message.StartsWith("REGISTER", StringComparison.Ordinal))!;
        string contact = status == 200 ? $"Contact: {SipScript.Header(register, "Contact")};expires=600\r\n" : "";
        server.SendTo(_pair.Alice, SipScript.Response(register, status, "registrar", contact + more));
    }
}
