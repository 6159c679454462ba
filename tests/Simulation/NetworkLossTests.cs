using System;
using System.Linq;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>The network of a station goes away and comes back, as the same or as another one.</summary>
public sealed class NetworkLossTests
{
    private static readonly NetworkEndpoint Home = NetworkEndpoint.FromIPv4(0x0A000005, 0);
    private static readonly NetworkEndpoint Elsewhere = NetworkEndpoint.FromIPv4(0x0A000006, 0);
    private static readonly NetworkEndpoint Registrar = NetworkEndpoint.FromIPv4(0x0A000009, 5060);

    /// <summary>What a person may wait for after the link has returned, in seconds.</summary>
    private const double Promised = 5;

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(4000)]
    public void It_is_registered_within_five_seconds_however_long_the_link_was_down(double outage)
    {
        using House house = new(seed: 40);
        house.Machine.Network.Here = Home;
        Wiretap sip = new(house) { Loses = message => message.To == Registrar };
        LogLines log = new();
        Resident door = house.Add(House.Indoor(), accounts: [Account()], logger: log, isAnywhere: true);
        _ = Grant(house, sip, Promised);
        Assert.Equal("registered; no call", door.Host.Summary.Describe());

        house.Machine.CutLink();
        house.Run(outage);
        house.Machine.RestoreLink(Home);

        _ = Grant(house, sip, Promised);
        Assert.Equal("registered; no call", door.Host.Summary.Describe());
        Assert.Equal(1, log.Count("there is no network that leads to 10.0.0.9"));
        Assert.Equal(1, log.Count("the network is back"));
        house.End();
    }

    [Fact]
    public void With_another_address_the_registrar_learns_that_and_forgets_the_former()
    {
        using House house = new(seed: 41);
        house.Machine.Network.Here = Home;
        Wiretap sip = new(house) { Loses = message => message.To == Registrar };
        _ = house.Add(House.Indoor(), accounts: [Account()], isAnywhere: true);
        _ = Grant(house, sip, Promised);

        house.Machine.RestoreLink(Elsewhere);

        SipLine register = Grant(house, sip, Promised);
        Assert.StartsWith("<sip:door@10.0.0.6:5060>", register.Header("Contact"), StringComparison.Ordinal);
        Assert.Contains("Contact: <sip:door@10.0.0.5:5060>;expires=0", register.Text, StringComparison.Ordinal);
        house.End();
    }

    [Fact]
    public void A_network_that_comes_and_goes_all_the_time_does_not_flood_the_registrar()
    {
        using House house = new(seed: 42);
        house.Machine.Network.Here = Home;
        Wiretap sip = new(house) { Loses = message => message.To == Registrar };
        _ = house.Add(House.Indoor(), accounts: [Account()], isAnywhere: true);
        _ = Grant(house, sip, Promised);
        int before = sip.Find("REGISTER").Length;
        for (int time = 0; time < 300; time++)
        {
            house.Machine.CutLink();
            house.Run(0.05);
            house.Machine.RestoreLink(Home);
            house.Run(0.05);
        }

        Assert.InRange(sip.Find("REGISTER").Length - before, 0, 120);
        _ = Grant(house, sip, Promised);
        house.End();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_call_goes_on_at_another_address(bool hasAccount)
    {
        using House house = new(seed: 43);
        house.Machine.Network.Here = Home;
        Wiretap sip = new(house) { Loses = message => message.To == Registrar };
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061), accounts: hasAccount ? [Account()] : [], isAnywhere: true);
        Resident indoor = house.Add(House.Indoor());
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 50 && indoor.Ear.LoudPeriods > 50, 5));

        house.Machine.CutLink();
        house.Run(2);
        house.Machine.RestoreLink(Elsewhere);
        (int atDoor, int indoors) = (door.Ear.LoudPeriods, indoor.Ear.LoudPeriods);

        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > atDoor + 100 && indoor.Ear.LoudPeriods > indoors + 100, 5));
        SipLine moved = sip.Find("INVITE ").Last();
        Assert.Contains("c=IN IP4 10.0.0.6", moved.Body, StringComparison.Ordinal);
        Assert.Equal("<sip:door@10.0.0.6:5060>", moved.Header("Contact"));
        house.Run(15);
        Assert.Equal(1, indoor.Host.Alive.Calls);

        indoor.Calls.HangUp(house.Loop.Now);
        Assert.True(house.RunUntil(() => door.Host.Alive.Calls == 0, 1));
        Assert.Equal(0, house.End());
    }

    /// <summary>The registrar grants the next REGISTER that it hears.</summary>
    private static SipLine Grant(House house, Wiretap sip, double seconds)
    {
        int before = sip.Find("REGISTER").Length;
        Assert.True(house.RunUntil(() => sip.Find("REGISTER").Length > before, seconds), "no REGISTER");
        SipLine register = sip.Find("REGISTER").Last();
        string copied = string.Concat(new[] { "Via", "From", "To", "Call-ID", "CSeq", "Contact" }
            .Select(name => $"{name}: {register.Header(name)}\r\n"));
        sip.Forge($"SIP/2.0 200 OK\r\n{copied}Expires: 200\r\nContent-Length: 0\r\n\r\n", Registrar, register.From);
        house.Run(0.2);
        return register;
    }

    private static AccountConfiguration Account() => new()
    {
        Registrar = Registrar,
        User = "station",
        Password = new Secret("secret"),
        Expires = TimeSpan.FromSeconds(200),
        OutboundProxy = null,
    };
}
