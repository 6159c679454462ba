using System;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Rtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Rtp;

public sealed class RtpSenderTests
{
    private static readonly Instant Start = Instant.Zero + TimeSpan.FromSeconds(100);

    private readonly RtpSender _sender = new(new SeededRandom(1), 8000);
    private readonly byte[] _packet = new byte[RtpHeader.Size + 160];

    [Fact]
    public void Begins_at_random_places()
    {
        RtpSender other = new(new SeededRandom(2), 8000);

        Assert.NotEqual(_sender.Ssrc, other.Ssrc);
        Assert.NotEqual(_sender.NextSequenceNumber, other.NextSequenceNumber);
        Assert.NotEqual(_sender.Timestamp, other.Timestamp);
    }

    [Fact]
    public void Numbers_and_stamps_its_packets()
    {
        SequenceNumber sequence = _sender.NextSequenceNumber;
        RtpTimestamp timestamp = _sender.Timestamp;
        for (int period = 0; period < 100_000; period++)
        {
            Assert.Equal(172, _sender.WriteAudio(_packet, 8, 160, Start));
            RtpHeader header = Header();
            _sender.EndPeriod(160);

            Assert.Equal(new RtpHeader(8, period == 0, sequence + period, timestamp + (period * 160L), _sender.Ssrc), header);
        }

        Assert.Equal(100_000u, _sender.PacketCount);
        Assert.Equal(16_000_000u, _sender.OctetCount);
    }

    [Fact]
    public void The_payload_stays_as_it_stands()
    {
        _packet.AsSpan(RtpHeader.Size).Fill(0xD5);
        _ = _sender.WriteAudio(_packet, 8, 160, Start);

        Assert.True(RtpPacket.TryRead(_packet, out RtpPacket packet));
        Assert.Equal(160, packet.Payload.Length);
        Assert.False(packet.Payload.ContainsAnyExcept((byte)0xD5));
    }

    [Fact]
    public void After_a_pause_the_timestamp_has_gone_on_and_the_marker_is_set()
    {
        RtpTimestamp timestamp = _sender.Timestamp;
        SequenceNumber sequence = _sender.NextSequenceNumber;
        _ = _sender.WriteAudio(_packet, 0, 160, Start);
        for (int period = 0; period < 10; period++)
        {
            _sender.EndPeriod(160);
        }

        _ = _sender.WriteAudio(_packet, 0, 160, Start);

        Assert.Equal(new RtpHeader(0, true, sequence.Next, timestamp + 1600, _sender.Ssrc), Header());
    }

    [Fact]
    public void Events_share_the_numbers_and_bring_their_own_timestamp()
    {
        _ = _sender.WriteAudio(_packet, 0, 160, Start);
        _sender.EndPeriod(160);
        RtpTimestamp began = _sender.Timestamp;
        _sender.EndPeriod(160);
        SequenceNumber sequence = _sender.NextSequenceNumber;

        TelephoneEventReport report = new(new TelephoneEvent(5, true, 10, 320), began, false);
        Assert.Equal(16, _sender.WriteEvent(_packet, 101, report, Start));

        Assert.True(RtpPacket.TryRead(_packet.AsSpan(0, 16), out RtpPacket packet));
        Assert.Equal(new RtpHeader(101, false, sequence, began, _sender.Ssrc), packet.Header);
        Assert.Equal("058A0140", Convert.ToHexString(packet.Payload));
        Assert.Equal(164u, _sender.OctetCount);
    }

    [Fact]
    public void A_moment_between_two_packets_has_a_timestamp_between_theirs()
    {
        Assert.Equal(_sender.Timestamp, _sender.TimestampAt(Start));
        _ = _sender.WriteAudio(_packet, 0, 160, Start);
        RtpTimestamp timestamp = _sender.Timestamp;
        _sender.EndPeriod(160);

        Assert.Equal(timestamp + 80, _sender.TimestampAt(Start + TimeSpan.FromMilliseconds(10)));
        Assert.Equal(timestamp + 8000, _sender.TimestampAt(Start + TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Another_source_counts_from_zero()
    {
        Ssrc before = _sender.Ssrc;
        _ = _sender.WriteAudio(_packet, 0, 160, Start);
        _sender.ChangeSsrc(new SeededRandom(3));

        Assert.NotEqual(before, _sender.Ssrc);
        Assert.Equal(0u, _sender.PacketCount);
        Assert.Equal(0u, _sender.OctetCount);
    }

    [Fact]
    public void Sending_allocates_nothing()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int period = 0; period < 10_000; period++)
        {
            _ = _sender.WriteAudio(_packet, 0, 160, Start);
            _sender.EndPeriod(160);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private RtpHeader Header()
    {
        Assert.True(RtpPacket.TryRead(_packet, out RtpPacket packet));
        return packet.Header;
    }
}
