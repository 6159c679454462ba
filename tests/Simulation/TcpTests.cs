using System;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using IntercomAgent.Tests.Simulation.World;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>Whole agents that speak SIP over TCP, whose bytes are split and merged at random on their way.</summary>
public sealed class TcpTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_door_call_goes_over_TCP_from_press_to_hang_up(int seed)
    {
        using House house = new(seed);
        Wiretap udp = new(house);
        Resident door = house.Add(Door());
        Resident indoor = house.Add(House.Indoor());

        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 100 && indoor.Ear.LoudPeriods > 100, 5), $"seed {seed}");
        Assert.Equal(1, house.Machine.Streams.Connections);
        Assert.Equal(0, house.End());
        Assert.Empty(udp.Messages);
    }

    [Fact]
    public void Where_nobody_takes_TCP_the_call_fails_at_once()
    {
        using House house = new(seed: 4);
        LogLines log = new();
        Resident door = house.Add(Door(), logger: log);
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => log.Count("connection refused") > 0, 5));
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void A_connection_that_breaks_in_a_call_is_opened_anew_for_its_end()
    {
        using House house = new(seed: 5);
        Resident door = house.Add(Door());
        Resident indoor = house.Add(House.Indoor());
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 50, 5));

        house.Machine.Streams.BreakAll();
        house.Run(1);
        Assert.Equal(1, indoor.Host.Alive.Calls);
        door.Host.End(house.Loop.Now);
        Assert.True(house.RunUntil(() => indoor.Host.Alive.Calls == 0, 1));
        Assert.Equal(2, house.Machine.Streams.Connections);
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void A_registrar_that_never_answers_by_TCP_is_told_and_tried_again()
    {
        using House house = new(seed: 6);
        house.Machine.Streams.Fate = ConnectFate.Ignored;
        LogLines log = new();
        AccountConfiguration account = new()
        {
            Registrar = NetworkEndpoint.FromIPv4(0x7F000001, 7000),
            RegistrarTransport = ServerTransport.Tcp,
            User = "door",
            Password = new Secret("secret"),
            Expires = TimeSpan.FromMinutes(10),
            OutboundProxy = null,
        };
        _ = house.Add(House.Indoor(), accounts: [account], logger: log);
        house.Run(60);
        Assert.True(log.Count("127.0.0.1:7000 does not answer") > 0);
        Assert.Equal(0, house.End());
    }

    private static StationSettings Door() => House.Door(RingOrder.InOrder) with
    {
        Buttons = [new RingPlan(RingOrder.InOrder, [new RingTarget("sip:in@127.0.0.1:5061;transport=tcp", TimeSpan.FromSeconds(20))])],
    };
}
