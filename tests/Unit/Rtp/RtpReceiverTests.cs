using System;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Rtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Rtp;

public sealed class RtpReceiverTests
{
    private readonly RtpReceiver _receiver = new(8000);
    private Instant _now = Instant.Zero + TimeSpan.FromDays(400);

    [Fact]
    public void The_first_packet_of_the_first_source_counts()
    {
        Assert.False(_receiver.HasSource);
        Assert.Equal(RtpArrival.NewSource, Receive(10));

        Assert.True(_receiver.HasSource);
        Assert.Equal(new Ssrc(1), _receiver.Source);
        Assert.Equal(1, _receiver.PacketCount);
        Assert.Equal(0, _receiver.CumulativeLost);
    }

    [Fact]
    public void Counts_losses_and_cycles_across_the_wrap_around()
    {
        for (int packet = 0; packet < 200_000; packet++)
        {
            if (packet % 10 != 5)
            {
                Assert.NotEqual(RtpArrival.OnProbation, Receive((ushort)(65_000 + packet)));
            }
        }

        ReceptionReport report = _receiver.TakeReport(1, 2);
        Assert.Equal(20_000, report.CumulativeLost);
        Assert.Equal(256 / 10, report.FractionLost);
        Assert.Equal(65_000u + 199_999u, report.HighestSequenceNumber);
        Assert.Equal((1u, 2u), (report.LastSenderReport, report.DelaySinceLastSenderReport));
    }

    /// <summary>RFC 3550 appendix A.3.</summary>
    [Fact]
    public void The_fraction_counts_from_one_report_to_the_next()
    {
        ReceiveAll(0, 1, 2, 3);
        Assert.Equal(0, _receiver.TakeReport(0, 0).FractionLost);
        ReceiveAll(5, 7);
        Assert.Equal(128, _receiver.TakeReport(0, 0).FractionLost);
        ReceiveAll(8, 9, 10, 11);
        Assert.Equal(0, _receiver.TakeReport(0, 0).FractionLost);

        // Late ones make up for what was lost: more received than expected is no negative fraction.
        ReceiveAll(4, 6, 12);
        ReceptionReport report = _receiver.TakeReport(0, 0);
        Assert.Equal(0, report.FractionLost);
        Assert.Equal(0, report.CumulativeLost);
    }

    [Fact]
    public void Copies_make_the_loss_negative()
    {
        ReceiveAll(1, 1, 1, 2);

        Assert.Equal(-2, _receiver.CumulativeLost);
        Assert.True(_receiver.HeardSinceReport);
        Assert.Equal(-2, _receiver.TakeReport(0, 0).CumulativeLost);
        Assert.False(_receiver.HeardSinceReport);
    }

    [Fact]
    public void The_loss_stays_within_24_bits()
    {
        ReceiveAll(0);
        for (int step = 1; step <= 4000; step++)
        {
            _ = Receive((ushort)(step * 2999));
        }

        Assert.Equal(0x7F_FFFF, _receiver.CumulativeLost);
    }

