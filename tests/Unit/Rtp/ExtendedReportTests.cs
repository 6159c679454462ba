using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Rtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Rtp;

/// <summary>Two sessions on a virtual clock. The right one hears the left one, and tells it how.</summary>
public sealed class ExtendedReportTests
{
    private static readonly XrWishes All = new(true, XrStatistics.All);
    private static readonly Instant Start = Instant.Zero + TimeSpan.FromDays(3);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);
    private static readonly VoiceFacts Voice = new(
        TimeSpan.FromMilliseconds(60), TimeSpan.FromMilliseconds(25), TimeSpan.FromMilliseconds(200), 0xF0, new CodecImpairment(0, 25.1));

    private readonly byte[] _packet = new byte[RtcpSession.LongestPacket];
    private readonly RtpReceiver _leftReceiver = new(8000);
    private readonly RtpReceiver _rightReceiver = new(8000);
    private readonly RtpSender _leftSender;
    private readonly RtpSender _rightSender;
    private readonly RtcpSession _left;
    private readonly RtcpSession _right;
    private Instant _now = Start;

    public ExtendedReportTests()
    {
        SeededRandom random = new(5);
        _leftSender = new RtpSender(random, 8000);
        _rightSender = new RtpSender(random, 8000);
        _left = new RtcpSession(random, _leftSender, _leftReceiver, Start);
        _right = new RtcpSession(random, _rightSender, _rightReceiver, Start);
    }

    [Fact]
    public void Who_is_asked_tells_what_it_lost_how_far_it_is_and_what_that_makes_of_the_voice()
    {
        // Every twentieth packet is lost, alone: 40 ms there, 24 ms back.
        _right.Extended.Wishes = All;
        Run(3000, packet => packet % 20 == 10);
        VoipMetrics metrics = _left.Extended.PeerMetrics!.Value;

        Assert.Equal(_leftSender.Ssrc, metrics.Source);
        Assert.Equal((12, 0), (metrics.LossRate, metrics.DiscardRate));
        Assert.Equal((0, 0, 12), (metrics.BurstDensity, metrics.BurstDuration, metrics.GapDensity));
        Assert.Equal((64, 60), (metrics.RoundTripDelay, metrics.EndSystemDelay));
        Assert.Equal((25, 200, 200, 0xF0), (metrics.JitterNominal, metrics.JitterMaximum, metrics.JitterAbsoluteMaximum, metrics.ReceiverConfiguration));

        // Delay: half of 64 + 60 + 60 ms. Loss: 95 * 5 / (5 + 25.1) = 15.8 of the rating, which is a score of 3.9.
        Assert.Equal(93.2 - (0.024 * 92) - 15.8, metrics.RatingFactor, 0.6);
        Assert.Equal((39, 38), (metrics.ListeningScore, metrics.ConversationScore));
        Assert.Equal(3.8, _left.Extended.PeerScore);
        Assert.Equal(0.05, _left.PeerLost, 0.003);
        Assert.Null(_right.Extended.PeerMetrics);
    }

    [Fact]
    public void A_burst_is_told_from_the_gaps_around_it()
    {
        _right.Extended.Wishes = All;
        Run(3000, packet => packet is >= 1000 and < 1010);
        VoipMetrics metrics = _left.Extended.PeerMetrics!.Value;

        Assert.Equal((255, 200, 0), (metrics.BurstDensity, metrics.BurstDuration, metrics.GapDensity));
    }

    [Fact]
    public void Summaries_join_without_a_gap_and_add_up()
    {
        _right.Extended.Wishes = new XrWishes(false, XrStatistics.Loss | XrStatistics.Duplicates);
        List<StatisticsSummary> summaries = [];
        Run(3000, packet => packet % 100 == 7, () =>
        {
            if (_left.Extended.PeerSummary is { } summary && (summaries.Count == 0 || summaries[^1] != summary))
            {
                summaries.Add(summary);
            }
        });

        Assert.InRange(summaries.Count, 10, 14);
        int lost = 0;
        for (int index = 0; index < summaries.Count; index++)
        {
            StatisticsSummary summary = summaries[index];
            Assert.Equal((0u, 0u, 0u), (summary.Duplicates, summary.MostJitter, summary.MeanJitter));
            Assert.True(index == 0 || summary.Begin == summaries[index - 1].End);
            lost += (int)summary.Lost;
        }

        int reported = summaries[^1].End - summaries[0].Begin;
        Assert.InRange(lost, reported / 100, (reported / 100) + 1);
    }

    [Fact]
    public void Who_did_not_ask_is_sent_what_it_was_sent_before()
    {
        Run(500, _ => false);
        _now = _right.WakeAt;
        int without = _right.WriteReport(_packet, _now, Unix(_now), Voice);

        Assert.Equal([200, 202], Types(_packet.AsSpan(0, without)));
        Assert.Null(_left.Extended.PeerMetrics);
        Assert.Null(_left.Extended.PeerSummary);
    }

    [Fact]
    public void The_report_stands_between_our_name_and_the_goodbye()
    {
        _right.Extended.Wishes = All;
        Run(500, _ => false);
        int length = _right.WriteBye(_packet, _now, Unix(_now), Voice);
        ReadOnlySpan<byte> compound = _packet.AsSpan(0, length);

        Assert.Equal(RtcpSession.LongestPacket, length);
        Assert.True(RtcpReader.IsValid(compound));
        Assert.Equal([200, 202, 207, 203], Types(compound));

        // RFC 3611 section 2: no count, 20 words after the first, our source; then both blocks.
        ReadOnlySpan<byte> extended = compound[80..];
        Assert.Equal($"80CF0014{_rightSender.Ssrc.Value:X8}06E00009{_leftSender.Ssrc.Value:X8}", Convert.ToHexString(extended[..16]));
        Assert.Equal($"07000008{_leftSender.Ssrc.Value:X8}", Convert.ToHexString(extended[48..56]));
    }

    [Fact]
    public void Who_hears_nothing_has_nothing_to_tell()
    {
        _right.Extended.Wishes = All;
        int length = _right.WriteReport(_packet, _right.WakeAt, 0, Voice);

        Assert.Equal([201, 202], Types(_packet.AsSpan(0, length)));
    }

    [Fact]
    public void A_rating_that_would_need_the_round_trip_waits_for_it()
    {
        _right.Extended.Wishes = All;
        Hear(0, 100);
        int length = _right.WriteReport(_packet, _right.WakeAt, 0, Voice);
        _left.Receive(_packet.AsSpan(0, length), _now);
        VoipMetrics metrics = _left.Extended.PeerMetrics!.Value;

        Assert.Equal((44, 127, 127, 0), (metrics.ListeningScore, metrics.ConversationScore, metrics.RatingFactor, metrics.RoundTripDelay));
        Assert.Equal(4.4, _left.Extended.PeerScore);
    }

    [Fact]
    public void A_voice_beyond_the_model_has_no_score()
    {
        _right.Extended.Wishes = All;
        Hear(0, 100);
        int length = _right.WriteReport(_packet, _right.WakeAt, 0, Voice with { Impairment = null });
        _left.Receive(_packet.AsSpan(0, length), _now);

        Assert.Equal(127, _left.Extended.PeerMetrics!.Value.ListeningScore);
        Assert.Null(_left.Extended.PeerScore);
    }

    [Fact]
    public void What_is_said_of_others_is_not_taken_for_ours()
    {
        VoipMetrics others = new() { Source = new Ssrc(99), LossRate = 200 };
        byte[] report = Extended((ref writer) => others.Write(ref writer), VoipMetrics.Size);
        _left.Receive(report, _now);

        Assert.Null(_left.Extended.PeerMetrics);
        Assert.Equal(0, _left.Malformed);
    }

    [Fact]
    public void Every_length_and_flipped_bit_and_noise_is_survived()
    {
        _right.Extended.Wishes = All;
        Run(500, _ => false);
        int length = _right.WriteBye(_packet, _now, Unix(_now), Voice);
        byte[] valid = _packet[..length];
        for (int bit = 0; bit < length * 8; bit++)
        {
            byte[] flipped = [.. valid];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            _left.Receive(flipped, _now);
        }

        for (int seed = 1; seed <= 5000; seed++)
        {
            Random random = new(seed);
            byte[] noise = new byte[8 + (4 * random.Next(2, 40))];
            random.NextBytes(noise);
            new byte[] { 0x80, 201, 0, 1 }.CopyTo(noise, 0);
            new byte[] { 0x80, 207, 0, (byte)((noise.Length / 4) - 3) }.CopyTo(noise, 8);
            for (int place = 16; place < noise.Length; place += 4 * random.Next(1, 12))
            {
                noise[place] = (byte)random.Next(9);
                noise[place + 2] = 0;
                noise[place + 3] = (byte)random.Next(12);
            }

            Exception? thrown = Record.Exception(() => _left.Receive(noise, _now));
            Assert.True(thrown is null, $"seed {seed}: {thrown}");
        }

        _left.Receive(valid, _now);
        Assert.Equal(_leftSender.Ssrc, _left.Extended.PeerMetrics!.Value.Source);
    }

    [Fact]
    public void Reports_allocate_nothing()
    {
        _right.Extended.Wishes = All;
        Hear(0, 200);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int report = 0; report < 1000; report++)
        {
            Hear(200 + report, 1);
            int length = _right.WriteReport(_packet, _right.WakeAt, Unix(_now), Voice);
            _left.Receive(_packet.AsSpan(0, length), _now);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotNull(_left.Extended.PeerMetrics);
    }

    private delegate void Writing(ref WireWriter writer);

    private static byte[] Extended(Writing write, int size)
    {
        byte[] packet = new byte[16 + size];
        WireWriter writer = new(packet);
        writer.Write([0x80, 201, 0, 1, 0, 0, 0, 2, 0x80, 207, 0, (byte)((size / 4) + 1), 0, 0, 0, 2]);
        write(ref writer);
        return packet;
    }

    private static List<int> Types(ReadOnlySpan<byte> compound)
    {
        List<int> types = [];
        RtcpReader reader = new(compound);
        while (reader.TryRead(out RtcpPacket packet))
        {
            types.Add((int)packet.Type);
        }

        return types;
    }

    private static long Unix(Instant now) => 1_790_000_000_000_000_000 + now.Nanoseconds;

    private void Hear(int first, int packets)
    {
        for (int packet = first; packet < first + packets; packet++, _now += Period)
        {
            RtpHeader header = new(0, false, new((ushort)packet), new((uint)(packet * 160)), _leftSender.Ssrc);
            _ = _rightReceiver.Receive(header, _now);
        }
    }

    private void Run(int packets, Func<int, bool> isLost, Action? eachPeriod = null)
    {
        byte[] audio = new byte[RtpHeader.Size + 160];
        for (int packet = 0; packet < packets; packet++, _now += Period)
        {
            Send(_leftSender, _rightReceiver, audio, isLost(packet), TimeSpan.FromMilliseconds(40));
            Send(_rightSender, _leftReceiver, audio, false, TimeSpan.FromMilliseconds(24));
            int length = _left.WriteReport(_packet, _now, Unix(_now), Voice);
            Deliver(_right, length, TimeSpan.FromMilliseconds(40));
            length = _right.WriteReport(_packet, _now, Unix(_now), Voice);
            Deliver(_left, length, TimeSpan.FromMilliseconds(24));
            eachPeriod?.Invoke();
        }
    }

    private void Deliver(RtcpSession to, int length, TimeSpan travel)
    {
        if (length > 0)
        {
            to.Receive(_packet.AsSpan(0, length), _now + travel);
        }
    }

    private void Send(RtpSender from, RtpReceiver to, byte[] audio, bool isLost, TimeSpan travel)
    {
        _ = from.WriteAudio(audio, 0, 160, _now);
        from.EndPeriod(160);
        if (!isLost && RtpPacket.TryRead(audio, out RtpPacket packet))
        {
            _ = to.Receive(packet.Header, _now + travel);
        }
    }
}
