using System.Linq;
using Xunit;

namespace IntercomAgent.Tests.Unit.Media;

/// <summary>A re-offer asks for a new association in the middle of a conversation.</summary>
public sealed class RekeyingTests
{
    [Fact]
    public void The_former_keys_carry_the_voice_until_there_are_new_ones()
    {
        using MediaPair pair = MediaPair.Connected();
        pair.Run(10);
        pair.Answerer.ForgetSession();
        pair.Loses = (datagram, _) => IsDtls(datagram);
        pair.Agree();
        pair.Run(100);

        Assert.Equal(("Secured", "Secured"), (pair.Offerer.Told, pair.Answerer.Told));
        AssertHeard(pair);

        pair.Loses = (_, _) => false;
        pair.Run(100);
        Assert.Equal(("SecuredSecured", "SecuredSecured"), (pair.Offerer.Told, pair.Answerer.Told));
        AssertHeard(pair);
        Assert.Equal((0L, 0L), (pair.Offerer.Media.Counters.PacketsLost, pair.Answerer.Media.Counters.PacketsLost));
        Assert.Equal(0, pair.Offerer.Media.Dropped["media NotAuthentic"] + pair.Answerer.Media.Dropped["media NotAuthentic"]);
    }

    [Fact]
    public void The_former_keys_are_accepted_until_the_first_packet_under_the_new_ones()
    {
        using MediaPair pair = MediaPair.Connected();
        pair.Run(10);
        pair.Answerer.Period(pair.Now);
        (byte[] late, _) = pair.Answerer.Sent.Dequeue();
        pair.Answerer.Period(pair.Now);
        (byte[] tooLate, _) = pair.Answerer.Sent.Dequeue();

        pair.Answerer.ForgetSession();
        pair.Agree();
        pair.Settle();
        Assert.Equal("SecuredSecured", pair.Offerer.Told);
        long received = pair.Offerer.Media.Counters.PacketsReceived;
        pair.Offerer.Receive(late, pair.Answerer.Endpoint, pair.Now);
        Assert.Equal(received + 1, pair.Offerer.Media.Counters.PacketsReceived);

        pair.Run(1);
        pair.Offerer.Receive(tooLate, pair.Answerer.Endpoint, pair.Now);
        Assert.Equal(received + 2, pair.Offerer.Media.Counters.PacketsReceived);
        Assert.Equal(1, pair.Offerer.Media.Dropped["media NotAuthentic"]);
    }

    [Fact]
    public void A_new_association_that_fails_takes_the_former_one_with_it()
    {
        using MediaPair pair = MediaPair.Connected();
        pair.Run(10);
        pair.Answerer.ForgetSession();
        pair.Loses = (datagram, _) => IsDtls(datagram);
        pair.Agree();
        pair.Run(10);

        byte[] fatal = [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, 2, 40];
        pair.Answerer.Receive(fatal, pair.Offerer.Endpoint, pair.Now);
        pair.Run(1);

        Assert.Equal("SecuredFailed", pair.Answerer.Told);
        Assert.False(pair.Answerer.Media.IsOpen);
        Assert.False(pair.Answerer.Media.IsSecured);
    }

    [Fact]
    public void What_was_dropped_before_is_still_told()
    {
        using MediaPair pair = MediaPair.Connected();
        byte[] last = pair.Carried.Last(carried => IsDtls(carried.Datagram) && carried.To == pair.Offerer.Endpoint).Datagram;
        pair.Offerer.Receive(last, pair.Answerer.Endpoint, pair.Now);
        string before = pair.Offerer.Media.Dropped.ToString();
        Assert.Contains("DTLS", before);

        pair.Answerer.ForgetSession();
        pair.Agree();
        pair.Settle();
        pair.Run(2);

        Assert.Equal(before, pair.Offerer.Media.Dropped.ToString());
    }

    private static bool IsDtls(byte[] datagram) => datagram[0] is >= 20 and <= 63;

    private static void AssertHeard(MediaPair pair)
    {
        Assert.InRange(pair.Offerer.Heard, 1900, 2100);
        Assert.InRange(pair.Answerer.Heard, 950, 1050);
    }
}
