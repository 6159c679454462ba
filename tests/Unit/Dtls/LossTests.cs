using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Wire;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dtls;

public sealed class LossTests
{
    [Theory]
    [InlineData(1200, true)]
    [InlineData(1200, false)]
    [InlineData(300, true)]
    [InlineData(300, false)]
    public void Every_single_datagram_may_be_lost(int maximumDatagram, bool trust)
    {
        int count = CountOfDatagrams(maximumDatagram, trust);
        for (int lost = 0; lost < count; lost++)
        {
            using DtlsPair pair = Create(maximumDatagram, trust);
            int number = lost;
            pair.Weather = DtlsPair.Losing(datagram => datagram.Number == number);
            _ = pair.Start().Run();

            Assert.True(pair.AreConnected, $"datagram {lost} of {count}");
            Assert.Equal(pair.Client.Export(), pair.Server.Export());
        }
    }

    [Fact]
    public void Every_pair_of_datagrams_may_be_lost()
    {
        int count = CountOfDatagrams(1200, trust: false) + 2;
        for (int first = 0; first < count; first++)
        {
            for (int second = first + 1; second < count; second++)
            {
                using DtlsPair pair = Create(1200, trust: false);
                int one = first;
                int other = second;
                pair.Weather = DtlsPair.Losing(datagram => datagram.Number == one || datagram.Number == other);
                _ = pair.Start().Run();

                Assert.True(pair.AreConnected, $"datagrams {first} and {second}");
            }
        }
    }

    [Fact]
    public void A_link_that_loses_doubles_and_reorders_delays_but_does_not_prevent()
    {
        for (int seed = 1; seed <= 60; seed++)
        {
            Random random = new(seed);
            using DtlsPair pair = Create(seed % 2 == 0 ? 300 : 1200, trust: seed % 3 == 0, seed);
            pair.Weather = _ => Copies(random);
            _ = pair.Start().Run(TimeSpan.FromMinutes(1));

            Assert.True(
                pair.AreConnected,
                $"seed {seed}: client {pair.Client.Endpoint.State} {pair.Client.Failure}, "
                + $"server {pair.Server.Endpoint.State} {pair.Server.Failure}");
            Assert.Equal(pair.Client.Export(), pair.Server.Export());
        }
    }

    [Fact]
    public void A_server_whose_client_falls_silent_gives_up_at_the_limit()
    {
        using DtlsPair pair = new();
        Instant start = pair.Now;
        pair.Weather = DtlsPair.Losing(datagram => datagram.Number > 0);
        _ = pair.Start().Run();

        Assert.Equal(DtlsFailure.Timeout, pair.Server.Failure);
        Assert.Equal(DtlsFailure.Timeout, pair.Client.Failure);
        Assert.Equal(30.01, (pair.Now - start).TotalSeconds);
    }

    [Fact]
    public void The_last_flight_is_repeated_for_as_long_as_the_client_asks_for_it()
    {
        // RFC 6347 section 4.2.4: state FINISHED.
        using DtlsPair pair = new();
        int lost = 0;
        pair.Weather = DtlsPair.Losing(
            datagram => datagram.Sender == DtlsRole.Server && pair.Server.Endpoint.State == DtlsState.Connected && lost++ < 5);
        _ = pair.Start().Run();

        Assert.Equal(6, lost);
        Assert.True(pair.AreConnected);
        Assert.Equal(pair.Client.Export(), pair.Server.Export());
    }

    [Fact]
    public void An_extra_or_an_early_wake_does_nothing()
    {
        using DtlsPair pair = new();
        _ = pair.Start();
        int sent = pair.Sent.Count;

        pair.Client.Endpoint.Advance(pair.Now);
        pair.Client.Endpoint.Advance(new Instant(0));
        pair.Drain();
        Assert.Equal(sent, pair.Sent.Count);

        _ = pair.Run();
        pair.Client.Endpoint.Advance(pair.Now + TimeSpan.FromHours(1));
        pair.Server.Endpoint.Advance(pair.Now + TimeSpan.FromHours(1));
        pair.Drain();
        Assert.True(pair.AreConnected);
    }

    private static IEnumerable<TimeSpan> Copies(Random random)
    {
        int copies = random.NextDouble() < 0.2 ? 0 : random.NextDouble() < 0.2 ? 2 : 1;
        return [.. Enumerable.Range(0, copies).Select(_ => TimeSpan.FromMilliseconds(random.Next(1, 120)))];
    }

    private static DtlsPair Create(int maximumDatagram, bool trust, int seed = 1) => new(
        client => client with { MaximumDatagram = maximumDatagram },
        server => server with { MaximumDatagram = maximumDatagram },
        trust,
        seed);

    private static int CountOfDatagrams(int maximumDatagram, bool trust)
    {
        using DtlsPair pair = Create(maximumDatagram, trust);
        _ = pair.Start().Run();
        Assert.True(pair.AreConnected);
        Assert.All(pair.Sent, datagram => Assert.True(datagram.Bytes.Length <= maximumDatagram));
        return pair.Sent.Count;
    }
}
