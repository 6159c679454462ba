using System;
using System.Buffers.Text;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Rtp;

/// <summary>
/// The RTCP of a session between us and one peer: writes our reports when they are due and keeps what the peer's say about us
/// (RFC 3550 section 6). Packets are in the clear here; SRTCP is the owner's.
/// </summary>
internal sealed class RtcpSession
{
    /// <summary>The longest packet that the session writes: SR with one report block, SDES, XR, BYE.</summary>
    public const int LongestPacket =
        HeaderSize + SenderReport.Size + ReceptionReport.Size + DescriptionSize + ExtendedReports.LongestPacket + HeaderSize;

    // A packet's header with the source that most packets begin with.
    private const int HeaderSize = 8;

    // RFC 7022 section 4.2: 96 random bits, which make 16 characters of base64.
    private const int CnameBytes = 12;
    private const int CnameSize = 16;

    // Header and source, item type and length, the name, two zero octets up to the next word (RFC 3550 section 6.5).
    private const int DescriptionSize = HeaderSize + 2 + CnameSize + 2;
    private const byte CnameItem = 1;

    // RFC 3550 section 6.2: the shortest interval between reports. One call of G.711 needs far less than its share of the bandwidth.
    private const int IntervalSeconds = 5;

    // As many of our sender reports as a peer may refer to: it answers the last one, or the one before if they crossed.
    private const int Remembered = 4;

    private readonly (uint Middle, Instant SentAt)[] _sent = new (uint, Instant)[Remembered];
    private readonly byte[] _cname = new byte[CnameSize];
    private readonly IRandomSource _random;
    private readonly RtpSender _sender;
    private readonly RtpReceiver _receiver;
    private int _sentCount;
    private uint _packetCountAtReport;
    private uint _packetCountBefore;
    private bool _reported;
    private (Ssrc Source, uint Middle, Instant ReceivedAt)? _senderReport;
    private Ssrc? _left;

    /// <summary>A session whose first report is due about two and a half seconds from now.</summary>
    /// <param name="random">Gives the CNAME and varies the interval.</param>
    /// <param name="sender">What we send; it stays its owner's.</param>
    /// <param name="receiver">What we receive; it stays its owner's.</param>
    /// <param name="now">The moment at which the session begins.</param>
    public RtcpSession(IRandomSource random, RtpSender sender, RtpReceiver receiver, Instant now)
    {
        _random = random;
        _sender = sender;
        _receiver = receiver;
        Extended = new ExtendedReports(sender, receiver);
        Span<byte> name = stackalloc byte[CnameBytes];
        random.Fill(name);
        _ = Base64.EncodeToUtf8(name, _cname, out _, out _);

        // RFC 3550 section 6.2: half the interval before the first report.
        WakeAt = now + (Interval() / 2);
    }

    /// <summary>When the next report is due; never once the session has ended.</summary>
    public Instant WakeAt { get; private set; }

    /// <summary>Whether our BYE has been written.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The last report about what we send; null before the first one.</summary>
    public ReceptionReport? PeerReport { get; private set; }

    /// <summary>How many reports about what we send have come.</summary>
    public long PeerReports { get; private set; }

    /// <summary>The share of all our packets that the peer had lost at its last report, 0 to 1.</summary>
    public double PeerLost { get; private set; }

    /// <summary>The share of our packets that the peer lost lately, 0 to 1.</summary>
    public double PeerLossFraction => (PeerReport?.FractionLost ?? 0) / 256.0;

    /// <summary>The round-trip time as of the peer's last report; null before it has answered a sender report of ours.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>What goes beyond that: sent where the peer asks for it.</summary>
    public ExtendedReports Extended { get; }

    /// <summary>Whether the source that we receive has said BYE.</summary>
    public bool PeerLeft => _receiver.HasSource && _left == _receiver.Source;

    /// <summary>Datagrams that were no compound RTCP packets.</summary>
    public long Malformed { get; private set; }

