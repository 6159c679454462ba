using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using IntercomAgent.Audio;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Net;
using IntercomAgent.Media;
using IntercomAgent.Station;
using IntercomAgent.Tests.Simulation.World;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntercomAgent.Tests.Simulation;

/// <summary>Whole agents, unmodified, in a simulated world: a house with a door and as many indoor stations as a test wants.</summary>
internal sealed class House : IDisposable
{
    public const string Code = "2580";

    private readonly List<Resident> _residents = [];

    public House(int seed)
    {
        Seed = seed;
        Machine = new SimulatedMachine(seed);
        Loop = new TurnLoop(Machine);
    }

    public int Seed { get; }

    public SimulatedMachine Machine { get; }

    public TurnLoop Loop { get; }

    /// <summary>
    /// Adds a station at 127.0.0.1, or wherever the machine is, whose port is 5060 for the first one and one more for each next one.
    /// </summary>
    public Resident Add(
        StationSettings station, Func<MediaConfiguration, MediaConfiguration>? media = null,
        IReadOnlyList<AccountConfiguration>? accounts = null, ILogger? logger = null, LineClock? clock = null,
        bool isAnywhere = false, TlsConfiguration? tls = null, SoundsConfiguration? sounds = null)
    {
        ushort port = (ushort)(5060 + _residents.Count);
        ProgrammedPanel panel = new();
        Tone voice = new(300 + (100 * _residents.Count));
        Ear ear = new();
        TimerAudioSettings sound = new(AudioStream.SampleRate, AudioStream.PacketSamples, voice, ear) { Clock = clock };
        StationDevices devices = new(sound, new ProgrammedPanelSettings(panel));
        DtlsIdentity identity = DtlsIdentity.Create(new MachineRandom(Machine), Machine.UnixTime / 1_000_000_000);
        AgentConfiguration configuration = Configure(NetworkEndpoint.FromIPv4(isAnywhere ? 0u : 0x7F000001u, port), station, media, accounts);
        configuration = configuration with { Sip = configuration.Sip with { Tls = tls }, Sounds = sounds ?? configuration.Sounds };
        AgentHost host = AgentHost.Open(Machine, Loop, configuration, devices, identity, logger ?? NullLogger.Instance, out string? problem)
            ?? throw new InvalidOperationException(problem);
        Resident resident = new(host, panel, voice, ear);
        _residents.Add(resident);
        return resident;
    }

    /// <summary>A door whose button rings the stations on these ports.</summary>
    public static StationSettings Door(RingOrder order, params int[] ports) => new()
    {
        Buttons = [new RingPlan(order, Array.ConvertAll(ports, port => new RingTarget($"sip:in@127.0.0.1:{port}", TimeSpan.FromSeconds(20))))],
        Codes = new CodeSettings { Codes = [new DoorCode("family", new Secret(Code))] },
        StrikePulse = TimeSpan.FromSeconds(2),
    };

    /// <summary>An indoor station that answers whoever calls, after some seconds.</summary>
    public static StationSettings Indoor(double answerAfter = 0) => new()
    {
        Incoming = new IncomingPolicy
        {
            Answers = true,
            Callers = [new CallerPattern("*")],
            AnswerAfter = TimeSpan.FromSeconds(answerAfter),
        },
    };

    /// <summary>Lets time pass.</summary>
    public void Run(double seconds) => RunUntil(() => false, seconds);

    /// <summary>Lets time pass until something holds; false if it does not within so many seconds.</summary>
    public bool RunUntil(Func<bool> holds, double seconds)
    {
        Instant latest = Loop.Now + TimeSpan.FromSeconds(seconds);
        while (!holds())
        {
            if (Loop.Now >= latest)
            {
                return false;
            }

            _ = Loop.Turn(latest);
        }

        return true;
    }

    /// <summary>Ends all stations; gives the number of ports that stay open, which must be none.</summary>
    public int End()
    {
        foreach (Resident resident in _residents)
        {
            resident.Host.End(Loop.Now);
        }

        // RFC 3261 section 17: after 64*T1 and T4 no transaction is left, whatever was lost.
        _ = RunUntil(() => _residents.TrueForAll(resident => resident.Host.IsQuiet), 40);
        Dispose();
        return Machine.OpenPorts;
    }

    public void Dispose() => _residents.ForEach(resident => resident.Host.Dispose());

    /// <summary>The configuration of a station at that address: what an empty file says, with more media ports and less patience.</summary>
    public static AgentConfiguration Configure(
        NetworkEndpoint local, StationSettings station, Func<MediaConfiguration, MediaConfiguration>? media = null,
        IReadOnlyList<AccountConfiguration>? accounts = null)
    {
        AgentConfiguration given = ConfigurationFile.Default();
        // The plainest codecs cost the least time in ten thousand calls.
        MediaConfiguration usual = given.Media with
        {
            Codecs = [AudioCodec.Pcmu, AudioCodec.Pcma],
            FirstPort = 20000,
            LastPort = 20999,
            PeerGone = TimeSpan.FromSeconds(10),
        };
        return given with
        {
            Sip = given.Sip with { Local = local, Accounts = accounts ?? [] },
            Media = media?.Invoke(usual) ?? usual,
            Station = station,
        };
    }
}

/// <summary>One station of the house and the people at it.</summary>
internal sealed record Resident(AgentHost Host, ProgrammedPanel Panel, Tone Voice, Ear Ear)
{
    public StationCalls Calls => Host.Calls;
}

/// <summary>Somebody who hums without end.</summary>
internal sealed class Tone(double hertz) : IAudioSource
{
    private long _sample;

    public double Hertz => hertz;

    public void Read(Span<short> samples)
    {
        for (int index = 0; index < samples.Length; index++)
        {
            samples[index] = (short)(8000 * Math.Sin(2 * Math.PI * hertz * _sample++ / AudioStream.SampleRate));
        }
    }
}

/// <summary>Somebody who listens for loudness and pitch.</summary>
internal sealed class Ear : IAudioSink
{
    private readonly LevelMeter _meter = new();
    private readonly List<short> _period = [];
    private readonly List<short> _second = [];

    /// <summary>Periods of 20 ms in which somebody was heard; what is played is halves of them, or whole ones.</summary>
    public int LoudPeriods { get; private set; }

    /// <summary>Called with the number of samples, whenever something is played.</summary>
    public Action<int>? Hears { get; set; }

    /// <summary>Zero crossings of the last second tell the pitch, in hertz.</summary>
    public double Pitch { get; private set; }

    public void Write(ReadOnlySpan<short> samples)
    {
        Hears?.Invoke(samples.Length);
        _period.AddRange(samples);
        _second.AddRange(samples);
        if (_period.Count >= AudioStream.PacketSamples)
        {
            _meter.Measure(CollectionsMarshal.AsSpan(_period));
            LoudPeriods += _meter.Level > -30 ? 1 : 0;
            _period.Clear();
        }

        if (_second.Count >= AudioStream.SampleRate)
        {
            int crossings = 0;
            for (int index = 1; index < _second.Count; index++)
            {
                crossings += _second[index - 1] < 0 && _second[index] >= 0 ? 1 : 0;
            }

            Pitch = crossings;
            _second.Clear();
        }
    }
}