    /// <summary>RFC 3550 appendix A.1: what its routine update_seq returns for the same numbers.</summary>
    [Fact]
    public void Sequence_numbers_are_judged_as_the_standard_does()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            Random random = new(seed);
            RtpReceiver receiver = new(8000);
            ushort sequence = (ushort)random.Next(65_536);
            ReferenceSource reference = new(sequence);
            _ = receiver.Receive(new RtpHeader(0, false, new(sequence), default, new(1)), _now);
            for (int step = 0; step < 5000; step++)
            {
                sequence = (ushort)(random.Next(10) switch
                {
                    0 => sequence + random.Next(-150, 0),
                    1 => sequence + random.Next(2, 3100),
                    2 => random.Next(65_536),
                    _ => sequence + 1,
                });
                bool accepted = receiver.Receive(new RtpHeader(0, false, new(sequence), default, new(1)), _now) == RtpArrival.Accepted;

                Assert.True(reference.Update(sequence) == accepted, $"seed {seed}, step {step}");
                Assert.True(reference.Lost == receiver.CumulativeLost, $"seed {seed}, step {step}");
            }
        }
    }

    /// <summary>RFC 3550 appendix A.8, computed by hand: the deviations are 0, 80, 80, 0 ticks.</summary>
    [Fact]
    public void Jitter_is_the_smoothed_deviation()
    {
        int[] arrivals = [0, 20, 50, 60, 80];
        Instant start = _now;
        for (ushort packet = 0; packet < arrivals.Length; packet++)
        {
            _now = start + TimeSpan.FromMilliseconds(arrivals[packet]);
            _ = Receive(packet, timestamp: 0xFFFF_FF80 + (packet * 160u));
        }

        double expected = 0;
        foreach (int deviation in (int[])[0, 80, 80, 0])
        {
            expected += (deviation - expected) / 16;
        }

        Assert.Equal((uint)expected, _receiver.TakeReport(0, 0).Jitter);
        Assert.Equal(expected / 8, _receiver.Jitter.TotalMilliseconds, 3);
    }

    [Fact]
    public void Constant_delay_is_no_jitter_however_long_the_machine_is_up()
    {
        _now = Instant.Zero + TimeSpan.FromDays(100 * 365);
        for (int packet = 0; packet < 5000; packet++)
        {
            _ = Receive((ushort)packet, timestamp: unchecked((uint)(packet * 160)));
            _now += TimeSpan.FromMilliseconds(20);
        }

        Assert.Equal(0u, _receiver.TakeReport(0, 0).Jitter);
    }

    [Fact]
    public void Another_source_takes_over_with_its_second_packet_and_starts_anew()
    {
        ReceiveAll(100, 101, 105);
        Assert.Equal(RtpArrival.OnProbation, Receive(7, source: 2));
        Assert.Equal(RtpArrival.NewSource, Receive(8, source: 2));

        Assert.Equal(new Ssrc(2), _receiver.Source);
        Assert.Equal(0, _receiver.CumulativeLost);
        Assert.Equal(1, _receiver.PacketCount);
        Assert.Equal(RtpArrival.Accepted, Receive(9, source: 2));
    }

    [Fact]
    public void Stragglers_of_a_former_source_do_not_bring_it_back()
    {
        ReceiveAll(100);
        _ = Receive(7, source: 2);
        _ = Receive(8, source: 2);

        Assert.Equal(RtpArrival.OnProbation, Receive(101));
        Assert.Equal(RtpArrival.Accepted, Receive(9, source: 2));
        Assert.Equal(RtpArrival.OnProbation, Receive(102));
        Assert.Equal(RtpArrival.Accepted, Receive(10, source: 2));
        Assert.Equal(new Ssrc(2), _receiver.Source);
    }

    private void ReceiveAll(params ReadOnlySpan<ushort> sequences)
    {
        foreach (ushort sequence in sequences)
        {
            Assert.NotEqual(RtpArrival.OnProbation, Receive(sequence));
        }
    }

    private RtpArrival Receive(ushort sequence, uint source = 1, uint timestamp = 0) =>
        _receiver.Receive(new RtpHeader(0, false, new(sequence), new(timestamp), new(source)), _now);

    /// <summary>The pseudo-code of RFC 3550 appendix A.1, after probation, word for word.</summary>
    private sealed class ReferenceSource
    {
        private const int SequenceModulus = 1 << 16;
        private int _baseSequence;
        private int _maxSequence;
        private int _badSequence;
        private int _cycles;
        private int _received;

        public ReferenceSource(int sequence)
        {
            Initialize(sequence);
            _received++;
        }

        public int Lost => _cycles + _maxSequence - _baseSequence + 1 - _received;

        public bool Update(int sequence)
        {
            int delta = (ushort)(sequence - _maxSequence);
            if (delta < 3000)
            {
                _cycles += sequence < _maxSequence ? SequenceModulus : 0;
                _maxSequence = sequence;
            }
            else if (delta <= SequenceModulus - 100)
            {
                if (sequence != _badSequence)
                {
                    _badSequence = (sequence + 1) & (SequenceModulus - 1);
                    return false;
                }

                Initialize(sequence);
            }

            _received++;
            return true;
        }

        private void Initialize(int sequence)
        {
            _baseSequence = sequence;
            _maxSequence = sequence;
            _badSequence = SequenceModulus + 1;
            _cycles = 0;
            _received = 0;
        }
    }
}
