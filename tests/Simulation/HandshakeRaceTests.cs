using System;
using System.Linq;
using System.Text;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using IntercomAgent.Tests.Simulation.Walks;
using IntercomAgent.Tests.Simulation.World;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>A handshake meets what it does not expect. The numbers are those of <c>races.md</c>.</summary>
public sealed class HandshakeRaceTests
{
    // Race 7.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_handshake_comes_from_an_address_that_signalling_did_not_name(bool callerIsClient)
    {
        using Duo duo = new(seed: 201, callerIsClient);
        duo.House.Machine.BeforeServing = () =>
        {
            NetworkEndpoint[] ports = duo.MediaPorts();
            if (ports.Length == (callerIsClient ? 1 : 2))
            {
                duo.House.Machine.Network.Rebind(ports[^1], ports[^1].WithPort(33333));
                duo.House.Machine.BeforeServing = null;
            }
        };
        // The first hello of a callee leaves in the turn in which its port opens.
        duo.Loses = wired => wired.Flight == HandshakeFlight.ClientHello && wired.From.Port < 30000;
        duo.Press();
        duo.Talk();
        duo.HangUp(Side.Door);
        duo.AssertNothingIsLeft();
    }

    // Race 7: the client, or the server, moves between two flights. What nothing vouches for is taken from paths that are known only,
    // so such a handshake may be lost; then the call ends and says so.
    [Theory]
    [InlineData(0, (int)HandshakeFlight.ClientHello)]
    [InlineData(0, (int)HandshakeFlight.ServerHello)]
    [InlineData(0, (int)HandshakeFlight.ClientFinished)]
    [InlineData(0, (int)HandshakeFlight.ServerFinished)]
    [InlineData(1, (int)HandshakeFlight.ClientHello)]
    [InlineData(1, (int)HandshakeFlight.ServerHello)]
    [InlineData(1, (int)HandshakeFlight.ClientFinished)]
    [InlineData(1, (int)HandshakeFlight.ServerFinished)]
    public void The_address_changes_between_two_flights(int port, int after)
    {
        using Duo duo = new(seed: 202);
        duo.Press();
        Assert.True(duo.House.RunUntil(() => duo.Handshake.Any(wired => (int)wired.Flight == after), 5));
        NetworkEndpoint moved = duo.MediaPorts()[port];
        duo.House.Machine.Network.Rebind(moved, moved.WithPort(33333));
        bool isUp = duo.House.RunUntil(() => duo.Door.Ear.LoudPeriods > 20 && duo.Indoor.Ear.LoudPeriods > 20, 10);
        Assert.True(isUp || after != (int)HandshakeFlight.ServerFinished);
        Assert.True(isUp || duo.House.RunUntil(() => duo.AreBothQuiet && duo.Door.Calls.LastReason.Length > 0, 40));
        duo.HangUp(Side.Indoor);
        duo.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_address_changes_in_mid_call_and_the_voice_follows(int port)
    {
        using Duo duo = new(seed: 203);
        duo.Press();
        duo.Talk();
        NetworkEndpoint moved = duo.MediaPorts()[port];
        duo.House.Machine.Network.Rebind(moved, moved.WithPort(33333));
        duo.House.Run(0.5);
        duo.Talk();
        duo.HangUp(Side.Door);
        duo.AssertNothingIsLeft();
    }

    // Race 8.
    [Fact]
    public void Each_flight_arrives_twice_over_paths_of_different_delay()
    {
        for (int seed = 204; seed < 224; seed++)
        {
            using Duo duo = new(seed);
            duo.House.Machine.Network.IsSingleFile = false;
            duo.House.Machine.Network.Weather = Weather.Fair with { Duplication = 1, Jitter = TimeSpan.FromMilliseconds(200) };
            duo.Press();
            duo.Talk(seconds: 10);
            duo.HangUp(Side.Door);
            duo.AssertNothingIsLeft();
        }
    }

    // Race 9: the hello comes before the answer, which comes after the handshake.
    [Fact]
    public void The_remote_hello_comes_before_the_answer_and_the_answer_after_the_handshake()
    {
        using Duo duo = new(seed: 224);
        int answers = 0;
        duo.Loses = wired => wired.Begins("SIP/2.0 200") && answers++ < 2;
        duo.Press();
        Assert.True(duo.House.RunUntil(() => duo.Handshake.Any(wired => wired.Flight == HandshakeFlight.ServerFinished), 1));
        Assert.Equal(StationState.Ringing, duo.Door.Host.State);
        duo.Talk();
        duo.HangUp(Side.Door);
        duo.AssertNothingIsLeft();
    }

    // The walk found it: keys that the peer took back before its answer came are not there to be used.
    [Fact]
    public void The_association_is_closed_before_the_answer_that_was_late_arrives()
    {
        using Duo duo = new(seed: 225);
        int answers = 0;
        duo.Loses = wired => wired.Begins("SIP/2.0 200") && answers++ < 1;
        duo.Press();
        Assert.True(duo.House.RunUntil(() => duo.Handshake.Any(wired => wired.Flight == HandshakeFlight.ServerFinished), 1));
        duo.House.Run(0.01);
        duo.HangUp(Side.Indoor);
        duo.House.Run(1);

        Assert.True(duo.AreBothQuiet);
        duo.AssertNothingIsLeft();
    }

    [Fact]
    public void Media_that_come_before_the_handshake_ends_are_dropped()
    {
        using Duo duo = new(seed: 226);
        duo.Loses = wired => wired.Flight == HandshakeFlight.ServerFinished && duo.House.Machine.Now < 2_000_000_000;
        duo.Press();
        Assert.True(duo.House.RunUntil(() => duo.MediaPorts().Length == 2, 5));
        NetworkEndpoint[] ports = duo.MediaPorts();
        for (int packet = 0; packet < 100; packet++)
        {
            byte[] voice = new byte[172];
            (voice[0], voice[3]) = (0x80, (byte)packet);
            duo.Forge(voice, ports[0], ports[1], packet);
            duo.Forge(voice, ports[1], ports[0], packet);
        }

        duo.House.Run(0.2);
        Assert.Equal(0, duo.Door.Ear.LoudPeriods + duo.Indoor.Ear.LoudPeriods);
        duo.Talk();
        Assert.True(duo.Indoor.Calls.CurrentCall!.Dropped["media BeforeKeys"] >= 100, $"{duo.Indoor.Calls.CurrentCall!.Dropped}");
        duo.HangUp(Side.Door);
        duo.AssertNothingIsLeft();
    }

    // Race 10: all of the handshake once more, late and much later.
    [Fact]
    public void Handshake_datagrams_that_come_again_in_mid_call_change_nothing()
    {
        using Duo duo = new(seed: 227);
        duo.Press();
        duo.Talk();
        Wired[] handshake = [.. duo.Handshake];
        foreach (double seconds in new[] { 0.1, 1, 20 })
        {
            duo.House.Run(seconds);
            Array.ForEach(handshake, wired => duo.Forge(wired.Bytes, wired.From, wired.To));
            Array.ForEach(handshake, wired => duo.Forge(wired.Bytes, Duo.Stranger, wired.To));
            duo.Talk();
        }

        // Only a last flight that is asked for again is sent again.
        Assert.InRange(duo.Handshake.Count(), handshake.Length, handshake.Length + 3);
        duo.HangUp(Side.Door);
        duo.AssertNothingIsLeft();
    }

    // Race 11: a hello that nobody sent, at each moment of the set-up, to either port.
    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    public void A_forged_hello_from_elsewhere_does_not_harm_the_call(bool callerIsClient, int port)
    {
        for (int turns = 0; turns < 60; turns++)
        {
            using Duo duo = new(seed: 228, callerIsClient);
            ForgeAfter(duo, turns, port, (ports, victim) => (ForgedHello(), Duo.Stranger));
            duo.Talk();
            duo.HangUp(Side.Door);
            duo.AssertNothingIsLeft();
        }
    }

    // Race 11: who can forge the peer's own address may spoil a handshake, as nothing vouches for its messages yet; but not hang it.
    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    public void A_forged_hello_from_the_peers_own_address_never_leaves_a_call_hanging(bool callerIsClient, int port)
    {
        for (int turns = 0; turns < 60; turns++)
        {
            using Duo duo = new(seed: 229, callerIsClient);
            ForgeAfter(duo, turns, port, (ports, victim) => (ForgedHello(), ports.FirstOrDefault(other => other != victim)));
            bool isUp = duo.House.RunUntil(() => duo.Door.Ear.LoudPeriods > 20 && duo.Indoor.Ear.LoudPeriods > 20, 5);
            Assert.True(isUp || duo.House.RunUntil(() => duo.AreBothQuiet, 40), $"after {turns} turns");
            Assert.True(isUp || duo.Door.Calls.LastReason.Length > 0);
            duo.HangUp(Side.Both);
            duo.AssertNothingIsLeft();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_forged_alert_or_bye_from_elsewhere_at_any_moment_changes_nothing(byte level)
    {
        byte[] alert = [21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, level, 0];
        for (int turns = 0; turns < 60; turns += 2)
        {
            using Duo duo = new(seed: 230);
            ForgeAfter(duo, turns, port: turns / 2 % 2, (_, _) => (alert, Duo.Stranger));
            Wired? answer = duo.Wire.FirstOrDefault(wired => wired.Begins("SIP/2.0 200"));
            string callId = answer is null ? "x" : Header(answer, "Call-ID");
            duo.Forge(Bye(callId, duo.Door), Duo.Stranger, duo.Door.Host.SignallingEndpoint);
            duo.Forge(Bye(callId, duo.Indoor), Duo.Stranger, duo.Indoor.Host.SignallingEndpoint);
            duo.Talk();
            duo.HangUp(Side.Indoor);
            duo.AssertNothingIsLeft();
        }
    }

    // Race 18.
    [Theory]
    [InlineData("INVITE", false)]
    [InlineData("INVITE", true)]
    [InlineData("SIP/2.0 200", false)]
    [InlineData("SIP/2.0 200", true)]
    public void A_fingerprint_that_is_not_the_certificates_ends_the_call_before_a_voice_is_heard(string inMessage, bool callerIsClient)
    {
        using Duo duo = new(seed: 231, callerIsClient);
        duo.Rewrites = bytes =>
        {
            string text = Encoding.Latin1.GetString(bytes);
            int at = text.IndexOf("a=fingerprint:sha-256 ", StringComparison.Ordinal) + 22;
            return text.StartsWith(inMessage, StringComparison.Ordinal) && at > 22
                ? Encoding.Latin1.GetBytes(text[..at] + (text[at] == '0' ? '1' : '0') + text[(at + 1)..])
                : bytes;
        };
        duo.Press();
        Assert.True(duo.House.RunUntil(() => duo.Indoor.Host.State == StationState.Talking, 5));
        duo.AssertNothingIsLeft(seconds: 20);

        Assert.Equal(0, duo.Door.Ear.LoudPeriods + duo.Indoor.Ear.LoudPeriods);
        Assert.Contains("certificate", (inMessage == "INVITE" ? duo.Indoor : duo.Door).Calls.LastReason);
    }

    private static void ForgeAfter(Duo duo, int turns, int port, Func<NetworkEndpoint[], NetworkEndpoint, (byte[] Bytes, NetworkEndpoint From)> forge)
    {
        duo.Press();
        Assert.True(duo.House.RunUntil(() => duo.MediaPorts().Length > port && turns-- <= 0, 5));
        NetworkEndpoint[] ports = duo.MediaPorts();
        (byte[] bytes, NetworkEndpoint from) = forge(ports, ports[port]);
        duo.Forge(bytes, from, ports[port], milliseconds: 0.0001);
    }

    /// <summary>A hello as one of our clients says it, with a random of its own.</summary>
    private static byte[] ForgedHello()
    {
        using Duo other = new(seed: 299);
        other.Press();
        Assert.True(other.House.RunUntil(() => other.Handshake.Any(), 5));
        byte[] hello = other.Handshake.First().Bytes;
        hello[20 + 13] ^= 0x55;
        return hello;
    }

    private static string Header(Wired wired, string name) => Encoding.Latin1.GetString(wired.Bytes).Split("\r\n")
        .First(line => line.StartsWith(name + ": ", StringComparison.Ordinal))[(name.Length + 2)..];

    private static byte[] Bye(string callId, Resident victim) => Encoding.ASCII.GetBytes(
        $"BYE sip:station@{victim.Host.SignallingEndpoint} SIP/2.0\r\nVia: SIP/2.0/UDP {Duo.Stranger};branch=z9hG4bKforged\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:x@{Duo.Stranger}>;tag=1\r\nTo: <sip:station@{victim.Host.SignallingEndpoint}>;tag=2\r\nCall-ID: {callId}\r\n"
        + "CSeq: 9 BYE\r\nContent-Length: 0\r\n\r\n");
}
