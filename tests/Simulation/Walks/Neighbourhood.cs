using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Calls;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using IntercomAgent.Tests.Simulation.World;

namespace IntercomAgent.Tests.Simulation.Walks;

/// <summary>
/// One world of the random walk: two to six stations, the people at them, the weather between them and, in some worlds, a forger. All
/// of it follows from one seed.
/// <para>
/// People act between any two turns of the loop: after a random time and then a random number of turns, since a turn may serve a
/// datagram, a timer or one public-key operation without any time passing.
/// </para>
/// </summary>
internal sealed partial class Neighbourhood : IDisposable
{
    /// <summary>
    /// How long it may take until nothing is left: a call limit, the timers of RFC 3261 section 17 for an INVITE and for the BYE after
    /// it, 32 s each, and the 60 s for which wrong codes are remembered.
    /// </summary>
    private static readonly TimeSpan QuietLimit = TimeSpan.FromSeconds(300);

    private readonly Random _random;
    private readonly SimulatedMachine _machine;
    private readonly TurnLoop _loop;
    private readonly Neighbour[] _stations;
    private readonly Forger? _forger;
    private readonly Action<string, string>? _trace;
    private readonly Dictionary<Mark, Visit> _visits = [];
    private readonly bool _isRough;
    private readonly bool _hasPowerCuts;

    public Neighbourhood(int seed, DtlsIdentity[] identities, Action<string, string>? trace)
    {
        _random = new Random(seed);
        _machine = new SimulatedMachine(_random.Next());
        _loop = new TurnLoop(_machine);
        _trace = trace;
        _isRough = _random.Next(2) == 0;
        _hasPowerCuts = _random.Next(3) == 0;
        _forger = _random.Next(3) == 0 ? new Forger(_machine.Network, new Random(_random.Next())) : null;
        int count = _random.Next(2, Mark.Stations + 1);
        _machine.Network.Swallows = Watch;
        _machine.Network.Rewrites = _isRough ? Corrupt : null;
        for (int from = 0; from < count; from++)
        {
            for (int to = 0; to < count; to++)
            {
                SetWeather(from, to);
            }
        }

        _stations = new Neighbour[count];
        _nextPress = new long[count];
        for (int number = 0; number < count; number++)
        {
            _stations[number] = new Neighbour(number, _machine, _loop, Settings(number, count), identities[number], _visits, trace);
            _nextPress[number] = _machine.Now + Milliseconds(_random.Next(1000));
        }
    }

    /// <summary>The world.</summary>
    public SimulatedMachine Machine => _machine;

    /// <summary>Calls placed so far.</summary>
    public int Placed => _stations.Sum(station => station.Witness.Placed);

    /// <summary>What the stations saw.</summary>
    public IEnumerable<Witness> Witnesses => _stations.Select(station => station.Witness);

    /// <summary>How often a strike opened.</summary>
    public int Strikes => _stations.Sum(station => station.Panel.StrikeOpenings);

    /// <summary>Datagrams that were sent.</summary>
    public long Datagrams => _machine.Network.Sent;

    /// <summary>
    /// By how much, in bytes, a station has grown between half of the calls and all of them, when all was quiet each time. Null in a world
    /// with power cuts: the loop's list keeps the stations that were cut off.
    /// </summary>
    public long? MemoryGrowth { get; private set; }

    /// <summary>Lets people act until so many calls were placed, and twice waits until nothing is left of them.</summary>
    /// <exception cref="ViolationException">Something happened that must never happen.</exception>
    public void Run(int calls)
    {
        LiveUntil(calls / 2);
        long half = GC.GetTotalMemory(forceFullCollection: true);
        LiveUntil(calls);
        MemoryGrowth = _hasPowerCuts ? null : (GC.GetTotalMemory(forceFullCollection: true) - half) / _stations.Length;
    }

    public void Dispose()
    {
        foreach (Neighbour station in _stations)
        {
            station.Host.Dispose();
        }
    }

    private void LiveUntil(int calls)
    {
        while (Placed < calls)
        {
            _ = _loop.Turn(_loop.Now + TimeSpan.FromMilliseconds(20));
            LookAround();
            LetPeopleAct();
        }

        BecomeQuiet();
    }

    private StationSettings Settings(int number, int count)
    {
        int[] others = [.. Enumerable.Range(0, count).Where(other => other != number)];
        _random.Shuffle(others);
        RingTarget[] targets = [.. others.Take(_random.Next(1, count)).Select(
            other => new RingTarget(Neighbour.UriOf(other), TimeSpan.FromSeconds(_random.Next(1, 10))))];
        return new StationSettings
        {
            Buttons = [new RingPlan(_random.Next(2) == 0 ? RingOrder.All : RingOrder.InOrder, targets)],
            ButtonRest = TimeSpan.FromMilliseconds(20),
            ButtonHangsUp = _random.Next(4) != 0,
            RingLimit = TimeSpan.FromSeconds(15),
            CallLimit = TimeSpan.FromSeconds(_random.Next(5, 30)),
            Codes = new CodeSettings { Codes = [new DoorCode("family", new Secret(House.Code))], WrongEntries = 10 },
            StrikePulse = TimeSpan.FromSeconds(1),
            Incoming = new IncomingPolicy
            {
                Answers = _random.Next(8) != 0,
                Callers = [new CallerPattern("*")],
                AnswerAfter = _random.Next(3) == 0 ? TimeSpan.FromMilliseconds(_random.Next(1, 2000)) : TimeSpan.Zero,
            },
        };
    }

