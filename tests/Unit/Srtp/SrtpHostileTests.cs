using System;
using IntercomAgent.Crypto.Srtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Srtp;

public sealed class SrtpHostileTests
{
    private const int Seed = 3711;

    public static TheoryData<SrtpProfile> Profiles => SrtpPair.Profiles;

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Every_changed_bit_of_an_RTP_packet_is_noticed_and_changes_nothing(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        pair.Arrives(pair.ProtectRtp(65_530), 65_530);
        byte[] packet = pair.ProtectRtp(65_535);
        for (int bit = 0; bit < packet.Length * 8; bit++)
        {
            byte[] changed = [.. packet];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            byte[] before = [.. changed];
            Assert.NotEqual(SrtpVerdict.Accepted, pair.Receiver.UnprotectRtp(changed, out int length));
            Assert.Equal(0, length);
            Assert.Equal(before, changed);
        }

        pair.Arrives(packet, 65_535);
        pair.Arrives(pair.ProtectRtp(0), 0);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Every_changed_bit_of_an_RTCP_packet_is_noticed_and_changes_nothing(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        byte[] packet = pair.ProtectRtcp();
        for (int bit = 0; bit < packet.Length * 8; bit++)
        {
            byte[] changed = [.. packet];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            byte[] before = [.. changed];
            Assert.NotEqual(SrtpVerdict.Accepted, pair.Receiver.UnprotectRtcp(changed, out int length));
            Assert.Equal(0, length);
            Assert.Equal(before, changed);
        }

        Assert.Equal(SrtpVerdict.Accepted, pair.ReceiveRtcp(packet));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void No_prefix_is_taken_for_the_packet(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        byte[] packet = pair.ProtectRtp(1);
        byte[] report = pair.ProtectRtcp();
        for (int length = 0; length < packet.Length; length++)
        {
            SrtpVerdict expected = length < 12 + profile.RtpTagLength ? SrtpVerdict.Malformed : SrtpVerdict.NotAuthentic;
            Assert.Equal(expected, pair.ReceiveRtp(packet.AsSpan(0, length)));
        }

        for (int length = 0; length < report.Length; length++)
        {
            Assert.NotEqual(SrtpVerdict.Accepted, pair.ReceiveRtcp(report.AsSpan(0, length)));
        }

        pair.Arrives(packet, 1);
        Assert.Equal(SrtpVerdict.Accepted, pair.ReceiveRtcp(report));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Noise_is_refused(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        pair.Arrives(pair.ProtectRtp(1), 1);
        Random random = new(Seed);
        for (int count = 0; count < 20_000; count++)
        {
            byte[] noise = new byte[random.Next(80)];
            random.NextBytes(noise);
            if (noise.Length > 12 && count % 2 == 0)
            {
                noise[0] = (byte)(0x80 | (noise[0] & 0x1F));
                SrtpPair.PlainRtp(0).AsSpan(8, 4).CopyTo(noise.AsSpan(count % 4 == 0 ? 8 : 4));
            }

            // A tag of 32 bits is guessed once in four thousand million times: not with this seed.
            Assert.True(pair.ReceiveRtp(noise) != SrtpVerdict.Accepted, $"seed {Seed}, packet {count}");
            Assert.True(pair.ReceiveRtcp(noise) != SrtpVerdict.Accepted, $"seed {Seed}, packet {count}");
        }

        pair.Arrives(pair.ProtectRtp(2), 2);
        Assert.Equal(SrtpVerdict.Accepted, pair.ReceiveRtcp(pair.ProtectRtcp()));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void The_sender_leaves_alone_what_is_no_packet(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        byte[] plain = [.. SrtpPair.PlainRtp(1), .. new byte[SrtpSender.MaximumOverhead]];
        for (int length = 0; length < 12; length++)
        {
            Assert.Equal(0, pair.Sender.ProtectRtp(plain, length));
        }

        for (int length = 0; length < 8; length++)
        {
            Assert.Equal(0, pair.Sender.ProtectRtcp(plain, length));
        }

        plain[0] = 0x40;
        Assert.Equal(0, pair.Sender.ProtectRtp(plain, 20));
        Assert.Equal(0, pair.Sender.ProtectRtcp(plain, 20));

        // An extension that ends behind the packet.
        plain[0] = 0x90;
        plain[15] = 200;
        Assert.Equal(0, pair.Sender.ProtectRtp(plain, 20));
        _ = Assert.Throws<ArgumentException>(() => pair.Sender.ProtectRtp(plain, plain.Length - SrtpSender.MaximumOverhead + 1));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Keys_of_another_call_open_nothing(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        using SrtpReceiver stranger = new(profile, new byte[profile.KeyLength], new byte[profile.SaltLength]);
        Assert.Equal(SrtpVerdict.NotAuthentic, stranger.UnprotectRtp(pair.ProtectRtp(1), out _));
        Assert.Equal(SrtpVerdict.NotAuthentic, stranger.UnprotectRtcp(pair.ProtectRtcp(), out _));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void An_endless_packet_without_encryption_is_malformed(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        byte[] packet = new byte[9_000];
        packet[0] = 0x81;
        Assert.Equal(SrtpVerdict.Malformed, pair.ReceiveRtcp(packet));
    }
}
