using System;

namespace IntercomAgent.Rtp;

/// <summary>
/// What became of each packet of a source: the last 64 may still come, or turn out to be too late; then it is decided.
/// Extended reports are made of it (RFC 3611 sections 4.6 and 4.7).
/// </summary>
internal sealed class ReceptionHistory
{
    // More than a second of packets: much later than what a jitter buffer discards, as section 4.7.1 asks for.
    private const int Width = 64;

    // RFC 3551 section 4.2: no packet has more than 200 ms. A greater step of the timestamps is a pause.
    private const int LongestPackets = 5;

    private BurstMetrics _decided;
    private SequenceNumber _newest;
    private RtpTimestamp _timestamp;
    private ulong _came;
    private ulong _discarded;
    private int _known;
    private long _duplicates;
    private long _lostBefore;
    private long _duplicatesBefore;
    private SequenceNumber _begin;
    private DifferenceStatistics _jitter;

    /// <summary>How much time a packet stands for; as RFC 3551 section 4.2 has it until it was seen.</summary>
    public TimeSpan PacketTime { get; private set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>What became of the packets so far. Those that are not there yet count as lost, as in RFC 3550 appendix A.3.</summary>
    public BurstMetrics Metrics
    {
        get
        {
            BurstMetrics metrics = _decided;
            for (int age = _known - 1; age >= 0; age--)
            {
                Decide(ref metrics, age);
            }

            return metrics;
        }
    }

    /// <summary>Another source, or another sequence of the same one, begins with this number.</summary>
    public void Start(SequenceNumber first)
    {
        _decided = default;
        _newest = first + -1;
        _begin = first;
        _known = 0;
        (_came, _discarded) = (0, 0);
        (_duplicates, _duplicatesBefore, _lostBefore) = (0, 0, 0);
        _jitter = default;
    }

    /// <summary>A packet has come.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="clockRate">Ticks of its clock in a second.</param>
    public void Add(in RtpHeader header, int clockRate)
    {
        int ahead = header.SequenceNumber - _newest;
        if (ahead <= 0)
        {
            AddOlder(-ahead);
            return;
        }

        int step = header.Timestamp - _timestamp;
        if (ahead == 1 && _known > 0 && step > 0 && step <= clockRate / LongestPackets)
        {
            PacketTime = TimeSpan.FromTicks(step * TimeSpan.TicksPerSecond / clockRate);
        }

        _timestamp = header.Timestamp;
        for (int place = 0; place < ahead; place++)
        {
            Shift();
        }

        _newest = header.SequenceNumber;
        _came |= 1;
    }

    /// <summary>A packet that has come was of no use any more.</summary>
    public void Discard(SequenceNumber sequence)
    {
        int age = _newest - sequence;
        if (age >= 0 && age < _known)
        {
            _discarded |= 1UL << age;
        }
    }

    /// <summary>A packet was on its way for so many ticks longer, or shorter, than the one that came before it.</summary>
    public void AddTransit(long difference) => _jitter.Add(difference);

    /// <summary>Sums up what has come since the last summary.</summary>
    /// <param name="source">Whose packets they are.</param>
    /// <param name="wanted">What is to be reported.</param>
    public StatisticsSummary TakeSummary(Ssrc source, XrStatistics wanted)
    {
        SequenceNumber begin = _begin;
        _begin = _newest.Next;
        long lost = Metrics.Lost;
        uint lostSince = (uint)long.Max(lost - _lostBefore, 0);
        uint duplicatesSince = (uint)(_duplicates - _duplicatesBefore);
        (_lostBefore, _duplicatesBefore) = (lost, _duplicates);
        DifferenceStatistics jitter = (wanted & XrStatistics.Jitter) != 0 ? _jitter : default;
        _jitter = default;
        return new StatisticsSummary(
            source, wanted, begin, _begin,
            (wanted & XrStatistics.Loss) != 0 ? lostSince : 0,
            (wanted & XrStatistics.Duplicates) != 0 ? duplicatesSince : 0,
            jitter.Least, jitter.Most, jitter.Mean, jitter.Deviation);
    }

    private void AddOlder(int age)
    {
        // What is older than the window has been counted as lost, and what came before the first packet was never expected.
        if (age >= _known)
        {
            return;
        }

        ulong bit = 1UL << age;
        _duplicates += (_came & bit) != 0 ? 1 : 0;
        _came |= bit;
    }

    private void Shift()
    {
        if (_known == Width)
        {
            Decide(ref _decided, Width - 1);
        }
        else
        {
            _known++;
        }

        _came <<= 1;
        _discarded <<= 1;
    }

    private void Decide(ref BurstMetrics metrics, int age)
    {
        ulong bit = 1UL << age;
        if ((_came & bit) == 0)
        {
            metrics.AddLost();
        }
        else if ((_discarded & bit) != 0)
        {
            metrics.AddDiscarded();
        }
        else
        {
            metrics.AddReceived();
        }
    }
}
