using System;
using System.Collections.Generic;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;
using IntercomAgent.Tests.Unit.Gpio;

namespace IntercomAgent.Tests.Simulation.World;

/// <summary>
/// A world without hardware, kernel or real time, in which the whole agent runs unmodified. Time passes only while somebody waits,
/// straight to the next thing that happens; all chance comes from one seed, so a run can be repeated exactly.
/// </summary>
internal sealed class SimulatedMachine : IMachine
{
    private const long Origin = 1_000_000_000;
    private const long OriginUnixTime = 1_800_000_000_000_000_000;

    private readonly Random _random;
    private readonly List<SimulatedAudio> _audio = [];
    private readonly List<SimulatedPanel> _panels = [];
    private readonly List<SimulatedWatch> _watches = [];
    private readonly PriorityQueue<Action, (long At, long Order)> _acts = new();
    private readonly List<Readiness> _ready = [];
    private readonly SimulatedLoop _loop;
    private SimulatedSignals? _signals;
    private long _order;
    private long _restsSince;

    public SimulatedMachine(int seed)
    {
        _random = new Random(seed);
        _loop = new SimulatedLoop(this);
        Network = new SimulatedNetwork(new Random(seed ^ 0x5EED));
        Streams = new SimulatedStreams(new Random(seed ^ 0x57EA));
    }

    public SimulatedNetwork Network { get; }

    public SimulatedStreams Streams { get; }

    /// <summary>The board's lines, where a test has some.</summary>
    public GpioDouble? Gpio { get; set; }

    public long Now { get; private set; } = Origin;

    public long UnixTime => OriginUnixTime + Now;

    /// <summary>By how many parts per million the sound devices opened from now on are fast.</summary>
    public double AudioDrift { get; set; }

    /// <summary>
    /// Whether the clocks of all sound devices stand still: for tests that look at a call's other events one by one. When they go on,
    /// they have missed nothing.
    /// </summary>
    public bool AudioRests
    {
        get;
        set
        {
            AudioRested += field && !value ? Now - _restsSince : 0;
            _restsSince = !field && value ? Now : _restsSince;
            field = value;
        }
    }

    /// <summary>For how long they have stood still, in nanoseconds, up to the last time that they went on.</summary>
    public long AudioRested { get; private set; }

    /// <summary>Why no sound device can be opened now; null when one can.</summary>
    public string? AudioProblem { get; set; }

    /// <summary>What happens to the sound devices and was not told to anybody yet.</summary>
    public Queue<AudioIncident> AudioIncidents { get; } = new();

    /// <summary>What the sound devices have counted.</summary>
    public AudioCounters AudioCounters { get; set; }

    /// <summary>Whether the sound devices have no microphone.</summary>
    public bool HasNoMicrophone { get; set; }

    /// <summary>Lets somebody act when datagrams have reached their sockets but the turn that serves them has not begun.</summary>
    public Action? BeforeServing { get; set; }

    /// <summary>Ports that are still open: what an agent that has ended must bring to zero.</summary>
    public int OpenPorts => Network.OpenSockets + Streams.OpenPorts + _audio.Count + _panels.Count + _watches.Count + _loop.OpenPorts + (_signals is null ? 0 : 1);

    public long ReadClock() => Now;

    /// <summary>Lets a person act at a moment that lies this far from now.</summary>
    public void After(TimeSpan delay, Action act) => _acts.Enqueue(act, (Now + (delay.Ticks * 100), _order++));

    /// <summary>Something holds the loop up for so long.</summary>
    public void Stall(TimeSpan time) => Now += time.Ticks * 100;

    public void Raise(Signal signal) => (_signals ?? throw new InvalidOperationException("Nobody listens for signals.")).Raise(signal);

    public int Wait(long wakeAt, Span<Readiness> ready)
    {
        CollectReady();
        if (_ready.Count == 0)
        {
            long next = Math.Min(Math.Min(Math.Min(wakeAt, Network.NextArrival), Streams.NextArrival), _loop.DueAt);
            foreach (SimulatedAudio device in _audio)
            {
                next = Math.Min(next, device.NextPeriod);
            }

            if (_acts.TryPeek(out _, out (long At, long Order) act))
            {
                next = Math.Min(next, act.At);
            }

            if (next == long.MaxValue)
            {
                throw new InvalidOperationException("Everybody waits for ever: nothing is due, under way or planned.");
            }

            Now = Math.Max(Now, next);
            Network.Deliver(Now);
            Streams.Deliver(Now);
            while (_acts.TryPeek(out _, out (long At, long Order) due) && due.At <= Now)
            {
                _acts.Dequeue()();
            }

            CollectReady();
        }

        BeforeServing?.Invoke();
        _ready.Sort(static (left, right) => left.Class.CompareTo(right.Class));
        int count = Math.Min(ready.Length, _ready.Count);
        for (int index = 0; index < count; index++)
        {
            ready[index] = _ready[index];
        }

        return count;
    }

    public IDatagramSocket? OpenDatagramSocket(NetworkEndpoint local, Readiness readiness, out string? problem)
    {
        SimulatedSocket? socket = Network.Open(local, readiness, () => Now);
        problem = socket is null ? $"cannot bind {local}: address already in use" : null;
        return socket;
    }

