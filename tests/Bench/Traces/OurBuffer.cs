using System;
using IntercomAgent.Audio;
using IntercomAgent.Demo;
using IntercomAgent.Rtp;

namespace IntercomAgent.Tests.Bench.Traces;

/// <summary>The agent's jitter buffer with all that plays from it, on speech.</summary>
internal sealed class OurBuffer : ITracedBuffer, IPayloadDecoder
{
    private const int Period = 80;
    private const int Packet = 160;

    private readonly AdaptiveJitterBuffer _buffer = new(Period);
    private readonly JitterPlayer _player;
    private readonly PlayoutRate _rate = new(Period, 8000, 8000);
    private readonly short[] _samples = new short[2 * Period];
    private readonly short[] _period = new short[Period];
    private readonly byte[] _payload = new byte[Packet];
    private readonly short[] _speech;
    private long _concealed;
    private int _newest = -1;
    private long _lost;

    /// <summary>A buffer for a sender that says this again and again.</summary>
    public OurBuffer(short[] speech)
    {
        _speech = speech;
        _player = new JitterPlayer(_buffer, this, 2 * Period, 8000);
    }

    /// <summary>What it has counted.</summary>
    public JitterCounters Counters => _buffer.Counters;

    /// <inheritdoc/>
    public int Unheard => (int)Counters.Late + (int)(Counters.Dropped / 2);

    /// <summary>How it is at a moment, in seconds.</summary>
    public JitterMoment Moment(double now) => new(
        now, _buffer.Depth / (double)DelayControl.OctetsPerMillisecond, _buffer.Delay.TotalMilliseconds, _lost,
        Counters.Concealed * Period / DelayControl.OctetsPerMillisecond);

    /// <inheritdoc/>
    public void Receive(int packet, double elapsed)
    {
        for (int index = 0; index < Packet; index++)
        {
            _payload[index] = MuLaw.Encode(_speech[((packet * Packet) + index) % _speech.Length]);
        }

        _lost += int.Max(packet - _newest - 1, 0);
        _newest = int.Max(packet, _newest);
        int octets = (int)(elapsed * DelayControl.OctetsPerMillisecond);
        _buffer.Receive(new SequenceNumber((ushort)packet), new RtpTimestamp((uint)(packet * Packet)), packet == 0, 0, _payload, octets);
    }

    /// <inheritdoc/>
    public double? Play()
    {
        double place = _buffer.Next.Value / (double)DelayControl.OctetsPerMillisecond;
        Span<short> samples = _samples.AsSpan(0, _rate.Begin(_buffer.Correction));
        _player.Play(samples);
        _rate.Play(samples, _period);
        bool isHeard = _buffer.Counters is { Played: > 0 } counters && counters.Concealed == _concealed;
        _concealed = _buffer.Counters.Concealed;
        return isHeard ? place : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // It holds nothing.
    }

    void IPayloadDecoder.Decode(byte payloadType, ReadOnlySpan<byte> payload, RtpTimestamp at, Span<short> samples) => MuLaw.Decode(payload, samples);
}
