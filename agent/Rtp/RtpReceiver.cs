using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Rtp;

/// <summary>What a receiver makes of a packet.</summary>
internal enum RtpArrival
{
    /// <summary>The packet is part of the stream.</summary>
    Accepted,

    /// <summary>The packet begins another source, which takes the place of the last one. Whatever knew that one starts anew.</summary>
    NewSource,

    /// <summary>The packet may be a stray one: its source or its sequence number must be confirmed by the next. To be dropped.</summary>
    OnProbation,
}

/// <summary>
/// The receiving half of an RTP session: what reports need to know of the one remote source (RFC 3550 appendix A).
/// Only authenticated packets may be given to it.
/// </summary>
/// <param name="clockRate">Ticks of the RTP clock in a second, until <see cref="UseClock"/> says otherwise.</param>
internal sealed class RtpReceiver(int clockRate)
{
    // RFC 3550 appendix A.1: a minute of packets may be lost, and packets may come two seconds late.
    private const int MaxDropout = 3000;
    private const int MaxMisorder = 100;

    private const int Cycle = 1 << 16;

    // RFC 3550 appendix A.3: the loss is stated in 24 bits.
    private const int MostLost = 0x7F_FFFF;
    private const int MostGained = -0x80_0000;

    private int _clockRate = clockRate;
    private bool _clockChanged;
    private long _first;
    private long _highest;
    private long _received;
    private long _expectedPrior;
    private long _receivedPrior;
    private int _transit;
    private double _jitter;
    private SequenceNumber? _expectedAfterLeap;
    private (Ssrc Source, SequenceNumber Expected)? _candidate;

    /// <summary>Whether a source has been heard.</summary>
    public bool HasSource { get; private set; }

    /// <summary>The source, once there is one.</summary>
    public Ssrc Source { get; private set; }

    /// <summary>Whether the packet received last is newer than all before it, and no straggler.</summary>
    public bool IsNewest { get; private set; }

    /// <summary>Packets of this source that were accepted.</summary>
    public long PacketCount => _received;

    /// <summary>Whether packets have come since the last report.</summary>
    public bool HeardSinceReport => _received > _receivedPrior;

    /// <summary>Packets lost, as far as is known; negative if there were copies.</summary>
    public int CumulativeLost => HasSource ? (int)long.Clamp(Expected - _received, MostGained, MostLost) : 0;

    /// <summary>The interarrival jitter (RFC 3550 appendix A.8).</summary>
    public TimeSpan Jitter => TimeSpan.FromTicks((long)(_jitter * TimeSpan.TicksPerSecond / _clockRate));

    /// <summary>What became of the packets of this source, for extended reports.</summary>
    public ReceptionHistory History { get; } = new();

    private long Expected => _highest - _first + 1;

    /// <summary>
    /// Takes note of a packet. The first source heard counts from its first packet on; another one only takes its place with its second
    /// packet in sequence, so that a straggler of a former source does not bring it back.
    /// </summary>
    public RtpArrival Receive(in RtpHeader header, Instant now)
    {
        IsNewest = false;
        if (HasSource && header.Ssrc == Source)
        {
            _candidate = null;
            if (!TryAdvance(header.SequenceNumber))
            {
                return RtpArrival.OnProbation;
            }

            _received++;
            History.Add(header, _clockRate);
            MeasureJitter(header.Timestamp, now);
            return RtpArrival.Accepted;
        }

        if (HasSource && _candidate != (header.Ssrc, header.SequenceNumber))
        {
            _candidate = (header.Ssrc, header.SequenceNumber.Next);
            return RtpArrival.OnProbation;
        }

        Start(header, now);
        return RtpArrival.NewSource;
    }

    /// <summary>The packet received next is stamped by a clock with so many ticks in a second.</summary>
    public void UseClock(int clockRate)
    {
        if (clockRate != _clockRate)
        {
            _jitter = _jitter * clockRate / _clockRate;
            _clockRate = clockRate;
            _clockChanged = true;
        }
    }

    /// <summary>Makes the report block for the time since the last one; the references to a sender report are the caller's.</summary>
    public ReceptionReport TakeReport(uint lastSenderReport, uint delaySinceLastSenderReport)
    {
        long expected = Expected - _expectedPrior;
        long lost = expected - (_received - _receivedPrior);
        _expectedPrior = Expected;
        _receivedPrior = _received;

        // Nothing received of what was expected would be 256/256, which the octet cannot say; but then there is no report either.
        byte fraction = expected <= 0 || lost <= 0 ? (byte)0 : (byte)long.Min((lost << 8) / expected, byte.MaxValue);
        return new ReceptionReport(
            Source, fraction, CumulativeLost, (uint)_highest, (uint)_jitter, lastSenderReport, delaySinceLastSenderReport);
    }

    private void Start(in RtpHeader header, Instant now)
    {
        HasSource = true;
        Source = header.Ssrc;
        _candidate = null;
        _jitter = 0;
        _clockChanged = false;
        _transit = Transit(header.Timestamp, now);
        StartSequence(header.SequenceNumber);
        _received = 1;
        History.Add(header, _clockRate);
    }

    private void StartSequence(SequenceNumber first)
    {
        IsNewest = true;
        _first = first.Value;
        _highest = first.Value;
        _received = 0;
        _expectedPrior = 0;
        _receivedPrior = 0;
        _expectedAfterLeap = null;
        History.Start(first);
    }

    /// <summary>The routine update_seq of RFC 3550 appendix A.1.</summary>
    private bool TryAdvance(SequenceNumber sequence)
    {
        int delta = (sequence.Value - (int)_highest) & (Cycle - 1);
        if (delta < MaxDropout)
        {
            _highest += delta;
            IsNewest = delta > 0;
        }
        else if (delta <= Cycle - MaxMisorder)
        {
            // Two packets in sequence after a leap: the other side has started again without telling us.
            if (sequence != _expectedAfterLeap)
            {
                _expectedAfterLeap = sequence.Next;
                return false;
            }

            StartSequence(sequence);
        }

        return true;
    }

    private void MeasureJitter(RtpTimestamp timestamp, Instant now)
    {
        int transit = Transit(timestamp, now);
        if (_clockChanged)
        {
            // Between stamps of two clocks there is no difference.
            _clockChanged = false;
            _transit = transit;
        }

        long difference = long.Abs(unchecked(transit - _transit));
        _transit = transit;
        History.AddTransit(difference);
        _jitter += (difference - _jitter) / 16;
    }

    private int Transit(RtpTimestamp timestamp, Instant now)
    {
        // In two steps: the product of a long uptime and the clock rate does not fit.
        (long seconds, long nanoseconds) = Math.DivRem(now.Nanoseconds, 1_000_000_000);
        RtpTimestamp arrival = new RtpTimestamp(0) + ((seconds * _clockRate) + (nanoseconds * _clockRate / 1_000_000_000));
        return arrival - timestamp;
    }
}
