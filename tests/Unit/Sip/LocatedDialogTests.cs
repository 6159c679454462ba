using System;
using IntercomAgent.Dns;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using IntercomAgent.Tests.Unit.Dns;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>Record routes and contacts that are names: what comes after goes to their servers.</summary>
public sealed class LocatedDialogTests
{
    private const string ByName = "Record-Route: <sip:proxy.example.net;lr>\r\nContact: <sip:carol@192.0.2.9>\r\n";
    private static readonly NetworkEndpoint Proxy = NetworkEndpoint.FromIPv4(0xC000021E, 5060);

    private readonly DnsWorld _names = new();
    private readonly SipPair _pair;
    private readonly SipScript _carol;
    private readonly SipScript _proxy;

    public LocatedDialogTests()
    {
        _names.Resolver.Hosts = HostsFile.Read("192.0.2.30 proxy.example.net carol.example.net");
        _pair = new SipPair(names: _names);
        _names.Wait(_pair.Now - _names.Now);
        _carol = new SipScript(_pair);
        _proxy = new SipScript(_pair, Proxy);
    }

    private SipEndpoint Alice => _pair.Alice.Endpoint;

    [Theory]
    [InlineData(ByName)]
    [InlineData("Contact: <sip:carol@carol.example.net>\r\n")]
    public void The_ACK_and_the_BYE_go_to_the_server_of_the_name(string fields)
    {
        SipCall call = _pair.Call("sip:carol@192.0.2.9");
        _carol.SendTo(_pair.Alice, SipScript.Response(_carol.Received[^1], 200, "carol", fields, "answer"));
        _pair.Do(() => Alice.End(call, SipEndCause.HungUp, _pair.Now));

        Assert.Equal(["ACK", "BYE"], _proxy.Summary());
        Assert.Equal(["INVITE"], _carol.Summary());
    }

    [Fact]
    public void A_name_that_nobody_knows_leads_back_to_where_the_answer_came_from()
    {
        _names.Resolver.Hosts = HostsFile.Empty;
        _names.Resolver.Configure(DnsSettings.None);
        SipCall call = _pair.Call("sip:carol@192.0.2.9");
        _carol.SendTo(_pair.Alice, SipScript.Response(_carol.Received[^1], 200, "carol", ByName, "answer"));
        _pair.Do(() => Alice.End(call, SipEndCause.HungUp, _pair.Now));

        Assert.Equal(["INVITE", "ACK", "BYE"], _carol.Summary());
    }

    [Fact]
    public void The_answer_to_a_repeated_200_goes_to_the_name_that_has_been_found_since()
    {
        _names.Resolver.Hosts = HostsFile.Empty;
        _ = _names[1].A("proxy.example.net", "192.0.2.30", seconds: 86_400);
        _pair.Call("sip:carol@192.0.2.9");
        string answer = SipScript.Response(_carol.Received[^1], 200, "carol", ByName, "answer");
        _carol.SendTo(_pair.Alice, answer);
        Assert.Equal(["INVITE", "ACK"], _carol.Summary());

        // NAPTR and SRV come to nothing before the addresses are asked for.
        for (int round = 0; round < 6; round++)
        {
            _ = _names.Drain();
            _pair.Do(() => Alice.Advance(_pair.Now));
        }

        _carol.SendTo(_pair.Alice, answer);

        Assert.Equal(["ACK"], _proxy.Summary());
        Assert.Equal(_carol.Received[^1], _proxy.Received[^1]);
    }

    [Fact]
    public void A_target_that_is_refreshed_is_looked_for_anew()
    {
        SipCall call = _pair.Call("sip:carol@192.0.2.9");
        string invite = _carol.Received[^1];
        _carol.SendTo(_pair.Alice, SipScript.Response(invite, 200, "carol", "Contact: <sip:carol@192.0.2.9>\r\n", "answer"));
        _carol.SendTo(
            _pair.Alice, SipScript.Back(invite, "carol", "UPDATE", 1, "Contact: <sip:carol@carol.example.net>\r\n"));

        _pair.Do(() => Alice.End(call, SipEndCause.HungUp, _pair.Now));

        Assert.Equal(["BYE"], _proxy.Summary());
    }

    [Fact]
    public void The_name_of_a_stranger_is_not_asked_for_before_its_call_is_answered()
    {
        _names.Resolver.Hosts = HostsFile.Empty;
        string invite = SipScript.Invite(uri: "sip:alice@192.0.2.1").Replace("<sip:carol@192.0.2.9>\r\nContent", "<sip:carol@there.example.net>\r\nContent");
        Assert.Contains("there.example.net", invite);
        _carol.SendTo(_pair.Alice, invite);
        _pair.Do(() => Alice.Ring(new SipCall(1), _pair.Now));
        _ = _names.Drain();
        Assert.Empty(_names.Sent);

        _pair.Do(() => Alice.Accept(new SipCall(1), SipPair.AnswerBytes, _pair.Now));

        _ = _names.Drain();
        Assert.Contains(_names.Sent, sent => sent.Query.AsSpan().IndexOf("\u0005there"u8) > 0);
    }
}
