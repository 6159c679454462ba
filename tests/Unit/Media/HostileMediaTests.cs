using System;
using System.Linq;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Media;
using Xunit;

namespace IntercomAgent.Tests.Unit.Media;

/// <summary>Somebody who is not the peer, at each moment and with each kind of datagram.</summary>
public sealed class HostileMediaTests
{
    private static readonly NetworkEndpoint Elsewhere = NetworkEndpoint.FromIPv4(0xC6336401, 5000);

    private const string PlainOffer =
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 20000 RTP/AVP 0\r\na=rtcp-mux\r\n";

    [Fact]
    public void A_wrong_fingerprint_ends_the_call_before_a_key_is_used_whoever_is_the_client()
    {
        // The offerer is the DTLS server; the answerer, its client, sees another certificate than the offer names.
        using MediaPair pair = new();
        byte[] offer = Forge(pair.Offerer.Offer());
        pair.Offerer.Take(pair.Answerer.Answer(offer, pair.Now), pair.Now);
        pair.Settle();
        pair.Run(20);
        AssertRefused(pair.Answerer);

        // And the other way about.
        using MediaPair other = new();
        byte[] answer = Forge(other.Answerer.Answer(other.Offerer.Offer(), other.Now));
        other.Offerer.Take(answer, other.Now);
        other.Settle();
        other.Run(20);
        AssertRefused(other.Offerer);
    }

    [Fact]
    public void A_wrong_fingerprint_that_comes_after_the_handshake_is_found_as_well()
    {
        using MediaPair pair = new();
        byte[] answer = Forge(pair.Answerer.Answer(pair.Offerer.Offer(), pair.Now));
        pair.Settle();
        Assert.Equal("", pair.Offerer.Told);
        pair.Offerer.Take(answer, pair.Now);
        pair.Run(20);
        AssertRefused(pair.Offerer);
    }

    [Fact]
    public void A_stranger_who_finishes_a_handshake_first_does_not_end_the_call()
    {
        using MediaPair pair = new();
        byte[] offer = pair.Offerer.Offer();
        using MediaParty stranger = new(66);
        _ = stranger.Answer(offer, pair.Now);
        Exchange(pair, stranger);
        Assert.Equal("Secured", stranger.Told);

        pair.Offerer.Take(pair.Answerer.Answer(offer, pair.Now), pair.Now);
        pair.Settle();
        pair.Run(100);

        Assert.Equal(("Secured", "Secured"), (pair.Offerer.Told, pair.Answerer.Told));
        Assert.InRange(pair.Offerer.Heard, 1900, 2100);
    }

    [Fact]
    public void A_stranger_who_begins_a_handshake_and_stalls_does_not_keep_the_peer_out()
    {
        using MediaPair pair = new();
        byte[] offer = pair.Offerer.Offer();
        using MediaParty stranger = new(66);
        _ = stranger.Answer(offer, pair.Now);

        // The hello without a cookie, then the one with it; what comes after that never arrives.
        ExchangeOnce(pair, stranger);
        ExchangeOnce(pair, stranger);
        pair.Offerer.Take(pair.Answerer.Answer(offer, pair.Now), pair.Now);
        pair.Settle();
        pair.Run(100);

        Assert.Equal(("Secured", "Secured"), (pair.Offerer.Told, pair.Answerer.Told));
    }

    [Fact]
    public void One_address_begins_four_handshakes_a_minute_and_keeps_nobody_else_out()
    {
        using MediaPair pair = new();
        byte[] offer = pair.Offerer.Offer();
        int begun = 0;
        for (ushort attempt = 0; attempt < 20; attempt++)
        {
            using MediaParty stranger = new(66);
            stranger.Endpoint = stranger.Endpoint.WithPort((ushort)(30000 + attempt));
            _ = stranger.Answer(offer, pair.Now);
            ExchangeOnce(pair, stranger);
            ExchangeOnce(pair, stranger);
            ExchangeOnce(pair, stranger);
            begun += stranger.Media.HasWork ? 1 : 0;

            // It gives up, so that the next one finds us free.
            byte[] fatal = [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, 2, 40];
            pair.Offerer.Receive(fatal, stranger.Endpoint, pair.Now);
        }

        Assert.Equal(4, begun);
        Assert.True(pair.Offerer.Media.Dropped["DTLS TooManyHandshakes"] >= 16);

        pair.Offerer.Take(pair.Answerer.Answer(offer, pair.Now), pair.Now);
        pair.Settle();
        pair.Run(100);
        Assert.Equal(("Secured", "Secured"), (pair.Offerer.Told, pair.Answerer.Told));

        // What the strangers' handshakes dropped is told together with this.
        Assert.True(pair.Offerer.Media.Dropped["DTLS TooManyHandshakes"] >= 16);
    }