    public IStreamListener? OpenStreamListener(NetworkEndpoint local, Readiness readiness, out string? problem)
    {
        SimulatedListener? listener = Streams.Listen(local, readiness);
        problem = listener is null ? $"cannot listen at {local} for TCP: address already in use" : null;
        return listener;
    }

    public IStreamConnection? ConnectStream(NetworkEndpoint remote, Readiness readiness, out string? problem)
    {
        problem = null;
        return Streams.Connect(remote, readiness, () => Now);
    }

    public IAudioDevice? OpenAudioDevice(AudioDeviceSettings settings, Readiness readiness, out string? problem)
    {
        problem = AudioProblem;
        if (problem is not null)
        {
            return null;
        }

        TimerAudioSettings timer = (TimerAudioSettings)settings;
        if (timer.Clock is not null)
        {
            GpioDouble board = Gpio ?? throw new InvalidOperationException("The board has no lines.");
            EdgeClock? clock = EdgeClock.Open(board, _loop, timer, timer.Clock, readiness, out problem);
            return clock is null ? null : new TimerAudioDevice(timer, clock, _loop, readiness);
        }

        SimulatedAudio device = new(timer, readiness, this, AudioDrift);
        _audio.Add(device);
        return device;
    }

    public IDoorPanel? OpenDoorPanel(DoorPanelSettings settings, Readiness readiness, out string? problem)
    {
        problem = null;
        SimulatedPanel panel = new(((ProgrammedPanelSettings)settings).Panel, readiness, this);
        _panels.Add(panel);
        return panel;
    }

    public ISignalPort OpenSignals(Readiness readiness) => _signals = new SimulatedSignals(readiness, this);

    public NetworkEndpoint? FindLocalAddress(NetworkEndpoint remote) => Network.Here;

    public INetworkWatch? OpenNetworkWatch(Readiness readiness, out string? problem)
    {
        problem = null;
        SimulatedWatch watch = new(readiness, this);
        _watches.Add(watch);
        return watch;
    }

    /// <summary>The cable is pulled: nobody at the machine's address hears or is heard.</summary>
    public void CutLink()
    {
        _ = Network.Here is { } here && Network.Gone.Add(here.Address);
        Network.Here = null;
        _watches.ForEach(static watch => watch.Happened.Enqueue(NetworkChange.Other));
    }

    /// <summary>The link is there, with this address; a former one is gone.</summary>
    public void RestoreLink(NetworkEndpoint address)
    {
        _ = Network.Here is { } here && here != address && Network.Gone.Add(here.Address);
        _ = Network.Gone.Remove(address.Address);
        NetworkChange change = Network.Here is null ? NetworkChange.LinkReturned : NetworkChange.Other;
        Network.Here = address;
        _watches.ForEach(watch => watch.Happened.Enqueue(change));
    }

    /// <summary>The files of the system that say whom to ask for names, and which names are known.</summary>
    public Dictionary<string, string> SystemFiles { get; } = [];

    public string ReadSystemFile(string path) => SystemFiles.GetValueOrDefault(path, "");

    public void FillRandom(Span<byte> destination) => _random.NextBytes(destination);

    public void Close(SimulatedAudio device) => _audio.Remove(device);

    private void CollectReady()
    {
        _ready.Clear();
        Network.AddReady(_ready);
        Streams.AddReady(_ready);
        _loop.AddReady(_ready);
        foreach (SimulatedAudio device in _audio)
        {
            if (device.NextPeriod <= Now)
            {
                _ready.Add(device.Readiness);
            }
        }

        foreach (SimulatedPanel panel in _panels)
        {
            if (panel.Panel.Pending > 0)
            {
                _ready.Add(panel.Readiness);
            }
        }

        foreach (SimulatedWatch watch in _watches)
        {
            if (watch.Happened.Count > 0)
            {
                _ready.Add(watch.Readiness);
            }
        }

        if (_signals?.Pending > 0)
        {
            _ready.Add(_signals.Readiness);
        }
    }

    private sealed class SimulatedPanel(ProgrammedPanel panel, Readiness readiness, SimulatedMachine machine) : IDoorPanel
    {
        public ProgrammedPanel Panel => panel;

        public Readiness Readiness => readiness;

        public bool TryRead(out PanelEvent happened) => panel.TryRead(out happened);

        public void Set(PanelOutput output, bool on) => panel.Set(output, on);

        public void Dispose()
        {
            panel.Rest();
            machine._panels.Remove(this);
        }
    }

    private sealed class SimulatedWatch(Readiness readiness, SimulatedMachine machine) : INetworkWatch
    {
        public Readiness Readiness => readiness;

        public Queue<NetworkChange> Happened { get; } = new();

        public bool TryTake(out NetworkChange change) => Happened.TryDequeue(out change);

        public void Dispose() => machine._watches.Remove(this);
    }

    private sealed class SimulatedSignals(Readiness readiness, SimulatedMachine machine) : ISignalPort
    {
        private readonly Queue<Signal> _raised = new();

        public Readiness Readiness => readiness;

        public int Pending => _raised.Count;

        public void Raise(Signal signal) => _raised.Enqueue(signal);

        public bool TryRead(out Signal signal) => _raised.TryDequeue(out signal);

        public void Dispose() => machine._signals = null;
    }
}
