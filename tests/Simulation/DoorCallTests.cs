using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using IntercomAgent.Calls;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using IntercomAgent.Tests.Simulation.World;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>A door call from the press of the button to the last byte, with whole agents.</summary>
public sealed class DoorCallTests
{
    [Fact]
    public void A_press_of_the_button_becomes_an_encrypted_call_in_both_directions()
    {
        using House house = new(seed: 1);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        Resident indoor = house.Add(House.Indoor());

        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 100 && indoor.Ear.LoudPeriods > 100, 5));

        CallReport call = door.Calls.CurrentCall!;
        Assert.Equal("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", call.Security.CipherSuite);
        Assert.Equal(0, call.Stream.PacketsLost);
        Assert.InRange(door.Ear.Pitch, indoor.Voice.Hertz - 3, indoor.Voice.Hertz + 3);
        Assert.InRange(indoor.Ear.Pitch, door.Voice.Hertz - 3, door.Voice.Hertz + 3);
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void No_datagram_of_a_call_carries_the_voice_in_the_clear()
    {
        using House house = new(seed: 2);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        _ = house.Add(House.Indoor());
        int media = 0;
        int plain = 0;
        house.Machine.Network.Swallows = (_, _, bytes) =>
        {
            bool isRtp = bytes.Length >= 172 && bytes[0] >> 6 == 2;
            media += isRtp ? 1 : 0;

            // A hum of 300 or 400 Hz in µ-law takes few of the 256 values; ciphertext takes about 120 of 160.
            plain += isRtp && bytes.Skip(12).Take(160).Distinct().Count() < 80 ? 1 : 0;
            return false;
        };

        door.Panel.Press(0, house.Machine.Now);
        house.Run(3);

        Assert.True(media > 200, $"{media} packets");
        Assert.Equal(0, plain);
    }

    [Fact]
    public void A_code_opens_the_strike_for_its_time_and_no_longer()
    {
        using House house = new(seed: 3);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        Resident indoor = house.Add(House.Indoor());
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => indoor.Ear.LoudPeriods > 10, 5));

        Assert.True(indoor.Calls.TryDial(House.Code, house.Loop.Now));
        Assert.True(house.RunUntil(() => door.Panel.StrikeOpen, 3));
        long opened = house.Machine.Now;
        Assert.True(house.RunUntil(() => !door.Panel.StrikeOpen, 3));

        Assert.Equal(2.0, (house.Machine.Now - opened) / 1e9, 2);
        Assert.Equal(1, door.Panel.StrikeOpenings);
    }

    [Fact]
    public void A_peer_without_telephone_events_is_sent_keys_by_INFO()
    {
        using House house = new(seed: 15);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        Resident indoor = house.Add(House.Indoor());

        // The door's offer loses its telephone-event on the way, as if the door knew none.
        house.Machine.Network.Rewrites = bytes => Encoding.Latin1.GetBytes(
            Encoding.Latin1.GetString(bytes).Replace("telephone-event/8000", "telephone-nothing/00"));
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => indoor.Ear.LoudPeriods > 10, 5));
        int infos = 0;
        house.Machine.Network.Swallows = (_, _, bytes) =>
        {
            infos += Encoding.Latin1.GetString(bytes).StartsWith("INFO ") ? 1 : 0;
            return false;
        };

        Assert.True(indoor.Calls.TryDial(House.Code, house.Loop.Now));
        Assert.True(house.RunUntil(() => door.Panel.StrikeOpen, 3));
        Assert.Equal(House.Code.Length, infos);
    }

    [Fact]
    public void A_wrong_code_opens_nothing()
    {
        using House house = new(seed: 4);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        Resident indoor = house.Add(House.Indoor());
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => indoor.Ear.LoudPeriods > 10, 5));

        Assert.True(indoor.Calls.TryDial("2581", house.Loop.Now));
        house.Run(5);

        Assert.Equal(0, door.Panel.StrikeOpenings);
    }

    [Fact]
    public void Either_side_may_hang_up_and_nothing_stays_open()
    {
        using House house = new(seed: 5);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061) with { ButtonHangsUp = true });
        Resident indoor = house.Add(House.Indoor());
        int idle = house.Machine.OpenPorts;

        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 10, 5));
        indoor.Calls.HangUp(house.Loop.Now);
        house.Run(1);
        Assert.Equal((StationState.Quiet, StationState.Quiet, idle), (door.Host.State, indoor.Host.State, house.Machine.OpenPorts));

        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Host.State == StationState.Talking, 5));
        house.Run(2);
        door.Panel.Press(0, house.Machine.Now);
        house.Run(1);
        Assert.Equal((StationState.Quiet, StationState.Quiet, idle), (door.Host.State, indoor.Host.State, house.Machine.OpenPorts));
    }

    [Fact]
    public void When_all_ring_the_first_answer_wins_and_the_others_are_taken_back()
    {
        using House house = new(seed: 6);
        Resident door = house.Add(House.Door(RingOrder.All, 5061, 5062, 5063));
        Resident slow = house.Add(House.Indoor(answerAfter: 8));
        Resident quick = house.Add(House.Indoor(answerAfter: 2));
        Resident slower = house.Add(House.Indoor(answerAfter: 9));
        string cancels = "";
        house.Machine.Network.Swallows = (_, to, bytes) =>
        {
            string text = System.Text.Encoding.Latin1.GetString(bytes);
            cancels += text.StartsWith("CANCEL") && text.Contains("Call completed elsewhere") ? $"{to.Port} " : "";
            return false;
        };

        door.Panel.Press(0, house.Machine.Now);
        house.Run(10);

        Assert.Equal(StationState.Talking, quick.Host.State);
        Assert.Equal((StationState.Quiet, StationState.Quiet), (slow.Host.State, slower.Host.State));
        Assert.Equal("5061 5063 ", cancels);
        Assert.True(quick.Ear.LoudPeriods > 300, $"{quick.Ear.LoudPeriods}");
        Assert.Equal(0, slow.Ear.LoudPeriods + slower.Ear.LoudPeriods);
    }

    [Fact]
    public void A_peer_that_falls_silent_is_hung_up()
    {
        using House house = new(seed: 7);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        _ = house.Add(House.Indoor());
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 10, 5));

        house.Machine.Network.Swallows = (from, _, _) => from.Port != 5060;
        Assert.True(house.RunUntil(() => door.Host.State == StationState.Quiet, 11));

        Assert.Equal("the peer has gone silent", door.Calls.LastReason);
    }

    [Fact]
    public void A_handshake_that_gets_no_answer_ends_its_call_with_a_reason_and_touches_no_other()
    {
        using House house = new(seed: 8);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        _ = house.Add(House.Indoor());
        Resident other = house.Add(House.Door(RingOrder.InOrder, 5063));
        Resident otherIndoor = house.Add(House.Indoor());
        other.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => other.Ear.LoudPeriods > 10, 5));

        NetworkEndpoint[] healthy = [];
        house.Machine.Network.Swallows = (_, _, bytes) => bytes.Length > 0 && bytes[0] is >= 20 and <= 63;
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Host.State == StationState.Talking, 5));
        Assert.True(house.RunUntil(() => door.Host.State == StationState.Quiet, 60));

        Assert.Equal(StationState.Talking, other.Host.State);
        Assert.Equal(0, other.Calls.CurrentCall!.Stream.PacketsLost);
        Assert.True(otherIndoor.Ear.LoudPeriods > 100);
    }

    [Fact]
    public void Holding_silences_the_held_side_and_resuming_brings_the_voice_back()
    {
        using House house = new(seed: 9);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        Resident indoor = house.Add(House.Indoor());
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 50, 5));

        Assert.True(indoor.Calls.TryHold(hold: true, house.Loop.Now));
        house.Run(1);
        int before = indoor.Ear.LoudPeriods;
        house.Run(2);
        Assert.Equal(before, indoor.Ear.LoudPeriods);

        Assert.True(indoor.Calls.TryHold(hold: false, house.Loop.Now));
        house.Run(2);
        Assert.True(indoor.Ear.LoudPeriods > before + 50);
        Assert.Equal(StationState.Talking, door.Host.State);
    }

    [Fact]
    public void The_sampling_clock_goes_on_in_a_hold()
    {
        using House house = new(seed: 15);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        Resident indoor = house.Add(House.Indoor());
        List<(long Time, uint Timestamp)> packets = [];
        house.Machine.Network.Swallows = (from, _, bytes) =>
        {
            if (bytes.Length >= 172 && bytes[0] == 0x80 && from.Port == 20000)
            {
                packets.Add((house.Machine.Now, BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4))));
            }

            return false;
        };
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 50, 5));
        Assert.True(indoor.Calls.TryHold(hold: true, house.Loop.Now));
        house.Run(2);
        Assert.True(indoor.Calls.TryHold(hold: false, house.Loop.Now));
        house.Run(1);

        long longestPause = packets.Zip(packets.Skip(1), (one, next) => next.Time - one.Time).Max();
        Assert.InRange(longestPause / 1e9, 1.9, 2.2);
        Assert.All(
            packets,
            packet => Assert.Equal((packet.Time - packets[0].Time) * 8 / 1e6, packet.Timestamp - packets[0].Timestamp, tolerance: 160));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public void Foul_weather_delays_a_call_but_does_not_break_it(int seed)
    {
        using House house = new(seed);
        house.Machine.Network.Weather = Weather.Foul;
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        Resident indoor = house.Add(House.Indoor());

        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 100 && indoor.Ear.LoudPeriods > 100, 20), $"seed {seed}");
        Assert.True(indoor.Calls.TryDial(House.Code, house.Loop.Now));
        Assert.True(house.RunUntil(() => door.Panel.StrikeOpen, 5), $"seed {seed}");
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void A_plain_offer_is_refused_unless_the_configuration_allows_it()
    {
        using House house = new(seed: 13);
        _ = house.Add(House.Indoor());
        _ = house.Add(House.Indoor(), media => media with { AllowPlain = true });

        Assert.Equal("SIP/2.0 488", PlainCaller.Invite(house, port: 5060));
        Assert.Equal("SIP/2.0 200", PlainCaller.Invite(house, port: 5061));
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        static (long, long, long) Run()
        {
            using House house = new(seed: 14);
            house.Machine.Network.Weather = Weather.Foul;
            Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
            _ = house.Add(House.Indoor());
            door.Panel.Press(0, house.Machine.Now);
            house.Run(10);
            return (house.Machine.Network.Sent, house.Loop.Turns, door.Ear.LoudPeriods);
        }

        Assert.Equal(Run(), Run());
    }
}