    [Fact]
    public void A_second_handshake_from_the_peers_rtcp_port_disturbs_nothing()
    {
        using MediaPair pair = MediaPair.Connected();
        pair.Run(10);
        byte[] hello = pair.Carried.First(carried => carried.From == pair.Answerer.Endpoint).Datagram;
        NetworkEndpoint control = pair.Answerer.Endpoint.WithPort(20001);
        for (int copy = 0; copy < 5; copy++)
        {
            pair.Offerer.Receive(hello, control, pair.Now);
            pair.Offerer.Receive(hello, pair.Answerer.Endpoint, pair.Now);
        }

        pair.Settle();
        pair.Run(50);

        Assert.Equal(("Secured", "Secured"), (pair.Offerer.Told, pair.Answerer.Told));
        Assert.InRange(pair.Offerer.Heard, 1900, 2100);
    }

    [Fact]
    public void Forged_datagrams_neither_redirect_nor_end_a_secured_call()
    {
        using MediaPair pair = MediaPair.Connected();
        pair.Run(10);
        (byte[] Datagram, NetworkEndpoint From, NetworkEndpoint To)[] seen = [.. pair.Carried.Where(carried => carried.To == pair.Offerer.Endpoint)];
        Random random = new(5);
        foreach ((byte[] datagram, NetworkEndpoint from, _) in seen)
        {
            byte[] changed = (byte[])datagram.Clone();
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            pair.Offerer.Receive(datagram, Elsewhere, pair.Now);
            pair.Offerer.Receive(changed, Elsewhere, pair.Now);
            pair.Offerer.Receive(changed, from, pair.Now);
            byte[] noise = new byte[random.Next(1, 200)];
            random.NextBytes(noise);
            pair.Offerer.Receive(noise, Elsewhere, pair.Now);
        }

        pair.Carried.Clear();
        pair.Run(50);

        Assert.Equal(("Secured", "Secured"), (pair.Offerer.Told, pair.Answerer.Told));
        Assert.DoesNotContain(pair.Carried, carried => carried.To == Elsewhere && carried.Datagram[0] >= 128);
        Assert.InRange(pair.Offerer.Heard, 1900, 2100);
        Assert.True(pair.Offerer.Media.Dropped["media NotAuthentic"] > 0);
    }

    [Fact]
    public void Media_follow_a_peer_that_has_moved_and_proves_it()
    {
        using MediaPair pair = MediaPair.Connected();
        pair.Run(10);
        pair.Answerer.Endpoint = Elsewhere;
        pair.Run(50);

        Assert.InRange(pair.Answerer.Heard, 950, 1050);
        Assert.Equal(Elsewhere, pair.Carried[^1].From == Elsewhere ? pair.Carried[^1].From : pair.Carried[^1].To);
    }

    [Fact]
    public void A_packet_that_was_overtaken_does_not_lead_media_back_to_where_the_peer_was()
    {
        using MediaPair pair = MediaPair.Connected();
        pair.Run(10);
        NetworkEndpoint before = pair.Answerer.Endpoint;
        byte[]? straggler = null;
        pair.Loses = (datagram, to) =>
        {
            bool isTaken = straggler is null && to == pair.Offerer.Endpoint && datagram[0] >= 128;
            straggler = isTaken ? datagram : straggler;
            return isTaken;
        };
        pair.Run(1);
        pair.Answerer.Endpoint = Elsewhere;
        pair.Run(5);
        pair.Offerer.Receive(straggler!, before, pair.Now);
        pair.Carried.Clear();
        pair.Run(1);

        Assert.Equal(0, pair.Offerer.Media.Dropped["media NotAuthentic"]);
        Assert.Contains(pair.Carried, carried => carried.To == Elsewhere);
        Assert.DoesNotContain(pair.Carried, carried => carried.To == before);
    }

