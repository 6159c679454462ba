using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Media;
using IntercomAgent.Sdp;

namespace IntercomAgent.Tests.Unit.Media;

/// <summary>
/// A voice on its way through one direction of a call, on a clock moved by hand: from a sender whose clock is faster than the listener's,
/// over a network, into the listener's buffer and out of it. The sound that goes in is a function of the sender's time, so that what comes
/// out tells whether it is whole, and how long it took.
/// </summary>
internal sealed class DriftingCall
{
    public const int Rate = AudioStream.SampleRate;

    private const int MostUnderway = 64;

    private const double Packet = AudioStream.PacketSamples * 1e9 / Rate;

    private readonly AudioStream _sender = NewStream(1, AudioStream.PacketSamples);
    private readonly AudioStream _listener;
    private readonly PriorityQueue<byte[], double> _underway = new(MostUnderway);
    private readonly Stack<byte[]> _spare = new(Enumerable.Range(0, MostUnderway).Select(_ => new byte[12 + AudioStream.PacketSamples]));
    private readonly short[] _sound = new short[AudioStream.PacketSamples];
    private readonly Func<long, double> _voice;
    private readonly double _senderPacket;
    private readonly double _period;
    private long _sent;
    private long _played;
    private double _served;

    /// <summary>A call in which the sender's clock is faster by so many millionths.</summary>
    /// <param name="voice">The sound, by its sample's number.</param>
    /// <param name="driftPpm">By how much the sender's clock is faster.</param>
    /// <param name="playedSamples">Samples in a period of the listener.</param>
    public DriftingCall(Func<long, double> voice, double driftPpm, int playedSamples = AudioStream.PacketSamples)
    {
        _voice = voice;
        _senderPacket = Packet / (1 + (driftPpm / 1e6));
        _period = playedSamples * 1e9 / Rate;
        _listener = NewStream(2, playedSamples);
        Heard = new short[playedSamples];
    }

    /// <summary>How long the packet with that number travels, in milliseconds; negative for a loss.</summary>
    public Func<long, double> Network { get; set; } = _ => 25;

    /// <summary>How late the listener's loop serves a period, in milliseconds.</summary>
    public Func<double> Lateness { get; set; } = () => 0;

    /// <summary>Changes a packet on its way.</summary>
    public Action<long, byte[]>? Change { get; set; }

    public StreamCounters Counters => _listener.Counters;

    public JitterCounters Jitter => _listener.Jitter;

    /// <summary>Samples of the sender in the time of one of the listener's.</summary>
    public double SenderPace => Packet / _senderPacket;

    public double Correction => _listener.DriftCorrection;

    /// <summary>What was played last.</summary>
    public short[] Heard { get; }

    /// <summary>The listener's time at the first sample of <see cref="Heard"/>, in samples of the sender.</summary>
    public double HeardAt { get; private set; }

    /// <summary>
    /// Goes on to the next period that is played. The loop serves the audio clock first: what arrives while it is late is read after all
    /// periods that were due.
    /// </summary>
    public void Next()
    {
        // The clocks of the two begin at odds, as they do in life.
        double due = (_played + 0.37) * _period;
        while (true)
        {
            double send = (_sent + 1) * _senderPacket;
            double arrival = _underway.TryPeek(out _, out double time) ? double.Max(time, _served) : double.MaxValue;
            if (double.Min(send, arrival) >= due)
            {
                break;
            }

            if (send <= arrival)
            {
                Send(send);
            }
            else
            {
                byte[] packet = _underway.Dequeue();
                _ = _listener.Receive(packet, new Instant((long)arrival));
                _spare.Push(packet);
            }
        }

        _served = double.Max(due + (Lateness() * 1e6), _served);
        _listener.Play(Heard, new Instant((long)_served));
        HeardAt = due / _senderPacket * AudioStream.PacketSamples;
        _played++;
    }

    private void Send(double now)
    {
        for (int index = 0; index < _sound.Length; index++)
        {
            _sound[index] = (short)double.Round(_voice((_sent * AudioStream.PacketSamples) + index));
        }

        byte[] packet = _spare.Pop();
        _ = _sender.WritePacket(_sound, packet, new Instant((long)now));
        double delay = Network(_sent);
        Change?.Invoke(_sent, packet);
        _sent++;
        if (delay >= 0)
        {
            _underway.Enqueue(packet, now + (delay * 1e6));
        }
        else
        {
            _spare.Push(packet);
        }
    }

    private static AudioStream NewStream(int seed, int playedSamples)
    {
        PayloadFormat format = new(0, AudioCodec.Pcmu);
        AudioStream stream = new(new SeededRandom(seed), playedSamples);
        stream.Configure(
            new AudioAgreement
            {
                Remote = NetworkEndpoint.FromIPv4(0xC0000201, 20_000),
                RemoteControl = null,
                Codec = AudioCodec.Pcmu,
                SendPayloadType = format.PayloadType,
                ReceivePayloadType = format.PayloadType,
                ReceiveFormats = [format],
                SendEvents = null,
                ReceiveEvents = [],
                Direction = MediaDirection.SendReceive,
                Keying = MediaKeying.None,
                Keys = null,
                RtcpMux = true,
                IsDtlsClient = null,
                RemoteFingerprints = [],
                RemoteTlsId = null,
                IsNewAssociation = false,
            },
            Instant.Zero);
        return stream;
    }
}
