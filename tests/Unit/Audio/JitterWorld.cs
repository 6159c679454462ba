using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using IntercomAgent.Audio;
using IntercomAgent.Rtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio;

/// <summary>
/// A sender, a network and a loudspeaker around a jitter buffer, on a clock of milliseconds. Each millisecond of payload carries its own
/// number, so that what is played tells when it was sent; that each is played once at most and in order is always asserted. The
/// loudspeaker plays faster or slower by up to five milliseconds of each period where the buffer wishes it, and otherwise does not heed
/// its correction for drift.
/// </summary>
internal sealed class JitterWorld(int payloadMilliseconds = 20, int periodMilliseconds = 20, double driftPpm = 0)
{
    public const byte PayloadType = 96;

    private const int GreatestChange = 5 * 8;

    private readonly PriorityQueue<int, (double Time, int Packet)> _underway = new();
    private readonly Dictionary<int, (ushort Sequence, bool Marker)> _headers = [];
    private readonly double _packetInterval = payloadMilliseconds * (1 - (driftPpm / 1e6));
    private readonly byte[] _period = new byte[periodMilliseconds * 8];
    private readonly byte[] _payload = new byte[payloadMilliseconds * 8];
    private ushort _sequence = 65_500;
    private bool _pausing;
    private long _lastPlayed = -1;
    private int _sent;
    private int _silent;
    private double _nextPlay = 7;

    public AdaptiveJitterBuffer Buffer { get; } = new(periodMilliseconds * 8);

    /// <summary>How long a packet travels, in milliseconds; several times gives several copies, none a loss.</summary>
    public Func<int, double[]> Network { get; set; } = _ => [30];

    /// <summary>Whether the sender sends its packet with that number; if not, the next one bears a marker.</summary>
    public Func<int, bool> Speaks { get; set; } = _ => true;

    /// <summary>Shifts the sender's timestamps from that packet on.</summary>
    public Func<int, uint> TimestampLeap { get; set; } = _ => 0;

    /// <summary>Shifts the sender's sequence numbers from that packet on.</summary>
    public Func<int, ushort> SequenceLeap { get; set; } = _ => 0;

    public double Now { get; private set; }

    /// <summary>From sending to playing, of the period played last.</summary>
    public double Delay { get; private set; }

    public double GreatestDelay { get; private set; }

    public double LeastDelay { get; private set; } = double.MaxValue;

    /// <summary>Periods of silence.</summary>
    public int Silent => _silent / _period.Length;

    public int Leaps { get; private set; }

    public JitterCounters Counters => Buffer.Counters;

    public JitterWorld Run(TimeSpan time)
    {
        GreatestDelay = 0;
        LeastDelay = double.MaxValue;
        for (double end = Now + time.TotalMilliseconds; Now < end;)
        {
            double send = (_sent + 1) * _packetInterval;
            double arrival = _underway.TryPeek(out _, out (double Time, int Packet) next) ? next.Time : double.MaxValue;
            Now = double.Min(_nextPlay, double.Min(send, arrival));
            if (Now == arrival)
            {
                Arrive(_underway.Dequeue());
            }
            else if (Now == send)
            {
                Send(_sent++);
            }
            else
            {
                Play();
            }
        }

        return this;
    }

    private void Send(int packet)
    {
        if (!Speaks(packet))
        {
            _pausing = true;
            return;
        }

        _headers[packet] = ((ushort)(_sequence++ + SequenceLeap(packet)), _pausing);
        _pausing = false;
        _ = _headers.Remove(packet - 10_000);
        foreach (double delay in Network(packet))
        {
            _underway.Enqueue(packet, (Now + delay, packet));
        }
    }

    private void Arrive(int packet)
    {
        for (int block = 0; block < payloadMilliseconds; block++)
        {
            BinaryPrimitives.WriteInt64BigEndian(_payload.AsSpan(block * 8), ((long)packet * payloadMilliseconds) + block);
        }

        // The timestamps wrap around after two seconds, the sequence numbers after 36 packets.
        uint timestamp = unchecked(0xFFFF_C180 + (uint)(packet * payloadMilliseconds * 8) + TimestampLeap(packet));
        (ushort sequence, bool marker) = _headers[packet];
        Buffer.Receive(new SequenceNumber(sequence), new RtpTimestamp(timestamp), marker, PayloadType, _payload, (int)((Now - _nextPlay + periodMilliseconds) * 8));
    }

    private void Play()
    {
        _nextPlay += periodMilliseconds;
        Buffer.Begin();
        for (int filled = Stretch(); filled < _period.Length;)
        {
            JitterVerdict verdict = Buffer.Play(_period.AsSpan(filled), out byte payloadType, out int length);
            switch (verdict)
            {
                case JitterVerdict.Frame:
                    Assert.Equal(PayloadType, payloadType);
                    Check(filled / 8, (filled + length) / 8);
                    break;
                case JitterVerdict.Silence:
                    _silent += length;
                    break;
                case JitterVerdict.Leap:
                    Leaps++;
                    continue;
                case JitterVerdict.Missing:
                    break;
            }

            filled += length;
        }
    }

    /// <summary>Plays faster or slower if the buffer wishes it; returns how much of the period that fills.</summary>
    private int Stretch()
    {
        int change = int.Clamp(Buffer.Excess / 8 * 8, -GreatestChange, GreatestChange);
        if (change == 0 || Buffer.Ready(_period.Length) < int.Max(change, 1))
        {
            return 0;
        }

        for (int skipped = 0; skipped < change;)
        {
            Assert.Equal(JitterVerdict.Frame, Buffer.Play(_period.AsSpan(0, change - skipped), out _, out int length));
            skipped += length;
        }

        Buffer.Shorten(change);
        return int.Max(-change, 0);
    }

    private void Check(int first, int end)
    {
        for (int block = first; block < end; block++)
        {
            long played = BinaryPrimitives.ReadInt64BigEndian(_period.AsSpan(block * 8));
            Assert.True(played > _lastPlayed, $"block {played} after {_lastPlayed} at {Now} ms");
            _lastPlayed = played;
            (long packet, long offset) = long.DivRem(played, payloadMilliseconds);
            Delay = Now + block - (((packet + 1) * _packetInterval) + offset);
            GreatestDelay = double.Max(GreatestDelay, Delay);
            LeastDelay = double.Min(LeastDelay, Delay);
        }
    }
}
