using System;
using System.Collections.Generic;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Net;
using IntercomAgent.Media;
using IntercomAgent.Station;
using IntercomAgent.Tests.Simulation.World;

namespace IntercomAgent.Tests.Simulation.Walks;

/// <summary>
/// One station of a walk with the people at it: whole, unmodified, at an address of its own. Its voice carries a mark, and its ear knows
/// whose marks it may hear.
/// </summary>
internal sealed class Neighbour : IAudioSource, IAudioSink
{
    /// <summary>What each keeps open: signalling by datagrams and by connections, sound, panel, and news of the network.</summary>
    public const int Ports = 5;

    private readonly SimulatedMachine _machine;
    private readonly TurnLoop _loop;
    private readonly AgentConfiguration _configuration;
    private readonly DtlsIdentity _identity;
    private readonly StationDevices _devices;
    private readonly Dictionary<Mark, Visit> _visits;
    private int _lastVisit;
    private Visit? _visit;

    /// <param name="number">Its number in its world, below <see cref="Mark.Stations"/>.</param>
    /// <param name="machine">The world.</param>
    /// <param name="loop">The loop that all stations of the world live on.</param>
    /// <param name="settings">What it does.</param>
    /// <param name="identity">Its certificate and key.</param>
    /// <param name="visits">The visits of the world by their marks, shared by all its stations.</param>
    /// <param name="trace">Is told whose event happened, and what.</param>
    public Neighbour(
        int number, SimulatedMachine machine, TurnLoop loop, StationSettings settings, DtlsIdentity identity,
        Dictionary<Mark, Visit> visits, Action<string, string>? trace)
    {
        Number = number;
        Address = AddressOf(number);
        _machine = machine;
        _loop = loop;
        _identity = identity;
        _visits = visits;
        _configuration = House.Configure(Address, settings);
        _devices = new StationDevices(
            new TimerAudioSettings(AudioStream.SampleRate, AudioStream.PacketSamples, this, this), new ProgrammedPanelSettings(Panel));
        Witness = new Witness(Name, () => machine.Now, trace);
        Host = Open();
    }

    public int Number { get; }

    public string Name => $"station {Number}";

    /// <summary>Where it listens for SIP; its media ports have the same address.</summary>
    public NetworkEndpoint Address { get; }

    public ProgrammedPanel Panel { get; } = new();

    public Witness Witness { get; }

    public AgentHost Host { get; private set; }

    /// <summary>Right codes that were dialled here, each with whom it was meant for and when.</summary>
    public List<(int Door, long At)> RightCodes { get; } = [];

    /// <summary>The address of the station of that number.</summary>
    public static NetworkEndpoint AddressOf(int number) => NetworkEndpoint.FromIPv4(0x0A000001 + (uint)number, 5060);

    /// <summary>What to call to reach the station of that number.</summary>
    public static string UriOf(int number) => $"sip:in@{AddressOf(number)}";

    /// <summary>The number of the station that a URI, or a caller's address, belongs to; -1 for none.</summary>
    public static int NumberOf(string uri)
    {
        int at = uri.IndexOf("10.0.0.", StringComparison.Ordinal);
        int number = at < 0 ? -1 : uri[at + 7] - '1';
        return number is >= 0 and < Mark.Stations ? number : -1;
    }

    /// <summary>Presses the button.</summary>
    public void Press() => Panel.Press(0, _machine.Now);

    /// <summary>Somebody at the station hangs up the call that is up, if there is one.</summary>
    public void HangUp()
    {
        bool isTalking = Host.Calls.CurrentCall is not null;
        if (isTalking)
        {
            Witness.HungUpHere();
        }

        Host.Calls.HangUp(_loop.Now);
    }

    /// <summary>Takes its power away and gives it back: its ports close without a word and open with nothing known.</summary>
    public void Reboot()
    {
        Host.Dispose();
        Witness.PowerLost();
        Host = Open();
    }

    /// <summary>Follows what the station is busy with: each visit, from quiet to quiet, has a mark of its own.</summary>
    public void Follow()
    {
        if (Witness.Live.Count == 0)
        {
            if (_visit is not null)
            {
                _visit.EndedAt = _machine.Now;
                _visit = null;
            }

            return;
        }

        if (_visit is null)
        {
            _lastVisit = (_lastVisit + 1) % Mark.Visits;
            _visit = new Visit(new Mark(Number, _lastVisit));
            _visits[_visit.Mark] = _visit;
        }

        foreach (SeenCall call in Witness.Live.Values)
        {
            _visit.Peers |= NumberOf(call.Peer) is >= 0 and int peer ? 1 << peer : Visit.Unknown;
        }
    }

    public void Read(Span<short> samples)
    {
        Follow();
        samples.Fill(_visit?.Mark.Value ?? 0);
    }

    public void Write(ReadOnlySpan<short> samples)
    {
        if (!Mark.TryRead(samples, out Mark mark))
        {
            return;
        }

        SeenCall call = Witness.Talking ?? throw new ViolationException($"{Name} hears {mark}, but no call of it is up");
        if (call.SecuredAt == long.MaxValue)
        {
            throw new ViolationException($"{Name} hears {mark} in call {call.Number}, which is not secured");
        }

        // A bit of a caller's name may have been flipped on its way: who it is cannot be told then.
        int peer = NumberOf(call.Peer);
        if (peer >= 0 && mark.Station != peer)
        {
            throw new ViolationException($"{Name} hears {mark} in call {call.Number} with {call.Peer}");
        }

        Visit visit = _visits[mark];
        if ((visit.Peers & ((1 << Number) | Visit.Unknown)) == 0 || visit.EndedAt < call.BegunAt)
        {
            throw new ViolationException($"{Name} hears {mark}, which is of another call, in call {call.Number} with {call.Peer}");
        }

        call.Heard++;
    }

    private AgentHost Open() => AgentHost.Open(_machine, _loop, _configuration, _devices, _identity, Witness, out string? problem)
        ?? throw new ViolationException($"{Name} cannot open its ports: {problem}");
}

/// <summary>What lies between two moments at which a station is quiet.</summary>
internal sealed class Visit(Mark mark)
{
    /// <summary>The bit for a station that cannot be told.</summary>
    public const int Unknown = 1 << 7;

    public Mark Mark => mark;

    /// <summary>When it was over, in nanoseconds.</summary>
    public long EndedAt { get; set; } = long.MaxValue;

    /// <summary>A bit for each station that it called, or that called it.</summary>
    public int Peers { get; set; }
}