    /// <summary>Datagrams that came after the end.</summary>
    public long AfterEnd { get; private set; }

    /// <summary>Takes a received compound packet, decrypted and authenticated. Malformed ones are counted and dropped whole.</summary>
    public void Receive(ReadOnlySpan<byte> compound, Instant now)
    {
        if (HasEnded)
        {
            AfterEnd++;
            return;
        }

        if (!RtcpReader.IsValid(compound))
        {
            Malformed++;
            return;
        }

        RtcpReader packets = new(compound);
        while (packets.TryRead(out RtcpPacket packet))
        {
            switch (packet.Type)
            {
                case RtcpPacketType.SenderReport:
                case RtcpPacketType.ReceiverReport:
                    ReceiveReport(packet, now);
                    break;
                case RtcpPacketType.Goodbye:
                    ReceiveGoodbye(packet);
                    break;
                case RtcpPacketType.ExtendedReport:
                    Extended.Receive(packet.Body);
                    break;
                case RtcpPacketType.SourceDescription:
                default:
                    // RFC 3550 section 6.1: unknown packet types are ignored. Of descriptions we need nothing.
                    break;
            }
        }
    }

    /// <summary>
    /// Writes the report that is due into at least <see cref="LongestPacket"/> bytes and returns its length; 0 if none is due.
    /// </summary>
    /// <param name="packet">Where the packet goes.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="unixTimeNanoseconds">The same moment on the wall clock, in nanoseconds since 1970.</param>
    /// <param name="voice">What an extended report says of the voice that we hear.</param>
    public int WriteReport(Span<byte> packet, Instant now, long unixTimeNanoseconds, in VoiceFacts voice = default)
    {
        if (now < WakeAt)
        {
            return 0;
        }

        WireWriter writer = new(packet);
        Report(ref writer, now, unixTimeNanoseconds, voice);
        WakeAt = now + Interval();
        return writer.Length;
    }

    /// <summary>
    /// Ends the session: writes a report with BYE and returns its length; 0 if it has ended before, or if nothing was ever sent
    /// (RFC 3550 section 6.3.7: who was never heard does not take leave).
    /// </summary>
    /// <inheritdoc cref="WriteReport"/>
    public int WriteBye(Span<byte> packet, Instant now, long unixTimeNanoseconds, in VoiceFacts voice = default)
    {
        bool heard = _reported || _sender.PacketCount > 0;
        bool silent = HasEnded || !heard;
        HasEnded = true;
        WakeAt = Instant.Never;
        if (silent)
        {
            return 0;
        }

        WireWriter writer = new(packet);
        Report(ref writer, now, unixTimeNanoseconds, voice);
        WriteHeader(ref writer, RtcpPacketType.Goodbye, count: 1, HeaderSize);
        return writer.Length;
    }

    private void ReceiveReport(in RtcpPacket packet, Instant now)
    {
        WireReader reader = new(packet.Body);
        if (!reader.TryReadUInt32(out uint source))
        {
            return;
        }

        if (packet.Type == RtcpPacketType.SenderReport)
        {
            if (!SenderReport.TryRead(ref reader, out SenderReport report))
            {
                return;
            }

            _senderReport = (new Ssrc(source), report.NtpTimestamp.Middle, now);
        }

        for (int block = 0; block < packet.Count && ReceptionReport.TryRead(ref reader, out ReceptionReport report); block++)
        {
            if (report.Source == _sender.Ssrc)
            {
                PeerReport = report;
                PeerReports++;
                PeerLost = double.Clamp((double)report.CumulativeLost / uint.Max(_sender.PacketCount, 1), 0, 1);
                MeasureRoundTrip(report, now);
            }
        }
    }

    private void ReceiveGoodbye(in RtcpPacket packet)
    {
        WireReader reader = new(packet.Body);
        for (int source = 0; source < packet.Count && reader.TryReadUInt32(out uint value); source++)
        {
            _left = new Ssrc(value) == _receiver.Source ? new Ssrc(value) : _left;
        }
    }

