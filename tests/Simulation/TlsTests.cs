using System;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>Whole agents that speak SIP over TLS, whose bytes are split and merged at random on their way.</summary>
public sealed class TlsTests
{
    private const int IndoorPort = 5071;

    [Theory]
    [InlineData(1, "sip:in@127.0.0.1:5071;transport=tls")]
    [InlineData(2, "sip:in@127.0.0.1:5071;transport=tls")]
    [InlineData(3, "sips:in@127.0.0.1:5071")]
    public void A_door_call_goes_over_TLS_from_press_to_hang_up(int seed, string target)
    {
        using House house = new(seed);
        Wiretap udp = new(house);
        DtlsIdentity identity = Identity(house);
        Resident door = house.Add(Door(target), tls: Trusting(identity));
        Resident indoor = house.Add(House.Indoor(), tls: Proving(identity));

        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 100 && indoor.Ear.LoudPeriods > 100, 5), $"seed {seed}");
        Assert.Equal(1, house.Machine.Streams.Connections);
        Assert.Equal(0, house.End());
        Assert.Empty(udp.Messages);
    }

    [Fact]
    public void A_telephone_hangs_up_and_holds_on_the_connection_that_a_door_without_certificate_has_opened()
    {
        using House house = new(seed: 6);
        DtlsIdentity identity = Identity(house);
        Resident door = house.Add(Door("sip:in@127.0.0.1:5071;transport=tls"), tls: Trusting(identity));
        Resident indoor = house.Add(House.Indoor(), tls: Proving(identity));

        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 20 && indoor.Ear.LoudPeriods > 20, 5));
        Assert.True(indoor.Calls.TryHold(hold: true, house.Loop.Now));
        house.Run(1);
        Assert.True(indoor.Calls.TryHold(hold: false, house.Loop.Now));
        house.Run(1);
        indoor.Calls.HangUp(house.Loop.Now);

        Assert.True(house.RunUntil(() => door.Host.State == StationState.Quiet, 5), door.Calls.LastReason);
        Assert.Equal("the other side hung up", door.Calls.LastReason);
        Assert.Equal(1, house.Machine.Streams.Connections);
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void A_telephone_that_is_somebody_else_is_not_called_and_the_log_says_why()
    {
        using House house = new(seed: 4);
        LogLines log = new();
        Resident door = house.Add(Door("sip:in@127.0.0.1:5071;transport=tls"), logger: log, tls: Trusting(Identity(house)));
        Resident indoor = house.Add(House.Indoor(), tls: Proving(Identity(house)));

        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => log.Count("127.0.0.1:5071: its certificate is not the pinned one") > 0, 5));
        Assert.Equal(0, indoor.Host.Alive.Calls);
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void A_registrar_that_takes_the_connection_and_knows_no_TLS_is_told_and_tried_again()
    {
        using House house = new(seed: 5);
        LogLines log = new();
        AccountConfiguration account = new()
        {
            Registrar = new ServerAddress(NetworkEndpoint.FromIPv4(0x7F000001, 5060), "", 0, ServerTransport.Tls),
            User = "door",
            Password = new Secret("secret"),
            Expires = TimeSpan.FromMinutes(10),
            OutboundProxy = null,
        };

        // The first one takes TCP at that port, in the clear.
        _ = house.Add(House.Indoor());
        _ = house.Add(House.Indoor(), accounts: [account], logger: log, tls: Trusting(Identity(house)));
        house.Run(100);
        Assert.True(log.Count("127.0.0.1:5060") > 0);
        Assert.True(house.Machine.Streams.Connections > 1);
        Assert.Equal(0, house.End());
    }

    private static StationSettings Door(string target) => House.Door(RingOrder.InOrder) with
    {
        Buttons = [new RingPlan(RingOrder.InOrder, [new RingTarget(target, TimeSpan.FromSeconds(20))])],
    };

    private static DtlsIdentity Identity(House house) =>
        DtlsIdentity.Create(new MachineRandom(house.Machine), house.Machine.UnixTime / 1_000_000_000);

    private static TlsConfiguration Trusting(DtlsIdentity peer) => new()
    {
        Authorities = null,
        Pinned = [peer.Fingerprint.ToString()],
        Certificate = null,
        Key = null,
        ListenPort = IndoorPort,
        DemandClientCertificate = false,
    };

    private static TlsConfiguration Proving(DtlsIdentity own) => Trusting(own) with
    {
        Certificate = own.ToPem(),
        Key = new Secret(own.ToPem()),
    };
}
