using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Wire;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dtls;

/// <summary>How long flights wait for their answers (RFC 6347 section 4.2.4.1, RFC 9147 section 5.8.2).</summary>
public sealed class RetransmissionTests
{
    // A hello, the request for a cookie, the hello with it, the server's flight, the client's, and the server's last.
    private const int Flights = 6;

    [Fact]
    public void While_no_round_trip_is_known_the_timeout_begins_at_400_ms_and_doubles_up_to_5_s()
    {
        using DtlsPair pair = new();
        List<double> times = Record(pair, DtlsRole.Client, _ => true);
        Instant start = pair.Now;
        _ = pair.Start().Run();

        Assert.Equal([0, 400, 1200, 2800, 6000, 11000, 16000, 21000, 26000], times);
        Assert.Equal(DtlsFailure.Timeout, pair.Client.Failure);
        Assert.Equal(30, (pair.Now - start).TotalSeconds);
    }

    [Theory]
    [InlineData(5, 57.5)]
    [InlineData(30, 95)]
    [InlineData(40, 110)]
    [InlineData(300, 500)]
    public void A_request_for_a_cookie_tells_both_sides_the_round_trip(int roundTrip, double expected)
    {
        // Nothing arrives any more after the request: the client repeats its second hello.
        using DtlsPair pair = new(trust: false);
        List<double> hellos = Record(pair, DtlsRole.Client, datagram => datagram.Number >= 2, roundTrip);
        _ = pair.Start().Run(TimeSpan.FromSeconds(2));
        Assert.Equal(expected, hellos[2] - hellos[1]);
        Assert.Equal(2 * expected, hellos[3] - hellos[2]);

        // Nothing arrives any more after the second hello: the server repeats its flight. Its request counts as sent, too.
        using DtlsPair other = new(trust: false);
        List<double> flights = Record(other, DtlsRole.Server, datagram => datagram.Number >= 3, roundTrip);
        _ = other.Start().Run(TimeSpan.FromSeconds(2));
        Assert.Equal(expected, flights[2] - flights[1]);
    }

    [Theory]
    [InlineData(5, 50)]
    [InlineData(40, 60)]
    [InlineData(300, 450)]
    public void An_answer_that_cost_the_peer_a_signature_is_measured_with_it(int roundTrip, double expected)
    {
        using DtlsPair pair = new();
        List<double> flights = Record(pair, DtlsRole.Client, datagram => datagram.Number >= 2, roundTrip);
        _ = pair.Start().Run(TimeSpan.FromSeconds(2));

        Assert.Equal(expected, flights[2] - flights[1]);
    }

    [Fact]
    public void An_answer_to_what_was_sent_twice_is_not_measured()
    {
        // Karn's rule. RFC 6347 section 4.2.4.1: the timeout that had to grow stays until a flight gets through the first time.
        using DtlsPair pair = new();
        List<double> flights = Record(pair, DtlsRole.Client, datagram => datagram.Number == 0 || datagram.Number >= 3, 5);
        _ = pair.Start().Run(TimeSpan.FromSeconds(3));

        Assert.Equal(400, flights[1] - flights[0]);
        Assert.Equal(800, flights[3] - flights[2]);
    }

    [Fact]
    public void Nor_is_a_server_that_asked_for_two_cookies_told_anything_by_the_one_that_comes()
    {
        using DtlsPair pair = new(trust: false);
        List<double> sent = Record(pair, DtlsRole.Server, datagram => datagram.Sender == DtlsRole.Server && datagram.Number != 3, 5);
        _ = pair.Start().Run(TimeSpan.FromSeconds(3));

        // Two requests, of which the first was lost, and the flight.
        Assert.Equal(400, sent[3] - sent[2]);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(40)]
    [InlineData(300)]
    public void A_lost_flight_costs_one_timeout(int roundTrip)
    {
        double undisturbed = Duration(roundTrip, lost: null);
        Assert.Equal(3 * roundTrip, undisturbed);
        for (int lost = 0; lost < Flights; lost++)
        {
            // The first flight knows no round trip; the later ones do.
            double timeout = lost < 2 ? 400 : (1.5 * roundTrip) + 50;
            Assert.InRange(Duration(roundTrip, lost), undisturbed, undisturbed + timeout);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_peer_that_computes_for_80_ms_is_asked_again_once_a_flight_at_most(bool trust)
    {
        using DtlsPair pair = new(trust: trust);
        pair.Weather = datagram => [TimeSpan.FromMilliseconds(2.5 + (IsCostly(pair, datagram) ? 80 : 0))];
        _ = pair.Start().Run();

        Assert.True(pair.AreConnected);
        Assert.InRange(pair.Sent.Count, 4, 10);
    }

    [Fact]
    public void Who_still_computes_what_the_answer_needs_does_not_ask_again()
    {
        using DtlsPair pair = new() { Weather = _ => [] };
        _ = pair.Start();
        pair.Deliver(DtlsRole.Server, pair.Sent[0].Bytes);

        DtlsEndpoint client = pair.Client.Endpoint;
        client.Receive(pair.Sent[1].Bytes, DtlsPair.ServerPath, pair.Now);
        Assert.True(client.HasWork);
        client.Advance(pair.Now + TimeSpan.FromSeconds(1));

        DtlsOutput output = client.Poll(new byte[1200]);
        Assert.Equal(DtlsOutputKind.Idle, output.Kind);
        Assert.Equal(pair.Now + TimeSpan.FromSeconds(30), output.WakeAt);
    }

    [Fact]
    public void A_forger_of_the_peers_address_makes_us_repeat_the_flight_a_dozen_times_at_most()
    {
        using DtlsPair pair = new() { Weather = _ => [] };
        _ = pair.Start();
        byte[] hello = pair.Sent[0].Bytes;
        pair.Deliver(DtlsRole.Server, hello);
        int before = pair.Sent.Count;

        for (int count = 0; count < 10_000; count++)
        {
            pair.Now += TimeSpan.FromMilliseconds(1);
            pair.Deliver(DtlsRole.Server, hello);
        }

        Assert.Equal(12, pair.Sent.Count - before);
    }

    // What costs its receiver's answer public-key operations: the hello that is let in, and the flights after it.
    private static bool IsCostly(DtlsPair pair, LinkDatagram datagram) =>
        pair.Server.Endpoint.State != DtlsState.New || (datagram.Sender == DtlsRole.Client && datagram.Number != 0);

    // In milliseconds, from the first datagram until both are connected.
    private static double Duration(int roundTrip, int? lost)
    {
        using DtlsPair pair = new(trust: false);
        _ = Record(pair, DtlsRole.Client, datagram => datagram.Number == lost, roundTrip);
        Instant start = pair.Now;
        Assert.True(pair.Start().RunUntil(() => pair.AreConnected), $"flight {lost}");
        return (pair.Now - start).TotalMilliseconds;
    }

    // Notes when this side sends, in milliseconds from now.
    private static List<double> Record(DtlsPair pair, DtlsRole sender, Func<LinkDatagram, bool> isLost, int roundTrip = 20)
    {
        Instant start = pair.Now;
        List<double> times = [];
        pair.Weather = datagram =>
        {
            if (datagram.Sender == sender)
            {
                times.Add((pair.Now - start).TotalMilliseconds);
            }

            return isLost(datagram) ? [] : Enumerable.Repeat(TimeSpan.FromMilliseconds(roundTrip / 2.0), 1);
        };
        return times;
    }
}
