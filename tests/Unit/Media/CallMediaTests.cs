using System;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Media;
using IntercomAgent.Sdp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Media;

/// <summary>The life of a call's media, from the offer to the goodbye.</summary>
public sealed class CallMediaTests
{
    [Fact]
    public void Both_sides_are_secured_and_hear_each_other()
    {
        using MediaPair pair = MediaPair.Connected();
        pair.Run(50);

        Assert.Equal(("Secured", "Secured"), (pair.Offerer.Told, pair.Answerer.Told));
        Assert.InRange(pair.Offerer.Heard, 1900, 2100);
        Assert.InRange(pair.Answerer.Heard, 950, 1050);
        Assert.Equal((0L, 0L), (pair.Offerer.Media.Counters.PacketsLost, pair.Answerer.Media.Counters.PacketsLost));
        Assert.True(pair.Offerer.Media.Dropped.IsEmpty, pair.Offerer.Media.Dropped.ToString());
    }

    [Fact]
    public void A_client_hello_that_overtakes_the_answer_is_not_lost()
    {
        using MediaPair pair = new();
        byte[] answer = pair.Answerer.Answer(pair.Offerer.Offer(), pair.Now);
        pair.Settle();

        // The handshake is done, but nothing says yet whose it was.
        Assert.Equal("Secured", pair.Answerer.Told);
        Assert.Equal("", pair.Offerer.Told);
        Assert.False(pair.Offerer.Media.IsOpen);

        pair.Offerer.Take(answer, pair.Now);
        Assert.Equal("Secured", pair.Offerer.Told);
        Assert.True(pair.Offerer.Media.IsOpen);
    }

    [Fact]
    public void Media_before_the_keys_are_dropped_and_counted()
    {
        using MediaPair pair = new();
        byte[] answer = pair.Answerer.Answer(pair.Offerer.Offer(), pair.Now);
        pair.Settle();
        pair.Run(5);

        Assert.Equal(5, pair.Offerer.Media.Dropped["media BeforeKeys"]);
        Assert.Equal(0, pair.Offerer.Media.Counters.PacketsReceived);

        pair.Offerer.Take(answer, pair.Now);
        pair.Run(5);
        Assert.Equal(5, pair.Offerer.Media.Counters.PacketsReceived);
    }

    [Fact]
    public void Hold_and_resume_keep_the_association_and_the_rtp_clock()
    {
        using MediaPair pair = MediaPair.Connected();
        pair.Run(50);
        int handshakes = pair.Carried.Count(IsDtls);

        pair.Agree(MediaDirection.SendOnly);
        pair.Run(100);
        Assert.Equal((0, true), (pair.Offerer.Heard, pair.Answerer.Heard > 900));
        int heldFrom = LastTimestamp(pair, pair.Answerer.Endpoint);

        pair.Agree();
        pair.Run(50);
        Assert.InRange(pair.Offerer.Heard, 1900, 2100);
        Assert.Equal((150 * 160) & int.MaxValue, LastTimestamp(pair, pair.Answerer.Endpoint) - heldFrom);
        Assert.Equal(handshakes, pair.Carried.Count(IsDtls));
        Assert.Equal(("Secured", "Secured"), (pair.Offerer.Told, pair.Answerer.Told));
    }

    [Fact]
    public void A_new_association_in_a_later_offer_has_keys_of_its_own()
    {
        using MediaPair pair = MediaPair.Connected();
        pair.Run(10);
        pair.Answerer.ForgetSession();

        // The same certificate under another tls-id: RFC 8842 section 4 makes that another association.
        pair.Agree();
        pair.Settle();
        pair.Run(20);

        Assert.Equal(("SecuredSecured", "SecuredSecured"), (pair.Offerer.Told, pair.Answerer.Told));
        Assert.InRange(pair.Offerer.Heard, 1900, 2100);
        Assert.Equal(0, pair.Offerer.Media.Dropped["media NotAuthentic"]);
    }

    [Fact]
    public void Each_digit_counts_once_whichever_of_its_packets_is_lost()
    {
        for (int lost = 0; lost < 40; lost++)
        {
            using MediaPair pair = MediaPair.Connected();
            int packet = 0;
            NetworkEndpoint door = pair.Answerer.Endpoint;
            pair.Loses = (_, to) => to == door && packet++ == lost;
            Assert.True("2550".All(pair.Offerer.Press));
            pair.Run(80);

            Assert.True(pair.Answerer.Told == "Secured2550", $"packet {lost} lost: {pair.Answerer.Told}");
        }
    }