    [Fact]
    public void In_the_clear_no_packet_from_elsewhere_is_heard_or_followed()
    {
        using MediaParty us = new(2, allowPlain: true);
        Instant now = new(1_000_000_000);
        NetworkEndpoint peer = NetworkEndpoint.FromIPv4(0xC0000201, 20000);
        _ = us.Answer(Encoding.ASCII.GetBytes(PlainOffer), now);
        byte[] packet = [0x80, 0, 0, 1, 0, 0, 0, 160, 0xCA, 0xFE, 0xCA, 0xFE, .. new byte[160]];

        us.Receive(packet, Elsewhere, now);
        us.Period(now);
        Assert.Equal((1L, 0L, peer), (us.Media.Dropped["media NotAuthentic"], us.Media.Counters.PacketsReceived, us.Sent.Dequeue().To));

        us.Receive(packet, peer.WithPort(20002), now);
        us.Period(now);
        Assert.Equal((1L, peer), (us.Media.Counters.PacketsReceived, us.Sent.Dequeue().To));
    }

    [Fact]
    public void Who_sends_our_own_source_back_does_not_make_us_change_it_for_ever()
    {
        using MediaParty us = new(2, allowPlain: true);
        Instant now = new(1_000_000_000);
        NetworkEndpoint peer = NetworkEndpoint.FromIPv4(0xC0000201, 20000);
        _ = us.Answer(Encoding.ASCII.GetBytes(PlainOffer), now);
        string sources = "";
        for (int period = 0; period < 100; period++)
        {
            us.Period(now);
            (byte[] packet, _) = us.Sent.Dequeue();
            string source = Convert.ToHexString(packet.AsSpan(8, 4));
            sources = sources.EndsWith(source, StringComparison.Ordinal) ? sources : sources + " " + source;
            us.Receive(packet, peer, now);
        }

        Assert.Equal(3, sources.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private static void AssertRefused(MediaParty party)
    {
        Assert.Equal(("Failed", SecurityProblem.FingerprintMismatch), (party.Told, party.Problem));
        Assert.False(party.Media.IsOpen);
        Assert.Equal((0L, 0L), (party.Media.Counters.PacketsSent, party.Media.Counters.PacketsReceived));
        Assert.Equal(0, party.Media.Dropped["media NotAuthentic"]);
    }

    /// <summary>Somebody on the way changes the fingerprint.</summary>
    private static byte[] Forge(byte[] description)
    {
        string text = Encoding.ASCII.GetString(description);
        int at = text.IndexOf("a=fingerprint:sha-256 ", StringComparison.Ordinal) + 22;
        string changed = text[..at] + (text[at] == '0' ? '1' : '0') + text[(at + 1)..];
        return Encoding.ASCII.GetBytes(changed);
    }

    private static void Exchange(MediaPair pair, MediaParty stranger)
    {
        for (int round = 0; round < 12; round++)
        {
            ExchangeOnce(pair, stranger);
        }
    }

    private static void ExchangeOnce(MediaPair pair, MediaParty stranger)
    {
        while (stranger.Work(pair.Now) | pair.Offerer.Work(pair.Now))
        {
        }

        foreach ((byte[] datagram, _) in stranger.Sent.ToArray())
        {
            pair.Offerer.Receive(datagram, stranger.Endpoint, pair.Now);
        }

        stranger.Sent.Clear();
        foreach ((byte[] datagram, _) in pair.Offerer.Sent.ToArray())
        {
            stranger.Receive(datagram, pair.Offerer.Endpoint, pair.Now);
        }

        pair.Offerer.Sent.Clear();
    }
}
