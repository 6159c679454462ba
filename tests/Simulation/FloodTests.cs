using System;
using System.Globalization;
using System.Text;
using IntercomAgent.Calls;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>20,000 datagrams a second, from one address and from many, at a station that is in a call.</summary>
public sealed class FloodTests
{
    private const int PerMillisecond = 20;
    private const long Millisecond = 1_000_000;

    private int _number;

    [Theory]
    [InlineData("junk", 1)]
    [InlineData("junk", 254)]
    [InlineData("OPTIONS", 1)]
    [InlineData("OPTIONS", 254)]
    [InlineData("INVITE", 1)]
    [InlineData("INVITE", 254)]
    public void A_flood_takes_nothing_from_the_call_from_the_strike_nor_from_the_next_call(string kind, int addresses)
    {
        using House house = new(seed: 60);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        Resident indoor = house.Add(House.Indoor());
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => indoor.Ear.LoudPeriods > 10 && door.Ear.LoudPeriods > 10, 5));

        Assert.True(indoor.Calls.TryDial(House.Code, house.Loop.Now));
        long opened = Flood(house, door, kind, addresses, milliseconds: 1500, until: door);

        // While keys are pressed the voice rests.
        _ = Flood(house, door, kind, addresses, milliseconds: 500);
        TimeSpan concealed = door.Calls.CurrentCall!.Stream.Concealed;
        long closed = Flood(house, door, kind, addresses, milliseconds: 3000, until: door);
        CallReport call = door.Calls.CurrentCall!;
        Assert.Equal(2.0, (closed - opened) / 1e9, 2);
        Assert.Equal((0, concealed), (call.Stream.PacketsLost, call.Stream.Concealed));

        // The telephone hangs up, and is rung again while the flood goes on.
        indoor.Calls.HangUp(house.Loop.Now);
        _ = Flood(house, door, kind, addresses, milliseconds: 300);
        int loud = indoor.Ear.LoudPeriods;
        door.Panel.Press(0, house.Machine.Now);
        _ = Flood(house, door, kind, addresses, milliseconds: 2000);
        Assert.True(indoor.Ear.LoudPeriods > loud + 10);
    }

    /// <summary>Floods the door; where it is asked to, until its strike opens or closes. When that was.</summary>
    private long Flood(House house, Resident door, string kind, int addresses, int milliseconds, Resident? until = null)
    {
        bool wasOpen = door.Panel.StrikeOpen;
        for (int elapsed = 0; elapsed < milliseconds; elapsed++)
        {
            for (int index = 0; index < PerMillisecond; index++)
            {
                NetworkEndpoint from = NetworkEndpoint.FromIPv4(0x0A010001 + (uint)(_number % addresses), 5060);
                long arrival = house.Machine.Now + (index * Millisecond / PerMillisecond);
                house.Machine.Network.Forge(Make(kind, from), from, door.Host.SignallingEndpoint, arrival);
            }

            if (house.RunUntil(() => until is not null && door.Panel.StrikeOpen != wasOpen, 0.001))
            {
                return house.Machine.Now;
            }
        }

        return house.Machine.Now;
    }

    private byte[] Make(string kind, NetworkEndpoint from)
    {
        string name = (_number++).ToString(CultureInfo.InvariantCulture);
        return Encoding.ASCII.GetBytes(kind == "junk" ? name :
            $"{kind} sip:station@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {from};branch=z9hG4bK{name}\r\nMax-Forwards: 70\r\n"
            + $"From: <sip:stranger@{from}>;tag={name}\r\nTo: <sip:station@127.0.0.1>\r\nCall-ID: {name}\r\nCSeq: 1 {kind}\r\n"
            + $"Contact: <sip:stranger@{from}>\r\nContent-Length: 0\r\n\r\n");
    }
}
