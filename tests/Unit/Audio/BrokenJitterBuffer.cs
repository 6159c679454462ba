using System;
using IntercomAgent.Audio;
using IntercomAgent.Rtp;

namespace IntercomAgent.Tests.Unit.Audio;

/// <summary>What is wrong with a jitter buffer, once a second.</summary>
public enum Fault
{
    Nothing,
    LeavesOutAPeriod,
    PlaysAPeriodTwice,
    LeavesSilence,
    LeavesOutASample,
    PlaysTooFast,
}

/// <summary>A jitter buffer that is broken on purpose, so that it shows whether a test hears it.</summary>
internal sealed class BrokenJitterBuffer(IJitterBuffer buffer, Fault fault, int period) : IJitterBuffer
{
    private readonly byte[] _lost = new byte[period];
    private readonly byte[] _kept = new byte[period];
    private int _periods;
    private bool _isDue;

    public TimeSpan Delay => buffer.Delay;

    public int Depth => buffer.Depth;

    public JitterCounters Counters => buffer.Counters;

    public double Correction => buffer.Correction;

    public int Excess => buffer.Excess;

    public RtpTimestamp Given => buffer.Given;

    public JitterGap Gap => buffer.Gap;

    public void Receive(
        SequenceNumber sequence, RtpTimestamp timestamp, bool marker, byte payloadType, ReadOnlySpan<byte> payload, int elapsed) =>
        buffer.Receive(sequence, timestamp, marker, payloadType, payload, elapsed);

    public void ReceivePause(SequenceNumber sequence, RtpTimestamp timestamp, int length) =>
        buffer.ReceivePause(sequence, timestamp, length);

    public void Begin()
    {
        _isDue = ++_periods % (8000 / period) == 0;
        buffer.Begin();
    }

    public int Ready(int limit) => buffer.Ready(limit);

    public JitterVerdict Play(Span<byte> payload, out byte payloadType, out int length)
    {
        if (_isDue && payload.Length == period)
        {
            _isDue = false;
            switch (fault)
            {
                case Fault.LeavesOutAPeriod:
                    _ = buffer.Play(_lost, out _, out _);
                    break;
                case Fault.LeavesOutASample:
                    _ = buffer.Play(_lost.AsSpan(0, 1), out _, out _);
                    break;
                case Fault.PlaysAPeriodTwice:
                    _kept.CopyTo(payload);
                    (payloadType, length) = (0, period);
                    return JitterVerdict.Frame;
                case Fault.LeavesSilence:
                    _ = buffer.Play(_lost, out payloadType, out length);
                    return JitterVerdict.Silence;
                case Fault.PlaysTooFast:
                case Fault.Nothing:
                    break;
            }
        }

        if (fault == Fault.PlaysTooFast && payload.Length >= 50)
        {
            // One octet in fifty is left out: two per cent.
            _ = buffer.Play(payload[..49], out payloadType, out length);
            return buffer.Play(_lost.AsSpan(0, 1), out _, out _);
        }

        JitterVerdict verdict = buffer.Play(payload, out payloadType, out length);
        if (length == period)
        {
            payload.CopyTo(_kept);
        }

        return verdict;
    }

    public void Shorten(int octets) => buffer.Shorten(octets);

    public void End(int left) => buffer.End(left);

    public void Reset() => buffer.Reset();
}
