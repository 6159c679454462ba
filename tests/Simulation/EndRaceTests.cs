using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using IntercomAgent.Tests.Simulation.Walks;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>The end of a call meets something else. The numbers are those of <c>races.md</c>.</summary>
public sealed class EndRaceTests
{
    /// <summary>How long a datagram is under way in fair weather, in nanoseconds.</summary>
    private const long Underway = 1_000_000;

    public static TheoryData<bool, Side, bool> RolesAndEnders()
    {
        TheoryData<bool, Side, bool> data = [];
        foreach (bool callerIsClient in new[] { false, true })
        {
            foreach (Side side in new[] { Side.Door, Side.Indoor, Side.Both })
            {
                data.Add(callerIsClient, side, false);
                data.Add(callerIsClient, side, true);
            }
        }

        return data;
    }

    // Race 1.
    [Theory]
    [MemberData(nameof(RolesAndEnders))]
    public void The_call_ends_in_the_turn_in_which_its_handshake_completes(bool callerIsClient, Side side, bool beforeServing)
    {
        using Duo duo = new(seed: 101, callerIsClient);
        EndWhen(duo, side, beforeServing, () => duo.Handshake.Any(
            wired => wired.Flight == HandshakeFlight.ServerFinished && duo.House.Machine.Now >= wired.At + Underway));
        duo.AssertNothingIsLeft();
    }

    [Theory]
    [MemberData(nameof(RolesAndEnders))]
    public void The_call_ends_while_the_last_flight_is_in_the_air(bool callerIsClient, Side side, bool beforeServing)
    {
        using Duo duo = new(seed: 102, callerIsClient);
        EndWhen(duo, side, beforeServing, () => duo.Handshake.Any(wired => wired.Flight == HandshakeFlight.ServerFinished));
        duo.AssertNothingIsLeft();
    }

    // Race 2, and race 4: an end in each state of the handshake; without keys there is no close_notify.
    [Theory]
    [MemberData(nameof(RolesAndEnders))]
    public void The_call_ends_between_any_two_steps_of_its_handshake(bool callerIsClient, Side side, bool beforeServing)
    {
        for (int turns = 0; turns < 40; turns++)
        {
            int left = turns;
            using Duo duo = new(seed: 103, callerIsClient);
            EndWhen(duo, side, beforeServing, () => duo.Handshake.Any() && left-- <= 0);
            duo.AssertNothingIsLeft();
            Assert.DoesNotContain(duo.Handshake, wired => wired.Bytes is [21, _, _, 0, 0, ..]);
        }
    }

    // Race 3: the failure comes out of the media while a datagram is received, ends the call, and signalling sends its BYE in that turn.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_alert_that_ends_the_call_leads_to_one_bye_in_the_same_turn(bool callerIsClient)
    {
        using Duo duo = new(seed: 104, callerIsClient);
        duo.Loses = wired => wired.Flight == HandshakeFlight.ClientFinished;
        duo.Press();
        Assert.True(duo.House.RunUntil(() => duo.Handshake.Any(wired => wired.Flight == HandshakeFlight.ClientFinished), 5));
        duo.House.Run(0.01);
        NetworkEndpoint[] ports = duo.MediaPorts();
        duo.Forge([21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40], ports[1], ports[0]);
        duo.House.Run(0.003);

        Assert.Equal(StationState.Quiet, duo.Door.Host.State);
        Assert.Contains("alert HandshakeFailure", duo.Door.Calls.LastReason);
        Assert.Equal(1, duo.Wire.Count(wired => wired.Begins("BYE")));
        duo.AssertNothingIsLeft();
    }

