using System;
using System.Collections.Generic;
using IntercomAgent.Audio;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Net;
using IntercomAgent.Media;
using IntercomAgent.Rtp;
using IntercomAgent.Station;
using IntercomAgent.Tests.Simulation.World;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntercomAgent.Tests.Simulation.Sound;

/// <summary>
/// An encrypted call of two whole agents on virtual time, in which the visitor speaks once and the house listens. The packets of the speech
/// go over a network that is told packet by packet; everything else goes as it should.
/// </summary>
internal sealed class SpokenCall : IDisposable
{
    private const int FirstIndoorPort = 21_000;
    private const double PeriodSeconds = (double)AudioStream.PacketSamples / AudioStream.SampleRate;

    private readonly SimulatedMachine _machine;
    private readonly TurnLoop _loop;
    private readonly ProgrammedPanel _button = new();
    private readonly Voice _voice;
    private readonly Ear _ear;
    private readonly AgentHost _door;
    private readonly AgentHost _indoor;
    private readonly Func<long, double> _network;
    private readonly double _drift;
    private readonly int _sampleRate;
    private readonly List<int> _lost = [];
    private long _packets;

    /// <summary>A call that nobody has made yet.</summary>
    /// <param name="codec">The only codec of both.</param>
    /// <param name="speech">What the visitor says.</param>
    /// <param name="sampleRate">Samples a second of that, and of microphone and loudspeaker.</param>
    /// <param name="network">How many milliseconds the visitor's packet with that number is under way; negative for a loss.</param>
    /// <param name="driftPpm">By how many millionths the visitor's clock is faster.</param>
    /// <param name="seed">What all chance of the world but the network's is drawn with.</param>
    public SpokenCall(AudioCodec codec, short[] speech, int sampleRate, Func<long, double> network, double driftPpm, int seed)
    {
        _machine = new SimulatedMachine(seed);
        _loop = new TurnLoop(_machine);
        _voice = new Voice(speech);
        _ear = new Ear(sampleRate, _machine.ReadClock, () => IsSpeaking ? Listener?.Stream.Delay.TotalMilliseconds : null);
        _network = network;
        _drift = driftPpm;
        _sampleRate = sampleRate;
        _door = Open(codec, House.Door(RingOrder.InOrder, 5061), 5060, FirstIndoorPort - 1000, _voice, new DiscardSink(), driftPpm);
        _indoor = Open(codec, House.Indoor(), 5061, FirstIndoorPort, new SilenceSource(), _ear, 0);
        _machine.Network.Swallows = Carry;
    }

    private bool IsSpeaking => _voice.Next > 0 && !_voice.IsDone;

    private Calls.CallReport? Listener => _indoor.Calls.CurrentCall;

    /// <summary>Lets the visitor ring, be heard, and say it all; gives what was heard from when it began to be said.</summary>
    /// <param name="slip">How far the delay may move either way, in milliseconds.</param>
    public SpeechScore Run(int slip = 60)
    {
        _button.Press(0, _machine.Now);
        RunUntil(() => Listener is { Stream.PacketsReceived: > 100 }, 10);
        _voice.Speak();
        RunUntil(() => _voice.Next > 0, 1);

        // What is captured at a moment was said in the period before it.
        double saidAt = (_machine.Now / 1e9) - (PeriodSeconds * (1 - (_drift / 1e6)));
        int from = _ear.Heard.Count;
        double heardFrom = _ear.NextAt;
        RunUntil(() => _voice.IsDone, 120);
        double end = (_machine.Now / 1e9) + 1;
        RunUntil(() => _machine.Now / 1e9 >= end, 2);

        return new SpeechScore(_voice.Speech, [.. _ear.Heard[from..]], _sampleRate, slip)
        {
            HeardLater = (heardFrom - saidAt) * 1000,
            DriftPpm = _drift,
            Waited = _ear.Waited,
            Lost = _lost,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _door.Dispose();
        _indoor.Dispose();
    }

    private AgentHost Open(
        AudioCodec codec, StationSettings station, ushort port, int mediaPort, IAudioSource microphone, IAudioSink loudspeaker,
        double drift)
    {
        TimerAudioSettings sound = new(_sampleRate, (int)(_sampleRate * PeriodSeconds), microphone, loudspeaker);
        AgentConfiguration configuration = House.Configure(
            NetworkEndpoint.FromIPv4(0x7F000001, port), station,
            media => media with { Codecs = [codec], FirstPort = (ushort)mediaPort, LastPort = (ushort)(mediaPort + 9) });
        DtlsIdentity identity = DtlsIdentity.Create(new MachineRandom(_machine), _machine.UnixTime / 1_000_000_000);
        _machine.AudioDrift = drift;
        return AgentHost.Open(
            _machine, _loop, configuration, new StationDevices(sound, new ProgrammedPanelSettings(_button)), identity, NullLogger.Instance,
            out string? problem) ?? throw new InvalidOperationException(problem);
    }

    /// <summary>Takes the visitor's sound off the world's network and carries it as this one does.</summary>
    private bool Carry(NetworkEndpoint from, NetworkEndpoint to, byte[] datagram)
    {
        if (from.Port >= FirstIndoorPort || MediaDatagram.Classify(datagram) != MediaDatagramKind.Rtp)
        {
            return false;
        }

        double delay = _network(_packets++);
        if (delay >= 0)
        {
            _machine.Network.Forge(datagram, from, to, _machine.Now + (long)(delay * 1e6));
        }
        else if (IsSpeaking)
        {
            _lost.Add(_voice.Next - (int)(_sampleRate * PeriodSeconds));
        }

        return true;
    }

    private void RunUntil(Func<bool> holds, double seconds)
    {
        Instant latest = _loop.Now + TimeSpan.FromSeconds(seconds);
        while (!holds())
        {
            if (_loop.Now >= latest)
            {
                throw new InvalidOperationException($"Nothing came of the call in {seconds} s.");
            }

            _ = _loop.Turn(latest);
        }
    }

    private sealed class Voice(short[] speech) : IAudioSource
    {
        private bool _isAsked;

        public short[] Speech => speech;

        /// <summary>The next sample that is said.</summary>
        public int Next { get; private set; }

        public bool IsDone => Next == speech.Length;

        public void Speak() => _isAsked = true;

        public void Read(Span<short> samples)
        {
            int count = _isAsked ? int.Min(samples.Length, speech.Length - Next) : 0;
            speech.AsSpan(Next, count).CopyTo(samples);
            samples[count..].Clear();
            Next += count;
        }
    }

    /// <summary>Listens to everything, and asks each time how long sound waits just then; null while that does not count.</summary>
    private sealed class Ear(int sampleRate, Func<long> clock, Func<double?> waits) : IAudioSink
    {
        private double _sum;
        private int _count;

        public List<short> Heard { get; } = [];

        /// <summary>When what comes next begins to be heard, in seconds.</summary>
        public double NextAt { get; private set; }

        public double Waited => _sum / _count;

        public void Write(ReadOnlySpan<short> samples)
        {
            Heard.AddRange(samples);
            NextAt = (clock() / 1e9) + ((double)samples.Length / sampleRate);
            if (waits() is { } waiting)
            {
                _sum += waiting;
                _count++;
            }
        }
    }
}