    private void SetWeather(int from, int to)
    {
        Weather weather = _random.Next(_isRough ? 5 : 3) switch
        {
            0 or 1 => new Weather(TimeSpan.FromMilliseconds(1), TimeSpan.FromMicroseconds(200), 0, 0, 0),
            2 => new Weather(TimeSpan.FromMilliseconds(_random.Next(60)), TimeSpan.FromMilliseconds(10), 0.02, 0.01, 0),
            3 => new Weather(TimeSpan.FromMilliseconds(15), TimeSpan.FromMilliseconds(_random.Next(60)), 0.15, 0.1, 0),
            _ => new Weather(TimeSpan.FromMilliseconds(_random.Next(200)), TimeSpan.FromMilliseconds(100), 0.4, 0.2, 0),
        };
        _machine.Network.SetPath(Neighbour.AddressOf(from), Neighbour.AddressOf(to), weather);
    }

    private byte[] Corrupt(byte[] bytes) => _random.Next(100) == 0 ? Forger.Flip(bytes, _random) : bytes;

    private bool Watch(NetworkEndpoint from, NetworkEndpoint to, byte[] bytes)
    {
        _forger?.See(bytes, from, to);
        _trace?.Invoke("network", $"{from} -> {to} {Describe(bytes)}");
        return false;
    }

    /// <summary>A datagram in few words, for a trace.</summary>
    public static string Describe(byte[] bytes) => bytes switch
    {
        [>= 20 and <= 63, ..] => $"DTLS, {bytes.Length} bytes",
        [>= 128 and <= 191, ..] => $"media, {bytes.Length} bytes",
        _ => string.Concat(bytes.TakeWhile(octet => octet is >= 32 and < 127).Take(60).Select(octet => (char)octet)),
    };

    private void LookAround()
    {
        foreach (Neighbour station in _stations)
        {
            SeenCall? before = station.Witness.Talking;
            station.Follow();
            CheckStrike(station);
            if (before is not null)
            {
                CheckHearing(station, before);
            }
        }
    }

    /// <summary>Both ends are secured and nothing is in the way: then each hears the other.</summary>
    private void CheckHearing(Neighbour station, SeenCall call)
    {
        SeenCall? other = Find(call.Peer)?.Witness.Talking;
        const long Enough = 3_000_000_000;
        if (other is not null && Neighbour.NumberOf(other.Peer) == station.Number && call.Heard == 0
            && !_isRough && _forger is null && !call.IsDisturbed && !other.IsDisturbed
            && _machine.Now - Enough > call.SecuredAt && _machine.Now - Enough > other.SecuredAt)
        {
            throw new ViolationException($"{station.Name} does not hear {call.Peer}, though both ends are secured");
        }
    }

    private void CheckStrike(Neighbour station)
    {
        int strikes = station.Witness.TakeStrikes();
        if (strikes == 0)
        {
            return;
        }

        // A code is authorised when whom we talk with has dialled it in this call; each opens the door once.
        SeenCall? call = station.Witness.Talking;
        Neighbour? caller = call is null ? null : Find(call.Peer);
        int index = caller is null ? -1 : caller.RightCodes.FindIndex(code => code.Door == station.Number && code.At >= call!.BegunAt);
        if (strikes > 1 || index < 0)
        {
            throw new ViolationException($"{station.Name} opened its door to nobody");
        }

        caller!.RightCodes.RemoveAt(index);
    }

    /// <summary>The station that a URI, or a caller's address, belongs to.</summary>
    private Neighbour? Find(string uri) => Array.Find(_stations, station => station.Number == Neighbour.NumberOf(uri));

    private void BecomeQuiet()
    {
        Tell(null, "everybody goes to bed");
        Instant latest = _loop.Now + QuietLimit;
        while (!Array.TrueForAll(_stations, IsQuiet) || _machine.Network.NextArrival != long.MaxValue)
        {
            if (_loop.Now >= latest)
            {
                throw new ViolationException(string.Join("; ", _stations.Where(station => !IsQuiet(station)).Select(Leftovers)));
            }

            _ = _loop.Turn(latest);
            LookAround();
        }

        long sent = _machine.Network.Sent;
        Instant end = _loop.Now + TimeSpan.FromSeconds(5);
        while (_loop.Now < end)
        {
            _ = _loop.Turn(end);
        }

        if (_machine.Network.Sent != sent)
        {
            throw new ViolationException($"{_machine.Network.Sent - sent} datagrams were sent by what has ended");
        }

        if (_machine.OpenPorts != _stations.Length * Neighbour.Ports)
        {
            throw new ViolationException($"{_machine.OpenPorts - (_stations.Length * Neighbour.Ports)} ports were left open");
        }
    }

    private static bool IsQuiet(Neighbour station) => station.Host.State == StationState.Quiet
        && station.Host.Alive == default(LiveCounts)
        && station.Host.WakeAt == Instant.Never
        && !station.Host.HasWork
        && !station.Panel.StrikeOpen
        && station.Witness.Live.Count == 0;

    private static string Leftovers(Neighbour station) => $"{station.Name} is {station.Host.State} and does not become quiet: "
        + $"{station.Host.Alive}, {station.Witness.Live.Count} calls without an end, wakes at {station.Host.WakeAt}";

    private void Tell(Neighbour? station, string what) => _trace?.Invoke(station?.Name ?? "people", what);

    private static long Milliseconds(double milliseconds) => (long)(milliseconds * 1_000_000);
}
