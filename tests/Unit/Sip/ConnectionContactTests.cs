using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>What a Contact says over TLS, where perhaps nobody can connect to us, and by which name a server goes that names its address.</summary>
public sealed class ConnectionContactTests : IConnectionAddresses
{
    private static readonly NetworkEndpoint Local = NetworkEndpoint.FromIPv4(0xC0000201, 5060);
    private static readonly NetworkEndpoint Server = NetworkEndpoint.FromIPv4(0xC000020A, 5061);
    private readonly List<SipHop> _asked = [];
    private readonly byte[] _buffer = new byte[SipEndpoint.BufferSize];
    private readonly Instant _now = Instant.Zero + TimeSpan.FromSeconds(1000);
    private NetworkEndpoint? _end = Local.WithPort(40123);

    [Theory]
    [InlineData(false, true, "Contact: <sip:door@192.0.2.1:40123;transport=tls>")]
    [InlineData(false, false, "Contact: <sip:door@192.0.2.1:5061;transport=tls>")]
    [InlineData(true, true, "Contact: <sip:door@192.0.2.1:5061;transport=tls>")]
    public void It_names_our_end_of_the_connection_where_nobody_can_connect_to_us(bool listens, bool isConnected, string contact)
    {
        _end = isConnected ? _end : null;
        SipEndpoint door = Door(listens);
        door.Register(_now);
        (string register, _) = Sent(door).Single();
        _ = door.Invite("sip:house@192.0.2.10;transport=tls", new SipHop(SipTransport.Tls, Server), "offer"u8, _now);
        (string invite, _) = Sent(door).Single();

        Assert.StartsWith("REGISTER ", register);
        Assert.Contains(contact, register);
        Assert.StartsWith("INVITE ", invite);
        Assert.Contains(contact, invite);
        Assert.Equal(listens, _asked.Count == 0);
    }

    [Fact]
    public void By_UDP_nobody_asks_for_a_connection()
    {
        SipEndpoint door = Door(listens: false);
        _ = door.Invite("sip:house@192.0.2.20", null, "offer"u8, _now);

        Assert.Contains("Contact: <sip:door@192.0.2.1:5060>", Sent(door).Single().Text);
        Assert.Empty(_asked);
    }

    [Theory]
    [InlineData("sip:192.0.2.10:5061;transport=tls;lr", "pbx.example.com")]
    [InlineData("sip:192.0.2.11:5061;transport=tls;lr", null)]
    public void A_server_of_ours_that_names_its_address_in_a_route_has_to_prove_the_name_that_is_configured(string route, string? name)
    {
        SipEndpoint door = Door(listens: false);
        SipHop proxy = new(SipTransport.Tls, Server, "pbx.example.com");
        SipCall call = door.Invite("sip:house@example.com", proxy, "offer"u8, _now);
        (string invite, SipHop to) = Sent(door).Single();
        Assert.Equal("pbx.example.com", to.Domain);

        string more = $"Contact: <sip:house@192.0.2.30:5061;transport=tls>\r\nRecord-Route: <{route}>\r\n";
        door.Receive(Encoding.UTF8.GetBytes(SipScript.Response(invite, 200, "there", more, "answer")), proxy with { Connection = 7 }, _now);
        door.End(call, SipEndCause.HungUp, _now);
        SipHop[] hops = [.. Sent(door).Select(sent => sent.To)];

        Assert.Equal(2, hops.Length);
        Assert.All(hops, hop => Assert.Equal(name, hop.Domain));
    }

    NetworkEndpoint? IConnectionAddresses.LocalOf(SipHop hop, Instant now)
    {
        Assert.Equal(_now, now);
        _asked.Add(hop);
        return _end;
    }

    private SipEndpoint Door(bool listens) => new(
        new SipSettings
        {
            DisplayName = "door",
            User = "door",
            SpeaksTls = true,
            OffersAlias = listens,
            Accounts =
            [
                new SipAccount(new SipHop(SipTransport.Tls, Server, "pbx.example.com"), "door", new Secret("secret"), TimeSpan.FromMinutes(10)),
            ],
        },
        Local, new SeededRandom(1), connections: this);

    private List<(string Text, SipHop To)> Sent(SipEndpoint endpoint)
    {
        List<(string Text, SipHop To)> sent = [];
        for (SipOutput output = endpoint.Poll(_buffer); output.Kind != SipOutputKind.Idle; output = endpoint.Poll(_buffer))
        {
            if (output.Kind == SipOutputKind.Send)
            {
                sent.Add((Encoding.UTF8.GetString(output.Datagram), output.To));
            }
        }

        return sent;
    }
}
