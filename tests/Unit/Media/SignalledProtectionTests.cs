using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sdp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Media;

/// <summary>Media under keys that came in the descriptions (RFC 4568).</summary>
public sealed class SignalledProtectionTests
{
    [Fact]
    public void Both_are_heard_at_once_and_nobody_speaks_DTLS()
    {
        using MediaPair pair = Connected();
        pair.Run(50);

        AssertHeard(pair);
        Assert.Equal(("Secured", "Secured"), (pair.Offerer.Told, pair.Answerer.Told));
        Assert.True(pair.Offerer.Media is { IsSecured: true, HasWork: false, Security: { CipherSuite: "", Profile: not null } });
        Assert.DoesNotContain(pair.Carried, carried => carried.Datagram[0] is >= 20 and <= 63);
        AssertNothingDropped(pair);
    }

    [Fact]
    public void What_goes_over_the_wire_is_not_what_was_said()
    {
        using MediaPair pair = Connected();
        pair.Run(5);
        byte[] packet = pair.Carried.First(carried => carried.Datagram.Length == 12 + 160 + 10).Datagram;

        Assert.True(packet.AsSpan(12, 160).ToArray().Distinct().Count() > 40);
    }

    [Fact]
    public void A_hold_changes_no_key_and_loses_nothing()
    {
        using MediaPair pair = Connected();
        pair.Run(10);
        pair.Agree(MediaDirection.SendOnly);
        pair.Run(10);
        pair.Agree();
        pair.Run(50);

        AssertHeard(pair);
        Assert.Equal(("Secured", "Secured"), (pair.Offerer.Told, pair.Answerer.Told));
        AssertNothingDropped(pair);
    }

    [Fact]
    public void Another_device_at_the_other_end_brings_its_key_and_what_is_under_way_still_counts()
    {
        using MediaPair pair = Connected();
        pair.Run(10);
        pair.Answerer.Period(pair.Now);
        (byte[] late, _) = pair.Answerer.Sent.Dequeue();
        pair.Answerer.Period(pair.Now);
        (byte[] tooLate, _) = pair.Answerer.Sent.Dequeue();

        pair.Answerer.ForgetSession();
        pair.Agree();
        long received = pair.Offerer.Media.Counters.PacketsReceived;
        pair.Offerer.Receive(late, pair.Answerer.Endpoint, pair.Now);
        Assert.Equal(received + 1, pair.Offerer.Media.Counters.PacketsReceived);

        pair.Run(1);
        pair.Offerer.Receive(tooLate, pair.Answerer.Endpoint, pair.Now);
        Assert.Equal(received + 2, pair.Offerer.Media.Counters.PacketsReceived);
        Assert.Equal(1, pair.Offerer.Media.Dropped["media NotAuthentic"]);
        pair.Run(50);
        AssertHeard(pair);
        Assert.Equal("SecuredSecured", pair.Offerer.Told);
    }

    [Fact]
    public void Another_branch_of_a_fork_is_heard_and_our_packets_are_numbered_on()
    {
        using MediaPair pair = new(offers: MediaKeying.Signalling);
        using MediaParty other = new(3, offers: MediaKeying.Signalling);
        byte[] offer = pair.Offerer.Offer();
        pair.Offerer.Take(pair.Answerer.Answer(offer, pair.Now), pair.Now);
        pair.Run(600);
        uint[] before = ControlIndices(pair, pair.Answerer.Endpoint);

        pair.Offerer.AwaitAnotherAnswer();
        pair.Offerer.Take(other.Answer(offer, pair.Now), pair.Now);
        pair.Run(1000);
        uint[] after = ControlIndices(pair, other.Endpoint);

        // The key is the same: a number that came twice would give two packets the same key stream.
        Assert.NotEmpty(before);
        Assert.NotEmpty(after);
        Assert.True(after.Min() > before.Max(), $"{before.Max()}, then {after.Min()}");

        // RFC 3550 appendix A.1: another source counts from its second packet on.
        long received = pair.Offerer.Media.Counters.PacketsReceived;
        pair.Offerer.Receive(Spoken(other, pair), other.Endpoint, pair.Now);
        Assert.Equal(received, pair.Offerer.Media.Counters.PacketsReceived);
        pair.Offerer.Receive(Spoken(other, pair), other.Endpoint, pair.Now);
        Assert.Equal(1, pair.Offerer.Media.Counters.PacketsReceived);
    }

    [Fact]
    public void What_is_forged_is_not_heard_and_after_the_end_nothing_is()
    {
        using MediaPair pair = Connected();
        pair.Run(10);
        byte[] packet = pair.Carried.Last(carried => carried.To == pair.Offerer.Endpoint).Datagram;
        packet[20] ^= 1;
        pair.Offerer.Receive(packet, pair.Answerer.Endpoint, pair.Now);
        Assert.Equal(1, pair.Offerer.Media.Dropped["media NotAuthentic"]);

        pair.Offerer.End(pair.Now);
        Assert.NotEmpty(pair.Offerer.Sent);
        pair.Offerer.Dispose();
        Assert.False(pair.Offerer.Media.IsSecured);
        pair.Offerer.Receive(packet, pair.Answerer.Endpoint, pair.Now);
        Assert.Equal(1, pair.Offerer.Media.Dropped["media AfterEnd"]);
    }

    private static byte[] Spoken(MediaParty party, MediaPair pair)
    {
        party.Period(pair.Now);
        return party.Sent.Dequeue().Datagram;
    }

    private static MediaPair Connected()
    {
        MediaPair pair = new(offers: MediaKeying.Signalling);
        pair.Agree();
        pair.Settle();
        return pair;
    }

    /// <summary>The SRTCP indices of what the offerer sent there (RFC 3711 section 3.4: before the tag of ten bytes).</summary>
    private static uint[] ControlIndices(MediaPair pair, NetworkEndpoint to) =>
    [
        .. pair.Carried.Where(carried => carried.To == to && carried.Datagram[1] is >= 200 and <= 204)
            .Select(carried => BinaryPrimitives.ReadUInt32BigEndian(carried.Datagram.AsSpan()[^14..]) & 0x7FFF_FFFF),
    ];

    private static void AssertNothingDropped(MediaPair pair)
    {
        foreach (MediaParty party in new List<MediaParty> { pair.Offerer, pair.Answerer })
        {
            Assert.True(party.Media.Dropped.IsEmpty, party.Media.Dropped.ToString());
            Assert.Equal(0, party.Media.Counters.PacketsLost);
        }
    }

    private static void AssertHeard(MediaPair pair)
    {
        Assert.InRange(pair.Offerer.Heard, 1900, 2100);
        Assert.InRange(pair.Answerer.Heard, 950, 1050);
    }
}
