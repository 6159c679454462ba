using System;
using IntercomAgent.Audio;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Media;
using IntercomAgent.Rtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Media;

public sealed class PeerHearingTests
{
    [Fact]
    public void It_is_told_in_one_plain_line()
    {
        Assert.Equal("0.3 % lost, 42 ms round trip, MOS 4.1", new PeerHearing(0.003, 0, TimeSpan.FromMilliseconds(42), 4.1).ToString());
        Assert.Equal("0 % lost", new PeerHearing(0, 0, null, null).ToString());
        Assert.Equal("12 % lost, 1.6 % too late", new PeerHearing(0.12, 4 / 256.0, null, null).ToString());
    }

    [Fact]
    public void Two_agents_ask_each_other_and_learn_how_they_are_heard()
    {
        using MediaPair pair = MediaPair.Connected();
        int packets = 0;

        // Every fiftieth packet of sound that the offerer sends is lost. They are long, reports are not.
        pair.Loses = (datagram, to) => to == pair.Answerer.Endpoint && datagram.Length > 180 && datagram[0] == 0x80
            && datagram[1] < 128 + 64 && ++packets % 50 == 25;
        pair.Run(1500);
        PeerHearing there = Assert.NotNull(pair.Offerer.Media.Counters.HeardThere);
        PeerHearing here = Assert.NotNull(pair.Answerer.Media.Counters.HeardThere);

        Assert.Equal(0.02, there.Lost, 0.003);
        Assert.Equal(0, here.Lost);
        Assert.Equal((4.4, 0), (here.Score, here.Discarded));
        Assert.InRange(there.Score!.Value, 4.1, 4.3);
        Assert.InRange(there.RoundTrip!.Value, TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
    }

    [Theory]
    [InlineData(nameof(AudioCodec.Pcmu), 0xF0, true)]
    [InlineData(nameof(AudioCodec.Pcma), 0xF0, true)]
    [InlineData(nameof(AudioCodec.G722), 0xF0, false)]
    [InlineData(nameof(AudioCodec.L16), 0xF0, false)]
    [InlineData(nameof(AudioCodec.Opus), 0xB0, false)]
    public void Only_the_telephones_band_is_rated(string name, byte configuration, bool isRated)
    {
        AudioCodec codec = Enum.Parse<AudioCodec>(name);

        Assert.Equal((configuration, isRated), (VoiceQuality.ConfigurationOf(codec), VoiceQuality.ImpairmentOf(codec) is not null));
    }

    [Fact]
    public void What_comes_too_late_to_be_played_is_discarded_and_not_lost()
    {
        using AudioStream sender = new(new SeededRandom(1), AudioStream.PacketSamples);
        using AudioStream listener = new(new SeededRandom(2), AudioStream.PacketSamples);
        Instant now = new(5_000_000_000);
        sender.Configure(Agreements.On(AudioCodec.Pcmu), now);
        listener.Configure(Agreements.On(AudioCodec.Pcmu) with { ReportWishes = new XrWishes(true, XrStatistics.None) }, now);
        short[] samples = new short[AudioStream.PacketSamples];
        byte[] packet = new byte[AudioStream.PacketCapacity];
        byte[] kept = new byte[AudioStream.PacketCapacity];
        int keptLength = 0;
        for (int period = 0; period < 500; period++, now += TimeSpan.FromMilliseconds(20))
        {
            int length = sender.WritePacket(samples, packet, now);
            if (period % 100 == 50)
            {
                packet.CopyTo(kept, 0);
                keptLength = length;
            }
            else
            {
                Assert.True(listener.Receive(packet.AsSpan(0, length), now));
            }

            // Half a second late: beyond the longest delay of the jitter buffer.
            if (period % 100 == 75)
            {
                Assert.True(listener.Receive(kept.AsSpan(0, keptLength), now));
            }

            listener.Play(samples, now);
        }

        int report = listener.WriteReport(packet, listener.ControlDue, 1);
        sender.ReceiveControl(packet.AsSpan(0, report), now);
        PeerHearing heard = Assert.NotNull(sender.Counters.HeardThere);
        Assert.Equal((0, 2 / 256.0), (heard.Lost, heard.Discarded));
    }
}
