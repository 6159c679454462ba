using System;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Rtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Rtp;

public sealed class RtcpSessionTests
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    private readonly Party _left = new(1);
    private readonly Party _right = new(2);
    private readonly byte[] _rtp = new byte[RtpHeader.Size + 160];
    private readonly byte[] _rtcp = new byte[RtcpSession.LongestPacket];

    [Fact]
    public void Reports_come_every_five_seconds_more_or_less_the_first_one_sooner()
    {
        TimeSpan first = _left.Session.WakeAt - Party.Start;
        Assert.InRange(first, TimeSpan.FromSeconds(1.25), TimeSpan.FromSeconds(3.75));

        Instant now = _left.Session.WakeAt;
        TimeSpan sum = TimeSpan.Zero;
        TimeSpan least = TimeSpan.MaxValue;
        TimeSpan most = TimeSpan.Zero;
        for (int report = 0; report < 1000; report++)
        {
            Assert.Equal(0, _left.Session.WriteReport(_rtcp, new Instant(now.Nanoseconds - 1), Party.UnixTime(now)));
            Assert.NotEqual(0, _left.Session.WriteReport(_rtcp, now, Party.UnixTime(now)));
            TimeSpan interval = _left.Session.WakeAt - now;
            (sum, now) = (sum + interval, _left.Session.WakeAt);
            least = interval < least ? interval : least;
            most = interval > most ? interval : most;
        }

        Assert.InRange(least, TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(2.7));
        Assert.InRange(most, TimeSpan.FromSeconds(7.3), TimeSpan.FromSeconds(7.5));
        Assert.InRange(sum / 1000, TimeSpan.FromSeconds(4.8), TimeSpan.FromSeconds(5.2));
    }

    [Fact]
    public void Who_sends_and_hears_nothing_writes_an_empty_receiver_report_and_its_name()
    {
        Instant now = _left.Session.WakeAt;
        int length = _left.Session.WriteReport(_rtcp, now, Party.UnixTime(now));
        RtcpReader reader = new(_rtcp.AsSpan(0, length));

        Assert.True(RtcpReader.IsValid(_rtcp.AsSpan(0, length)));
        Assert.True(reader.TryRead(out RtcpPacket report));
        Assert.Equal((RtcpPacketType.ReceiverReport, 0, 4), (report.Type, report.Count, report.Body.Length));
        Assert.True(reader.TryRead(out RtcpPacket description));
        Assert.Equal((RtcpPacketType.SourceDescription, 1), (description.Type, description.Count));
        Assert.Equal(_left.Sender.Ssrc.ToString(), Convert.ToHexStringLower(description.Body[..4]));
        Assert.Equal("0110", Convert.ToHexString(description.Body[4..6]));
        Assert.Equal(12, Convert.FromBase64String(Encoding.ASCII.GetString(description.Body[6..22])).Length);
        Assert.Equal("0000", Convert.ToHexString(description.Body[22..]));
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void Both_sides_learn_of_loss_jitter_and_round_trip()
    {
        // A tenth of what the left one sends is lost; a datagram travels for 40 ms there and 25 ms back.
        Run(TimeSpan.FromSeconds(60), packet => packet % 10 != 3, TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(25));

        Assert.Equal(0.1, _left.Session.PeerLossFraction, 0.01);
        Assert.InRange(_left.Session.PeerReport!.Value.CumulativeLost, 250, 300);
        Assert.Equal(0.0, _right.Session.PeerLossFraction);
        Assert.NotNull(_left.Session.RoundTrip);
        Assert.NotNull(_right.Session.RoundTrip);
        Assert.Equal(65, _left.Session.RoundTrip.Value.TotalMilliseconds, 0.5);
        Assert.Equal(65, _right.Session.RoundTrip.Value.TotalMilliseconds, 0.5);
        Assert.Equal(0u, _left.Session.PeerReport!.Value.Jitter);
        Assert.Equal(0, _left.Session.Malformed + _right.Session.Malformed);
    }

    /// <summary>RFC 3550 section 6.4.1: the report itself, octet by octet.</summary>
    [Fact]
    public void A_sender_report_states_both_clocks_and_the_counts()
    {
        Instant now = _left.Session.WakeAt;
        _ = _left.Sender.WriteAudio(_rtp, 0, 160, now);
        uint timestamp = _left.Sender.Timestamp.Value;
        int length = _left.Session.WriteReport(_rtcp, now, 1_500_000_000);

        // 1970 is 2208988800 seconds after 1900; half a second is 2^31.
        uint ssrc = _left.Sender.Ssrc.Value;
        Assert.Equal($"80C80006{ssrc:X8}83AA7E8180000000{timestamp:X8}00000001000000A0", Convert.ToHexString(_rtcp.AsSpan(0, 28)));
        Assert.Equal(28 + 28, length);
    }

    [Fact]
    public void Who_stops_sending_states_that_twice_and_then_only_receives()
    {
        _ = _left.Sender.WriteAudio(_rtp, 0, 160, Party.Start);
        RtcpPacketType[] types = new RtcpPacketType[4];
        for (int report = 0; report < types.Length; report++)
        {
            Instant now = _left.Session.WakeAt;
            _ = _left.Session.WriteReport(_rtcp, now, Party.UnixTime(now));
            types[report] = (RtcpPacketType)_rtcp[1];
        }

        Assert.Equal(
            [
                RtcpPacketType.SenderReport, RtcpPacketType.SenderReport,
                RtcpPacketType.ReceiverReport, RtcpPacketType.ReceiverReport,
            ],
            types);
    }

    /// <summary>RFC 3550 section 6.4.1, figure 2, with our monotonic clock in place of the wall clock.</summary>
    [Fact]
    public void The_round_trip_is_the_one_of_the_standards_example()
    {
        _ = _left.Sender.WriteAudio(_rtp, 0, 160, Party.Start);
        Instant sent = _left.Session.WakeAt;
        long unix = ((0xB44D_B705L - 2_208_988_800L) * 1_000_000_000) + 125_000_000;
        _ = _left.Session.WriteReport(_rtcp, sent, unix);
        Assert.Equal("B44DB70520000000", Convert.ToHexString(_rtcp.AsSpan(8, 8)));

        Answer(0xB705_2000, 0x0005_4000, sent + TimeSpan.FromSeconds(11.375));
        Assert.Equal(TimeSpan.FromSeconds(6.125), _left.Session.RoundTrip);

        // A delay greater than the whole time, and a reference to a report that we never sent.
        Answer(0xB705_2000, 0xFFFF_FFFF, sent + TimeSpan.FromSeconds(12));
        Assert.Equal(TimeSpan.Zero, _left.Session.RoundTrip);
        Answer(0x1234_5678, 0, sent + TimeSpan.FromSeconds(13));
        Assert.Equal(TimeSpan.Zero, _left.Session.RoundTrip);
    }

    [Fact]
    public void Reports_about_others_are_not_taken_for_ours()
    {
        _left.Session.Receive(Report(new ReceptionReport(new Ssrc(99), 255, 77, 0, 0, 0, 0)), Party.Start);

        Assert.Null(_left.Session.PeerReport);
        Assert.Equal(0, _left.Session.Malformed);
    }

    [Fact]
    public void A_negative_loss_comes_through()
    {
        _left.Session.Receive(Report(new ReceptionReport(_left.Sender.Ssrc, 1, -2, 3, 4, 0, 0)), Party.Start);

        Assert.Equal(new ReceptionReport(_left.Sender.Ssrc, 1, -2, 3, 4, 0, 0), _left.Session.PeerReport);
    }

    [Fact]
    public void Bye_is_said_once_and_heard()
    {
        Run(TimeSpan.FromSeconds(1), _ => true, TimeSpan.Zero, TimeSpan.Zero);
        Instant now = Party.Start + TimeSpan.FromSeconds(1);
        int length = _left.Session.WriteBye(_rtcp, now, Party.UnixTime(now));

        Assert.Equal(RtcpSession.LongestPacket - ExtendedReports.LongestPacket, length);
        Assert.True(_left.Session.HasEnded);
        Assert.Equal(Instant.Never, _left.Session.WakeAt);
        Assert.False(_right.Session.PeerLeft);
        _right.Session.Receive(_rtcp.AsSpan(0, length), now);
        Assert.True(_right.Session.PeerLeft);

        Assert.Equal(0, _left.Session.WriteBye(_rtcp, now, Party.UnixTime(now)));
        Assert.Equal(0, _left.Session.WriteReport(_rtcp, now + TimeSpan.FromHours(1), 0));
        _left.Session.Receive(_rtcp.AsSpan(0, length), now);
        Assert.Equal(1, _left.Session.AfterEnd);
    }

    [Fact]
    public void Who_was_never_heard_does_not_take_leave()
    {
        Assert.Equal(0, _left.Session.WriteBye(_rtcp, Party.Start, 0));
        Assert.True(_left.Session.HasEnded);
    }

    [Fact]
    public void Unknown_packet_types_are_passed_over()
    {
        byte[] application = Convert.FromHexString("80CC000200000001" + "41424344");
        byte[] goodbye = Convert.FromHexString($"81CB0001{_right.Sender.Ssrc.Value:X8}");
        Run(TimeSpan.FromSeconds(1), _ => true, TimeSpan.Zero, TimeSpan.Zero);
        _left.Session.Receive([.. Report(), .. application, .. goodbye], Party.Start);

        Assert.True(_left.Session.PeerLeft);
        Assert.Equal(0, _left.Session.Malformed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("80C90001")] // The length leads out of the datagram.
    [InlineData("80C9000100000001FF")] // A trailing octet.
    [InlineData("80CA000100000001")] // RFC 3550 appendix A.2: begins with no report.
    [InlineData("40C9000100000001")] // Version 1.
    [InlineData("A0C900020000000100000004")] // The first packet is padded.
    [InlineData("80C9000100000001A0CB00020000000100000004" + "80C9000100000001")] // Padding before the last packet.
    [InlineData("80C9000100000001A0CB00020000000100000000")] // No padding.
    [InlineData("80C9000100000001A0CB00020000000100000003")] // No whole word.
    [InlineData("80C9000100000001A0CB00020000000100000010")] // More than there is.
    [InlineData("80C9000100000001A0CB0000")] // Nothing to be padding.
    public void Malformed_packets_are_counted_and_dropped(string compound)
    {
        _left.Session.Receive(Convert.FromHexString(compound), Party.Start);

        Assert.Equal(1, _left.Session.Malformed);
    }

    [Fact]
    public void Padding_of_the_last_packet_is_taken_off()
    {
        RtcpReader reader = new(Convert.FromHexString("80C9000100000001A0CB00020000000100000004"));

        Assert.True(reader.TryRead(out _));
        Assert.True(reader.TryRead(out RtcpPacket goodbye));
        Assert.Equal("00000001", Convert.ToHexString(goodbye.Body));
    }

    [Fact]
    public void Every_prefix_flipped_bit_and_noise_is_survived()
    {
        Run(TimeSpan.FromSeconds(10), _ => true, TimeSpan.Zero, TimeSpan.Zero);
        Instant now = Party.Start + TimeSpan.FromSeconds(10);
        int length = _right.Session.WriteBye(_rtcp, now, Party.UnixTime(now));
        byte[] valid = _rtcp[..length];
        for (int prefix = 0; prefix < length; prefix++)
        {
            // Only where one packet ends is a prefix a compound packet too.
            long malformed = _left.Session.Malformed;
            _left.Session.Receive(valid.AsSpan(0, prefix), now);
            Assert.Equal(prefix is 52 or 80 ? 0 : 1, _left.Session.Malformed - malformed);
        }

        for (int bit = 0; bit < length * 8; bit++)
        {
            byte[] flipped = [.. valid];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            _left.Session.Receive(flipped, now);
        }

        for (int seed = 1; seed <= 5000; seed++)
        {
            Random random = new(seed);
            byte[] noise = new byte[random.Next(30) * 4];
            random.NextBytes(noise);
            for (int place = 0; place < noise.Length; place += 4 * random.Next(1, 8))
            {
                noise[place] = (byte)(0x80 | random.Next(64));
                noise[place + 1] = (byte)random.Next(200, 205);
                noise[place + 2] = 0;
                noise[place + 3] = (byte)random.Next(8);
            }

            Exception? thrown = Record.Exception(() => _left.Session.Receive(noise, now));
            Assert.True(thrown is null, $"seed {seed}: {thrown}");
        }

        Assert.NotEqual(0, _left.Session.WriteBye(_rtcp, now, Party.UnixTime(now)));
    }

    [Fact]
    public void Another_sources_sender_report_is_not_answered()
    {
        Run(TimeSpan.FromSeconds(10), _ => true, TimeSpan.Zero, TimeSpan.Zero);
        Instant now = _left.Session.WakeAt;
        for (ushort packet = 0; packet < 2; packet++)
        {
            _ = _left.Receiver.Receive(new RtpHeader(0, false, new(packet), default, new(77)), now);
        }

        _ = _left.Session.WriteReport(_rtcp, now, Party.UnixTime(now));
        WireReader reader = new(_rtcp.AsSpan(28));

        Assert.True(ReceptionReport.TryRead(ref reader, out ReceptionReport report));
        Assert.Equal(new ReceptionReport(new Ssrc(77), 0, 0, 1, 0, 0, 0), report);
    }

    [Fact]
    public void Reports_allocate_nothing()
    {
        Run(TimeSpan.FromSeconds(10), _ => true, TimeSpan.Zero, TimeSpan.Zero);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int report = 0; report < 1000; report++)
        {
            Instant now = _left.Session.WakeAt;
            _ = _left.Sender.WriteAudio(_rtp, 0, 160, now);
            int length = _left.Session.WriteReport(_rtcp, now, Party.UnixTime(now));
            _right.Session.Receive(_rtcp.AsSpan(0, length), now);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Answer(uint lastSenderReport, uint delay, Instant now) =>
        _left.Session.Receive(Report(new ReceptionReport(_left.Sender.Ssrc, 0, 0, 0, 0, lastSenderReport, delay)), now);

    private static byte[] Report(params ReadOnlySpan<ReceptionReport> blocks)
    {
        byte[] packet = new byte[8 + (blocks.Length * ReceptionReport.Size)];
        WireWriter writer = new(packet);
        writer.WriteByte((byte)(0x80 | blocks.Length));
        writer.WriteByte((byte)RtcpPacketType.ReceiverReport);
        writer.WriteUInt16((ushort)((packet.Length / 4) - 1));
        writer.WriteUInt32(2);
        foreach (ReceptionReport block in blocks)
        {
            block.Write(ref writer);
        }

        return packet;
    }

    /// <summary>Both sides send audio in each period and reports when they are due; everything arrives after a constant time.</summary>
    private void Run(TimeSpan time, Func<int, bool> arrives, TimeSpan there, TimeSpan back)
    {
        int packet = 0;
        for (Instant now = Party.Start; now < Party.Start + time; now += Period)
        {
            _left.SendAudio(_right, arrives(packet), there, now);
            _right.SendAudio(_left, true, back, now);
            packet++;
            _left.SendReport(_right, there, now);
            _right.SendReport(_left, back, now);
        }
    }

    private sealed class Party
    {
        public static readonly Instant Start = Instant.Zero + TimeSpan.FromDays(3);

        private readonly byte[] _packet = new byte[RtpHeader.Size + 160];

        public Party(int seed)
        {
            SeededRandom random = new(seed);
            Sender = new RtpSender(random, 8000);
            Session = new RtcpSession(random, Sender, Receiver, Start);
        }

        public RtpSender Sender { get; }

        public RtpReceiver Receiver { get; } = new(8000);

        public RtcpSession Session { get; }

        public static long UnixTime(Instant now) => 1_790_000_000_000_000_000 + now.Nanoseconds;

        public void SendAudio(Party other, bool arrives, TimeSpan travel, Instant now)
        {
            _ = Sender.WriteAudio(_packet, 0, 160, now);
            Sender.EndPeriod(160);
            Assert.True(RtpPacket.TryRead(_packet, out RtpPacket packet));
            if (arrives)
            {
                _ = other.Receiver.Receive(packet.Header, now + travel);
            }
        }

        public void SendReport(Party other, TimeSpan travel, Instant now)
        {
            int length = Session.WriteReport(_packet, now, UnixTime(now));
            if (length > 0)
            {
                other.Session.Receive(_packet.AsSpan(0, length), now + travel);
            }
        }
    }
}
