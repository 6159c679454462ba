using System;

namespace IntercomAgent.Rtp;

/// <summary>
/// Tells bursts of missing packets from the gaps between them (RFC 3611 section 4.7.2). It is told of every packet, in the order in which
/// they were sent.
/// <para>
/// As in the example of appendix A.2 there is something to do only where a packet is missing. That example counts transitions between
/// states, and says of them that they are inferred to within one; it also takes the first loss of a session for the end of a burst. Here
/// the packets in bursts are counted themselves, so that all that is reported is what section 4.7.2 defines.
/// </para>
/// </summary>
internal struct BurstMetrics
{
    /// <summary>As many packets received in sequence end a burst; the recommended value.</summary>
    public const byte GapThreshold = 16;

    private long _expected;
    private long _runs;
    private long _bursts;
    private long _inBursts;
    private long _missingInBursts;
    private bool _beginsInBurst;

    // What a gap has not closed yet: where it begins, what it spans, and what is missing in it.
    private long _openAt;
    private long _openSpan;
    private long _openMissing;
    private long _receivedSince;

    /// <summary>Packets lost.</summary>
    public long Lost { get; private set; }

    /// <summary>Packets discarded.</summary>
    public long Discarded { get; private set; }

    /// <summary>The share of packets that are missing, 0 to 1.</summary>
    public readonly double MissingShare => _expected == 0 ? 0 : (double)Missing / _expected;

    /// <summary>
    /// How much longer the runs of missing packets are than with the same losses at random; 1 at least (BurstR of ITU-T G.107 section
    /// 7.4: there a run has 1 / (1 - p) packets on average).
    /// </summary>
    public readonly double BurstRatio => _runs == 0 ? 1 : double.Max(1, (double)Missing / _runs * (1 - MissingShare));

    private readonly long Missing => Lost + Discarded;

    /// <summary>The next packet was received in time.</summary>
    public void AddReceived()
    {
        _expected++;
        _receivedSince++;
    }

    /// <summary>The next packet never came.</summary>
    public void AddLost()
    {
        Lost++;
        AddMissing();
    }

    /// <summary>The next packet came when it was of no use any more.</summary>
    public void AddDiscarded()
    {
        Discarded++;
        AddMissing();
    }

    /// <summary>States what was counted. After it the packets are taken to be received, as section 4.7.2 assumes.</summary>
    /// <param name="metrics">The metrics that are completed.</param>
    /// <param name="packet">How much time a packet stands for.</param>
    public readonly VoipMetrics Complete(in VoipMetrics metrics, TimeSpan packet)
    {
        bool endsInBurst = _openMissing > 1 && _receivedSince == 0;
        BurstMetrics closed = this;
        closed.CloseBurst();
        long gaps = closed._bursts + 1 - (closed._beginsInBurst ? 1 : 0) - (endsInBurst ? 1 : 0);
        long inGaps = _expected - closed._inBursts;
        return metrics with
        {
            LossRate = Share(Lost, _expected),
            DiscardRate = Share(Discarded, _expected),
            BurstDensity = Share(closed._missingInBursts, closed._inBursts),
            GapDensity = Share(Missing - closed._missingInBursts, inGaps),
            BurstDuration = MeanMilliseconds(closed._inBursts, closed._bursts, packet),
            GapDuration = MeanMilliseconds(inGaps, gaps, packet),
        };
    }

    private static byte Share(long part, long whole) => whole == 0 ? (byte)0 : (byte)long.Min(part * 256 / whole, byte.MaxValue);

    private static ushort MeanMilliseconds(long packets, long count, TimeSpan packet) =>
        count == 0 ? (ushort)0 : (ushort)double.Min(packets * packet.TotalMilliseconds / count, ushort.MaxValue);

    private void AddMissing()
    {
        bool isFirst = _openMissing == 0;
        _runs += isFirst || _receivedSince > 0 ? 1 : 0;
        if (isFirst || _receivedSince >= GapThreshold)
        {
            CloseBurst();
            (_openAt, _openSpan, _openMissing) = (_expected, 1, 1);
        }
        else
        {
            _openSpan += _receivedSince + 1;
            _openMissing++;
        }

        _expected++;
        _receivedSince = 0;
    }

    /// <summary>A packet that is missing alone belongs to the gap around it.</summary>
    private void CloseBurst()
    {
        if (_openMissing > 1)
        {
            _bursts++;
            _inBursts += _openSpan;
            _missingInBursts += _openMissing;
            _beginsInBurst |= _openAt == 0;
        }
    }
}