    /// <summary>RFC 3550 section 6.4.1, figure 2; but by our monotonic clock, since the wall clock may be set in between.</summary>
    private void MeasureRoundTrip(in ReceptionReport report, Instant now)
    {
        foreach ((uint middle, Instant sentAt) in _sent.AsSpan(0, int.Min(_sentCount, Remembered)))
        {
            if (middle == report.LastSenderReport)
            {
                TimeSpan held = TimeSpan.FromTicks((long)report.DelaySinceLastSenderReport * TimeSpan.TicksPerSecond / 65_536);
                TimeSpan whole = now - sentAt;

                // A peer that claims to have held it for longer than it was away has a coarse clock and a short way.
                RoundTrip = whole > held ? whole - held : TimeSpan.Zero;
            }
        }
    }

    private void Report(ref WireWriter writer, Instant now, long unixTimeNanoseconds, in VoiceFacts voice)
    {
        int count = _receiver.HasSource && _receiver.HeardSinceReport ? 1 : 0;
        int size = HeaderSize + (count * ReceptionReport.Size);

        // RFC 3550 section 6.4: a sender report from whoever has sent since the report before the last one.
        if (_sender.PacketCount != _packetCountBefore)
        {
            SenderReport report = new(
                NtpTimestamp.FromUnixTime(unixTimeNanoseconds), _sender.TimestampAt(now), _sender.PacketCount, _sender.OctetCount);
            WriteHeader(ref writer, RtcpPacketType.SenderReport, count, size + SenderReport.Size);
            report.Write(ref writer);
            _sent[_sentCount++ % Remembered] = (report.NtpTimestamp.Middle, now);
        }
        else
        {
            WriteHeader(ref writer, RtcpPacketType.ReceiverReport, count, size);
        }

        if (count > 0)
        {
            ReceptionOf(now).Write(ref writer);
        }

        WriteDescription(ref writer);
        if (count > 0 && Extended.Size > 0)
        {
            WriteHeader(ref writer, RtcpPacketType.ExtendedReport, count: 0, Extended.Size);
            Extended.WriteBlocks(ref writer, voice, RoundTrip);
        }

        _packetCountBefore = _packetCountAtReport;
        _packetCountAtReport = _sender.PacketCount;
        _reported = true;
    }

    private ReceptionReport ReceptionOf(Instant now)
    {
        // Another source's sender report says nothing about this one.
        if (_senderReport is not var (source, middle, receivedAt) || source != _receiver.Source)
        {
            return _receiver.TakeReport(0, 0);
        }

        uint delay = (uint)((now - receivedAt).Ticks * 65_536 / TimeSpan.TicksPerSecond);
        return _receiver.TakeReport(middle, delay);
    }

    private void WriteDescription(ref WireWriter writer)
    {
        WriteHeader(ref writer, RtcpPacketType.SourceDescription, count: 1, DescriptionSize);
        writer.WriteByte(CnameItem);
        writer.WriteByte(CnameSize);
        writer.Write(_cname);
        writer.WriteUInt16(0);
    }

    /// <summary>The header and our source, which follows it in every type of packet that we write.</summary>
    private void WriteHeader(ref WireWriter writer, RtcpPacketType type, int count, int size)
    {
        writer.WriteByte((byte)((RtpHeader.Version << 6) | count));
        writer.WriteByte((byte)type);
        writer.WriteUInt16((ushort)((size / sizeof(uint)) - 1));
        writer.WriteUInt32(_sender.Ssrc.Value);
    }

    /// <summary>
    /// RFC 3550 section 6.3.1: half to one and a half times the interval. There are always two members, so that there is nothing to
    /// reconsider, nor to be compensated for it.
    /// </summary>
    private TimeSpan Interval()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        _random.Fill(bytes);
        return TimeSpan.FromSeconds(IntervalSeconds * (0.5 + (BitConverter.ToUInt32(bytes) / 4294967296.0)));
    }
}
