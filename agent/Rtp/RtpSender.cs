using System;
using System.Buffers.Binary;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Rtp;

/// <summary>
/// The sending half of an RTP session: numbers and stamps the packets of our one source.
/// In each period of the audio clock the owner writes at most one packet and then calls <see cref="EndPeriod"/>, whether a packet
/// was written or not: the timestamp follows the sampling clock, not the packets (RFC 3550 section 5.1).
/// </summary>
internal sealed class RtpSender
{
    private RtpTimestamp _referenceTimestamp;
    private Instant _referenceTime = Instant.Never;
    private bool _inTalkSpurt;
    private bool _audioThisPeriod;

    /// <summary>A source with random identifier, first sequence number and first timestamp (RFC 3550 section 5.1).</summary>
    /// <param name="random">Where the three come from.</param>
    /// <param name="clockRate">Ticks of the RTP clock in a second.</param>
    public RtpSender(IRandomSource random, int clockRate)
    {
        Span<byte> bytes = stackalloc byte[6];
        random.Fill(bytes);
        ClockRate = clockRate;
        Ssrc = Ssrc.Choose(random);
        NextSequenceNumber = new SequenceNumber(BinaryPrimitives.ReadUInt16BigEndian(bytes));
        Timestamp = new RtpTimestamp(BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]));
    }

    /// <summary>Ticks of the RTP clock in a second.</summary>
    public int ClockRate { get; private set; }

    /// <summary>Our source identifier. RFC 3550 section 8.2: it changes when a peer turns out to use the same one.</summary>
    public Ssrc Ssrc { get; private set; }

    /// <summary>The number that the next packet gets.</summary>
    public SequenceNumber NextSequenceNumber { get; private set; }

    /// <summary>The timestamp of the current period's first sample.</summary>
    public RtpTimestamp Timestamp { get; private set; }

    /// <summary>Packets written so far, as a sender report states them (modulo 2^32).</summary>
    public uint PacketCount { get; private set; }

    /// <summary>Octets of payload written so far, headers not counted, as a sender report states them (modulo 2^32).</summary>
    public uint OctetCount { get; private set; }

    /// <summary>
    /// Makes the packet of the current period from a payload that already stands at offset <see cref="RtpHeader.Size"/> of
    /// <paramref name="packet"/>. Sets the marker on the first packet after a pause. Returns the packet's length.
    /// </summary>
    public int WriteAudio(Span<byte> packet, byte payloadType, int payloadLength, Instant now)
    {
        _audioThisPeriod = true;
        Stamp(now);
        return Write(packet, new RtpHeader(payloadType, !_inTalkSpurt, NextSequenceNumber, Timestamp, Ssrc), payloadLength);
    }

    /// <summary>Makes a packet that reports a telephone event in place of audio. Returns the packet's length.</summary>
    public int WriteEvent(Span<byte> packet, byte payloadType, in TelephoneEventReport report, Instant now)
    {
        Stamp(now);
        report.Event.Write(packet[RtpHeader.Size..]);
        RtpHeader header = new(payloadType, report.Marker, NextSequenceNumber, report.Timestamp, Ssrc);
        return Write(packet, header, TelephoneEvent.Size);
    }

    /// <summary>The sampling clock has moved on by <paramref name="ticks"/> ticks of the RTP clock.</summary>
    public void EndPeriod(int ticks)
    {
        Timestamp += ticks;
        _inTalkSpurt = _audioThisPeriod;
        _audioThisPeriod = false;
    }

    /// <summary>
    /// The RTP timestamp that stands for the same moment as <paramref name="now"/>: what a sender report pairs with its NTP timestamp
    /// (RFC 3550 section 6.4.1).
    /// </summary>
    public RtpTimestamp TimestampAt(Instant now) => _referenceTime == Instant.Never
        ? Timestamp
        : _referenceTimestamp + ((now - _referenceTime).Ticks * ClockRate / TimeSpan.TicksPerSecond);

    /// <summary>Takes another random source identifier after a collision (RFC 3550 section 8.2). The counts start again with it.</summary>
    public void ChangeSsrc(IRandomSource random)
    {
        Ssrc = Ssrc.Choose(random);
        PacketCount = 0;
        OctetCount = 0;
    }

    /// <summary>What is sent next has another clock: it comes from another source (RFC 7160 section 4.1), and begins a talk spurt.</summary>
    public void ChangeClock(IRandomSource random, int clockRate)
    {
        ChangeSsrc(random);
        ClockRate = clockRate;
        _referenceTime = Instant.Never;
        _inTalkSpurt = false;
    }

    private void Stamp(Instant now)
    {
        _referenceTimestamp = Timestamp;
        _referenceTime = now;
    }

    private int Write(Span<byte> packet, RtpHeader header, int payloadLength)
    {
        header.Write(packet);
        NextSequenceNumber = NextSequenceNumber.Next;
        PacketCount++;
        OctetCount += (uint)payloadLength;
        return RtpHeader.Size + payloadLength;
    }
}