    // Race 6: what failed in mid-handshake leaves nothing behind for the next call.
    [Fact]
    public void After_a_handshake_that_was_broken_the_next_call_works()
    {
        using Duo duo = new(seed: 105);
        duo.Rewrites = bytes => bytes is [22, _, _, 0, 0, ..] && HandshakeFlights.Of(bytes) == HandshakeFlight.ServerHello
            ? [.. bytes[..60], (byte)(bytes[60] ^ 1), .. bytes[61..]]
            : bytes;
        duo.Press();
        Assert.True(duo.House.RunUntil(() => duo.Handshake.Any(), 5));
        Assert.True(duo.House.RunUntil(() => duo.AreBothQuiet, 60));

        duo.Rewrites = null;
        duo.House.Run(1);
        duo.Press();
        duo.Talk();
        duo.HangUp(Side.Indoor);
        duo.AssertNothingIsLeft();
    }

    // Race 13: packets wait in the socket when its call ends, and others arrive in the turn after.
    [Theory]
    [InlineData(Side.Door)]
    [InlineData(Side.Indoor)]
    [InlineData(Side.Both)]
    public void Media_that_wait_in_the_socket_when_the_call_ends_belong_to_nobody(Side side)
    {
        using Duo duo = new(seed: 106);
        duo.Press();
        duo.Talk();
        int media = duo.Media.Count();
        long delivered = duo.House.Machine.Network.Delivered;
        EndWhen(duo, side, beforeServing: true, () => duo.Media.Count() > media + 20 && duo.House.Machine.Network.Delivered > delivered);
        foreach (Wired wired in duo.Media.TakeLast(10).ToArray())
        {
            duo.Forge(wired.Bytes, wired.From, wired.To);
        }

        duo.AssertNothingIsLeft();
    }

    // Race 16: the first datagram of a batch ends the call.
    [Fact]
    public void The_rest_of_a_batch_whose_call_has_ended_belongs_to_nobody()
    {
        using Duo duo = new(seed: 107);
        duo.Loses = wired => wired.Flight == HandshakeFlight.ServerFinished;
        duo.Press();
        Assert.True(duo.House.RunUntil(() => duo.Handshake.Any(wired => wired.Flight == HandshakeFlight.ServerFinished), 5));
        NetworkEndpoint[] ports = duo.MediaPorts();
        Wired hello = duo.Handshake.First(wired => wired.Flight == HandshakeFlight.ServerHello);
        Wired last = duo.Handshake.First(wired => wired.Flight == HandshakeFlight.ServerFinished);
        foreach (byte[] bytes in new byte[][] { [21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40], hello.Bytes, last.Bytes, [0x80, 0, 1, 2], [] })
        {
            duo.Forge(bytes, ports[0], ports[1]);
        }

        duo.House.Run(0.01);
        Assert.Equal(StationState.Quiet, duo.Indoor.Host.State);
        Assert.Contains("alert HandshakeFailure", duo.Indoor.Calls.LastReason);
        duo.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(Side.Door)]
    [InlineData(Side.Indoor)]
    [InlineData(Side.Both)]
    public void A_retransmission_timer_fires_in_the_turn_in_which_its_call_ends(Side side)
    {
        using Duo duo = new(seed: 108);
        duo.Loses = wired => wired.Flight == HandshakeFlight.ClientHello;
        duo.Press();
        Assert.True(duo.House.RunUntil(() => duo.Handshake.Any(), 5));
        Instant due = duo.House.Loop.Now + TimeSpan.FromMilliseconds(400);
        EndWhen(duo, side, beforeServing: true, () => duo.House.Loop.Now >= due);

        // The client is the indoor station: its timer dies with its call.
        int hellos = duo.Handshake.Count(wired => wired.Flight == HandshakeFlight.ClientHello);
        Assert.Equal(side == Side.Door ? 2 : 1, hellos);
        duo.AssertNothingIsLeft();
    }

