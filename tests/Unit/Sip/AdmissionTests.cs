using System;
using System.Globalization;
using System.Linq;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>More arrives than can be served: who is let in, and what it leaves behind.</summary>
public sealed class AdmissionTests
{
    private const int FloodPerSecond = 20_000;

    private readonly SipPair _pair = new(bob: new SipSettings { DisplayName = "bob", User = "bob", LimitsStrangers = true });

    [Fact]
    public void A_limit_gives_its_burst_at_once_and_then_one_in_each_interval()
    {
        RateLimit limit = new(TimeSpan.FromMilliseconds(100), 3);
        Instant paidAt = default;
        Instant now = Instant.Zero + TimeSpan.FromSeconds(5);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => limit.TryTake(ref paidAt, now)));
        Assert.False(limit.TryTake(ref paidAt, now + TimeSpan.FromMilliseconds(99)));
        Assert.True(limit.TryTake(ref paidAt, now + TimeSpan.FromMilliseconds(100)));
        Assert.False(limit.TryTake(ref paidAt, now + TimeSpan.FromMilliseconds(101)));
        Assert.True(limit.TryTake(ref paidAt, now + TimeSpan.FromHours(1)));
    }

    [Theory]
    [InlineData("junk")]
    [InlineData("OPTIONS")]
    [InlineData("REGISTER")]
    [InlineData("INVITE")]
    public void One_who_floods_takes_nothing_from_another_stranger(string method)
    {
        Flood(method, addresses: 1, seconds: 2);
        Assert.InRange(_pair.Bob.Endpoint.Dropped(SipDropReason.Flood), (2 * FloodPerSecond) - 100, 2 * FloodPerSecond);
        SipScript carol = new(_pair);
        carol.Send(SipScript.Invite());
        Assert.Contains("100 INVITE", carol.Summary());
    }

    [Theory]
    [InlineData("OPTIONS")]
    [InlineData("REGISTER")]
    [InlineData("INVITE")]
    public void However_many_flood_who_is_known_gets_through_and_memory_is_bounded(string method)
    {
        // Bob called Carol once, who did not answer.
        SipScript carol = new(_pair);
        SipCall first = _pair.Bob.Endpoint.Invite("sip:carol@192.0.2.9", null, SipPair.OfferBytes, _pair.Now);
        _pair.Drive();
        _pair.Do(() => _pair.Bob.Endpoint.End(first, SipEndCause.HungUp, _pair.Now));
        Flood(method, addresses: 254, seconds: 4);
        SipEndpoint bob = _pair.Bob.Endpoint;
        Assert.InRange(bob.Transactions, 0, SipLimits.ServerTransactions);
        Assert.InRange(bob.KeptCalls, 0, SipLimits.KeptCalls / 2);
        carol.Send(SipScript.Invite());
        Assert.Contains("100 INVITE", carol.Summary());
        int calls = carol.Summary().Count(line => line == "INVITE");
        _ = bob.Invite("sip:carol@192.0.2.9", null, SipPair.OfferBytes, _pair.Now);
        _pair.Drive();
        Assert.Equal(calls + 1, carol.Summary().Count(line => line == "INVITE"));
    }

    [Fact]
    public void What_changes_nothing_is_answered_alike_each_time_and_leaves_nothing()
    {
        SipScript carol = new(_pair);
        string options = SipScript.Request("OPTIONS", "z9hG4bKoptions", 7);
        carol.Send(options);
        carol.Send(options);
        carol.Send(SipScript.Request("OPTIONS", "z9hG4bKother", 8));
        carol.Send(SipScript.Request("BYE", "z9hG4bKbye", 9, "nobody"));
        Assert.Equal(["200 OPTIONS", "200 OPTIONS", "200 OPTIONS", "481 BYE"], carol.Summary());
        Assert.Equal(carol.Received[0], carol.Received[1]);
        Assert.NotEqual(SipScript.Header(carol.Received[0], "To"), SipScript.Header(carol.Received[2], "To"));
        Assert.Equal(0, _pair.Bob.Endpoint.Transactions);
    }

    private void Flood(string method, int addresses, int seconds)
    {
        // In steps of ten milliseconds; what Bob sends to these addresses is only noted down.
        for (int step = 0; step < seconds * 100; step++)
        {
            for (int index = 0; index < FloodPerSecond / 100; index++)
            {
                int number = (step * FloodPerSecond / 100) + index;
                NetworkEndpoint from = NetworkEndpoint.FromIPv4(0xCB007101 + (uint)(number % addresses), 5060);
                string name = number.ToString(CultureInfo.InvariantCulture);
                string text = method switch
                {
                    "junk" => name,
                    "INVITE" => SipScript.Invite(branch: $"z9hG4bK{name}").Replace("carols-call", name),
                    _ => SipScript.Request(method, $"z9hG4bK{name}", 1).Replace("carols-call", name),
                };
                _pair.Bob.Endpoint.Receive(Encoding.UTF8.GetBytes(text), from, _pair.Now);
                Refuse();
            }

            _pair.Wait(0.01);
        }
    }

    /// <summary>As a station does with callers whom it does not know.</summary>
    private void Refuse()
    {
        int told = _pair.Bob.Told.Count;
        _ = _pair.Bob.Drain();
        foreach (string line in _pair.Bob.Told.Skip(told).ToList())
        {
            string[] words = line.Split(' ');
            if (words[0] == "Incoming")
            {
                _pair.Bob.Endpoint.Reject(new SipCall(int.Parse(words[1], CultureInfo.InvariantCulture)), 403, _pair.Now);
                _ = _pair.Bob.Drain();
            }
        }
    }
}