    [Fact]
    public void A_peer_that_falls_silent_is_gone_but_not_one_on_hold()
    {
        using MediaPair pair = MediaPair.Connected();
        pair.Run(50);
        pair.Loses = (_, _) => true;
        pair.Agree(MediaDirection.SendOnly);
        pair.Run(500);
        Assert.Equal(("Secured", "Secured"), (pair.Offerer.Told, pair.Answerer.Told));

        pair.Agree();
        pair.Run(399);
        Assert.Equal("Secured", pair.Offerer.Told);
        pair.Run(600);
        Assert.Equal(("SecuredPeerGone", "SecuredPeerGone"), (pair.Offerer.Told, pair.Answerer.Told));
    }

    [Fact]
    public void A_peer_that_never_begins_the_handshake_is_given_up()
    {
        using MediaPair pair = new();
        pair.Loses = (_, to) => to == pair.Offerer.Endpoint;
        pair.Agree();
        pair.Run(399);
        Assert.Equal("", pair.Offerer.Told);
        pair.Run(2);

        Assert.Equal(("Failed", SecurityProblem.NotBegun), (pair.Offerer.Told, pair.Offerer.Problem));
    }

    [Fact]
    public void A_peer_that_closes_in_the_middle_of_the_handshake_has_until_it_counts_as_gone_to_hang_up()
    {
        byte[] closeNotify = [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, 1, 0];
        using MediaPair pair = new();
        int toAnswerer = 0;
        pair.Loses = (_, to) => to == pair.Answerer.Endpoint && ++toAnswerer > 1;
        pair.Agree();
        pair.Settle();

        pair.Offerer.Receive(closeNotify, pair.Answerer.Endpoint, pair.Now);
        pair.Run(399);
        Assert.Equal("", pair.Offerer.Told);
        pair.Run(2);

        Assert.Equal("Failed", pair.Offerer.Told);
        Assert.Contains("CloseNotify", pair.Offerer.Problem);
    }

    [Fact]
    public void The_end_may_be_asked_for_twice_and_what_comes_later_is_dropped()
    {
        using MediaPair pair = MediaPair.Connected();
        pair.Run(10);
        pair.Offerer.Period(pair.Now);
        (byte[] late, _) = pair.Offerer.Sent.Dequeue();

        pair.Answerer.End(pair.Now);
        int goodbyes = pair.Answerer.Sent.Count;
        pair.Answerer.End(pair.Now);
        pair.Answerer.Dispose();
        pair.Answerer.End(pair.Now);
        pair.Answerer.Receive(late, pair.Offerer.Endpoint, pair.Now);
        pair.Answerer.Period(pair.Now);
        pair.Answerer.Work(pair.Now);
        pair.Answerer.Advance(pair.Now + TimeSpan.FromHours(1));

        // RTCP's BYE and DTLS's close_notify.
        Assert.Equal(2, goodbyes);
        Assert.Equal(goodbyes, pair.Answerer.Sent.Count);
        Assert.Equal(1, pair.Answerer.Media.Dropped["media AfterEnd"]);
        Assert.Equal("Secured", pair.Answerer.Told);
        Assert.Equal(Instant.Never, pair.Answerer.WakeAt);
    }

    [Fact]
    public void The_end_is_possible_after_every_step_of_the_handshake()
    {
        for (int steps = 0; steps < 16; steps++)
        {
            using MediaPair pair = new();
            int taken = 0;
            pair.Loses = (_, _) => taken++ == steps && End(pair);
            pair.Agree();
            pair.Settle();
            pair.Run(20);

            Assert.DoesNotContain("Failed", pair.Offerer.Told);
            Assert.Equal(Instant.Never, pair.Offerer.WakeAt);
        }

        static bool End(MediaPair pair)
        {
            pair.Offerer.End(pair.Now);
            pair.Offerer.Media.Dispose();
            return false;
        }
    }

    private static bool IsDtls((byte[] Datagram, NetworkEndpoint From, NetworkEndpoint To) carried) => carried.Datagram[0] is >= 20 and <= 63;

    private static int LastTimestamp(MediaPair pair, NetworkEndpoint from)
    {
        byte[] packet = pair.Carried.Last(carried => carried.From == from && carried.Datagram[0] == 128 && carried.Datagram.Length > 170).Datagram;
        return (packet[4] << 24) | (packet[5] << 16) | (packet[6] << 8) | packet[7];
    }
}
