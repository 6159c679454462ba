using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;
using Xunit;

namespace IntercomAgent.Tests.Unit.Srtp;

public sealed class SrtpSessionTests
{
    public static TheoryData<SrtpProfile> Profiles => SrtpPair.Profiles;

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Packets_arrive_through_two_wraps_of_the_sequence_number(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        for (int count = 0; count < 140_000; count += 7)
        {
            ushort sequenceNumber = (ushort)(60_000 + count);
            pair.Arrives(pair.ProtectRtp(sequenceNumber), sequenceNumber);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Packets_arrive_after_a_loss_across_the_wrap(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        pair.Arrives(pair.ProtectRtp(65_000), 65_000);
        for (int sequenceNumber = 65_001; sequenceNumber <= 65_536 + 3_000; sequenceNumber++)
        {
            _ = pair.ProtectRtp((ushort)sequenceNumber);
        }

        pair.Arrives(pair.ProtectRtp(3_001), 3_001);
        pair.Arrives(pair.ProtectRtp(3_002), 3_002);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Packets_arrive_in_disorder_across_the_wrap(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        List<(ushort SequenceNumber, byte[] Packet)> sent = [];
        for (int number = 65_500; number < 65_536 + 40; number++)
        {
            sent.Add(((ushort)number, pair.ProtectRtp((ushort)number)));
        }

        // Each group of ten from its end; the groups in order.
        for (int group = 0; group < sent.Count; group += 10)
        {
            for (int position = Math.Min(group + 9, sent.Count - 1); position >= group; position--)
            {
                pair.Arrives(sent[position].Packet, sent[position].SequenceNumber);
            }
        }

        Assert.All(sent, packet => Assert.NotEqual(SrtpVerdict.Accepted, pair.ReceiveRtp(packet.Packet)));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_stream_whose_first_packets_before_the_wrap_were_lost_is_still_understood(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        byte[] lost = pair.ProtectRtp(65_535);
        pair.Arrives(pair.ProtectRtp(0), 0);
        pair.Arrives(pair.ProtectRtp(1), 1);
        pair.Arrives(lost, 65_535);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_packet_from_before_the_beginning_is_too_old(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        using SrtpPair other = new(profile);
        pair.Arrives(pair.ProtectRtp(5), 5);
        Assert.Equal(SrtpVerdict.TooOld, pair.ReceiveRtp(other.ProtectRtp(65_534)));
        pair.Arrives(pair.ProtectRtp(6), 6);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_packet_is_taken_once_and_not_after_the_window_has_passed(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        byte[] late = pair.ProtectRtp(100);
        byte[] tooLate = pair.ProtectRtp(101);
        byte[] packet = pair.ProtectRtp(163);
        pair.Arrives(packet, 163);
        Assert.Equal(SrtpVerdict.Replayed, pair.ReceiveRtp(packet));
        pair.Arrives(late, 100);
        Assert.Equal(SrtpVerdict.Replayed, pair.ReceiveRtp(late));
        pair.Arrives(pair.ProtectRtp(165), 165);
        Assert.Equal(SrtpVerdict.TooOld, pair.ReceiveRtp(tooLate));
        Assert.Equal(SrtpVerdict.TooOld, pair.ReceiveRtp(late));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void RTCP_arrives_in_disorder_and_once(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        byte[] first = pair.ProtectRtcp();
        byte[] second = pair.ProtectRtcp();
        Assert.NotEqual(first, second);
        Assert.Equal(SrtpPair.PlainRtcp().Length + profile.RtcpTagLength + RtcpLayout.IndexLength, first.Length);
        byte[] copy = [.. second];
        Assert.Equal(SrtpVerdict.Accepted, pair.Receiver.UnprotectRtcp(copy, out int length));
        Assert.Equal(SrtpPair.PlainRtcp(), copy[..length]);
        Assert.Equal(SrtpVerdict.Accepted, pair.ReceiveRtcp(first));
        Assert.Equal(SrtpVerdict.Replayed, pair.ReceiveRtcp(first));
        Assert.Equal(SrtpVerdict.Replayed, pair.ReceiveRtcp(second));
        for (int count = 0; count < ReplayWindow.Size - 1; count++)
        {
            second = pair.ProtectRtcp();
        }

        Assert.Equal(SrtpVerdict.Accepted, pair.ReceiveRtcp(second));
        Assert.Equal(SrtpVerdict.TooOld, pair.ReceiveRtcp(first));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Sources_have_indices_of_their_own_and_a_new_one_begins_with_ROC_0(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        pair.Arrives(pair.ProtectRtp(65_535), 65_535);
        pair.Arrives(pair.ProtectRtp(0), 0);
        pair.Arrives(pair.ProtectRtp(40_000, 7), 40_000, 7);
        pair.Arrives(pair.ProtectRtp(1), 1);
        Assert.Equal(SrtpVerdict.Accepted, pair.ReceiveRtcp(pair.ProtectRtcp()));
        Assert.Equal(SrtpVerdict.Accepted, pair.ReceiveRtcp(pair.ProtectRtcp(7)));

        // A receiver that knows only the new source, as after a handshake of its own, agrees that its ROC is 0.
        using SrtpPair fresh = new(profile);
        fresh.Arrives(pair.ProtectRtp(40_001, 7), 40_001, 7);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Sources_that_only_report_are_kept_apart_and_counted(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        byte[][] reports = new byte[SrtpSources.Maximum][];
        for (uint ssrc = 0; ssrc < reports.Length; ssrc++)
        {
            reports[ssrc] = pair.ProtectRtcp(ssrc);
            Assert.Equal(SrtpVerdict.Accepted, pair.ReceiveRtcp(reports[ssrc]));
        }

        Assert.All(reports, report => Assert.Equal(SrtpVerdict.Replayed, pair.ReceiveRtcp(report)));
        using SrtpPair other = new(profile);
        Assert.Equal(SrtpVerdict.TooManySources, pair.ReceiveRtcp(other.ProtectRtcp()));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void There_is_room_for_a_bounded_number_of_sources_and_forged_ones_take_none(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        byte[] forged = SrtpPair.PlainRtp(1, 99, 60);
        Assert.Equal(SrtpVerdict.NotAuthentic, pair.ReceiveRtp(forged));
        for (uint ssrc = 0; ssrc < SrtpSources.Maximum; ssrc++)
        {
            pair.Arrives(pair.ProtectRtp(1, ssrc), 1, ssrc);
        }

        byte[] buffer = [.. SrtpPair.PlainRtp(1), .. new byte[SrtpSender.MaximumOverhead]];
        Assert.Equal(0, pair.Sender.ProtectRtp(buffer, buffer.Length - SrtpSender.MaximumOverhead));
        using SrtpPair other = new(profile);
        Assert.Equal(SrtpVerdict.TooManySources, pair.ReceiveRtp(other.ProtectRtp(1)));
        Assert.Equal(SrtpVerdict.TooManySources, pair.ReceiveRtcp(other.ProtectRtcp()));
        pair.Arrives(pair.ProtectRtp(2, 0), 2, 0);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void The_sender_refuses_what_would_use_a_key_stream_twice(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        _ = pair.ProtectRtp(10);
        foreach (ushort sequenceNumber in (ushort[])[10, 9, 65_535])
        {
            byte[] buffer = [.. SrtpPair.PlainRtp(sequenceNumber), .. new byte[SrtpSender.MaximumOverhead]];
            byte[] before = [.. buffer];
            Assert.Equal(0, pair.Sender.ProtectRtp(buffer, buffer.Length - SrtpSender.MaximumOverhead));
            Assert.Equal(before, buffer);
        }

        _ = pair.ProtectRtp(11);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void CSRCs_and_a_header_extension_stay_readable_but_authenticated(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        byte[] plain = SrtpPair.PlainRtp(1, payloadLength: 40);
        plain[0] = 0x92;
        plain.AsSpan(12, 12).Fill(3);
        plain[22] = 0;
        plain[23] = 2;
        byte[] packet = pair.ProtectRtp(plain);
        Assert.Equal(plain[..32], packet[..32]);
        Assert.NotEqual(plain[32..], packet[32..plain.Length]);
        packet[27] ^= 1;
        Assert.Equal(SrtpVerdict.NotAuthentic, pair.ReceiveRtp(packet));
        packet[27] ^= 1;
        Assert.Equal(SrtpVerdict.Accepted, pair.Receiver.UnprotectRtp(packet, out int length));
        Assert.Equal(plain, packet[..length]);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_packet_without_payload_is_protected_as_well(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        byte[] plain = SrtpPair.PlainRtp(1, payloadLength: 0);
        byte[] packet = pair.ProtectRtp(plain);
        Assert.Equal(plain.Length + profile.RtpTagLength, packet.Length);
        Assert.Equal(SrtpVerdict.Accepted, pair.Receiver.UnprotectRtp(packet, out int length));
        Assert.Equal(plain, packet[..length]);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void After_its_end_nothing_is_protected_and_nothing_taken(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        byte[] packet = pair.ProtectRtp(1);
        byte[] report = pair.ProtectRtcp();
        pair.Dispose();
        byte[] buffer = [.. SrtpPair.PlainRtp(2), .. new byte[SrtpSender.MaximumOverhead]];
        Assert.Equal(0, pair.Sender.ProtectRtp(buffer, buffer.Length - SrtpSender.MaximumOverhead));
        Assert.Equal(0, pair.Sender.ProtectRtcp(buffer, buffer.Length - SrtpSender.MaximumOverhead));
        Assert.Equal(SrtpVerdict.Ended, pair.ReceiveRtp(packet));
        Assert.Equal(SrtpVerdict.Ended, pair.ReceiveRtcp(report));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Allocates_nothing_per_packet(SrtpProfile profile)
    {
        using SrtpPair pair = new(profile);
        byte[] rtp = new byte[172 + SrtpSender.MaximumOverhead];
        byte[] rtcp = [.. SrtpPair.PlainRtcp(), .. new byte[SrtpSender.MaximumOverhead]];
        PassOne(pair, rtp, rtcp, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ushort sequenceNumber = 1; sequenceNumber <= 10_000; sequenceNumber++)
        {
            PassOne(pair, rtp, rtcp, sequenceNumber);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void PassOne(SrtpPair pair, byte[] rtp, byte[] rtcp, ushort sequenceNumber)
    {
        rtp[0] = 0x80;
        rtp[2] = (byte)(sequenceNumber >> 8);
        rtp[3] = (byte)sequenceNumber;
        int protectedLength = pair.Sender.ProtectRtp(rtp, 172);
        SrtpVerdict verdict = pair.Receiver.UnprotectRtp(rtp.AsSpan(0, protectedLength), out int length);
        int protectedReport = pair.Sender.ProtectRtcp(rtcp, 32);
        SrtpVerdict reportVerdict = pair.Receiver.UnprotectRtcp(rtcp.AsSpan(0, protectedReport), out int reportLength);
        if (verdict != SrtpVerdict.Accepted || length != 172 || reportVerdict != SrtpVerdict.Accepted || reportLength != 32)
        {
            Assert.Fail($"packet {sequenceNumber}: {verdict}, {reportVerdict}");
        }
    }
}