    [Fact]
    public void A_close_notify_that_comes_after_the_end_or_in_the_next_call_does_nothing()
    {
        using Duo duo = new(seed: 109);
        duo.Press();
        duo.Talk();
        duo.HangUp(Side.Both);
        duo.House.Run(1);
        Wired[] goodbyes = [.. duo.Handshake.Where(wired => wired.Bytes is [21, _, _, 0, 1, ..])];
        Assert.Equal(2, goodbyes.Length);

        Array.ForEach(goodbyes, wired => duo.Forge(wired.Bytes, wired.From, wired.To));
        duo.House.Run(1);
        duo.Press();
        duo.Talk();
        NetworkEndpoint[] ports = duo.MediaPorts();
        foreach (Wired wired in goodbyes)
        {
            duo.Forge(wired.Bytes, ports[0], ports[1]);
            duo.Forge(wired.Bytes, ports[1], ports[0]);
        }

        duo.Talk();
        duo.HangUp(Side.Door);
        duo.AssertNothingIsLeft();
    }

    // The answer is taken and found useless in one step: the call ends while it is being set up.
    [Fact]
    public void A_call_ends_within_its_own_set_up()
    {
        using Duo duo = new(seed: 110);
        duo.Rewrites = bytes => bytes.AsSpan().StartsWith("SIP/2.0 200"u8) ? Replace(bytes, "a=fingerprint", "a=fingerprunt") : bytes;
        duo.Press();
        duo.House.Run(1);

        Assert.Equal(StationState.Quiet, duo.Door.Host.State);
        Assert.Null(duo.Door.Calls.CurrentCall);
        Assert.Contains(duo.Wire, wired => wired.Begins("BYE"));
        duo.AssertNothingIsLeft();
    }

    [Fact]
    public void Fifty_ends_of_calls_in_one_turn()
    {
        const int Pairs = 25;
        using House house = new(seed: 111);
        List<(Resident Door, Resident Indoor)> pairs = [];
        for (int pair = 0; pair < Pairs; pair++)
        {
            pairs.Add((house.Add(House.Door(RingOrder.InOrder, 5061 + (2 * pair))), house.Add(House.Indoor())));
        }

        int idle = house.Machine.OpenPorts;
        pairs.ForEach(pair => pair.Door.Panel.Press(0, house.Machine.Now));
        Assert.True(house.RunUntil(() => pairs.TrueForAll(pair => HasHeard(pair.Door) && HasHeard(pair.Indoor)), 10));

        foreach ((Resident door, Resident indoor) in pairs)
        {
            door.Calls.HangUp(house.Loop.Now);
            indoor.Calls.HangUp(house.Loop.Now);
        }

        house.Run(1);
        Assert.True(pairs.TrueForAll(pair => pair.Door.Host.State == StationState.Quiet && pair.Indoor.Host.State == StationState.Quiet));
        Assert.Equal(idle, house.Machine.OpenPorts);
        Assert.Equal(0, house.End());
    }

    private static bool HasHeard(Resident resident) => resident.Calls.CurrentCall is { } call && call.FirstAudio != Instant.Never;

    private static byte[] Replace(byte[] bytes, string old, string replacement) =>
        System.Text.Encoding.Latin1.GetBytes(System.Text.Encoding.Latin1.GetString(bytes).Replace(old, replacement, StringComparison.Ordinal));

    /// <summary>Lets the call come up, and ends it in the first turn in which something holds: before what is ready is served, or after.</summary>
    private static void EndWhen(Duo duo, Side side, bool beforeServing, Func<bool> holds)
    {
        bool ended = false;
        duo.House.Machine.BeforeServing = () =>
        {
            if (beforeServing && !ended && holds())
            {
                ended = true;
                duo.HangUp(side);
            }
        };
        if (duo.AreBothQuiet)
        {
            duo.Press();
        }

        Assert.True(duo.House.RunUntil(() => ended || (!beforeServing && holds()), 5));
        if (!ended)
        {
            duo.HangUp(side);
        }

        ended = true;
        duo.House.Run(0.05);

        // Whoever had not heard of an answer yet could not hang up.
        duo.HangUp(Side.Both);
    }
}
