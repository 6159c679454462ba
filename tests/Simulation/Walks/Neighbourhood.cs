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
internal sealed class Neighbourhood : IDisposable
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
    private readonly PriorityQueue<Plan, (long At, long Order)> _plans = new();
    private readonly List<Plan> _next = [];
    private readonly Dictionary<Mark, Visit> _visits = [];
    private readonly long[] _nextPress;
    private readonly bool _isRough;
    private long _order;

    private sealed record Plan(Action Act)
    {
        public int Turns { get; set; }
    }

    public Neighbourhood(int seed, DtlsIdentity[] identities, Action<string, string>? trace)
    {
        _random = new Random(seed);
        _machine = new SimulatedMachine(_random.Next());
        _loop = new TurnLoop(_machine);
        _trace = trace;
        _isRough = _random.Next(2) == 0;
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

    /// <summary>Lets people act until so many calls were placed, and then waits until nothing is left of them.</summary>
    /// <exception cref="ViolationException">Something happened that must never happen.</exception>
    public void Run(int calls)
    {
        while (Placed < calls)
        {
            _loop.Turn(_loop.Now + TimeSpan.FromMilliseconds(20));
            LookAround();
            LetPeopleAct();
        }

        BecomeQuiet();
    }

    public void Dispose()
    {
        foreach (Neighbour station in _stations)
        {
            station.Host.Dispose();
        }
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

    private void LetPeopleAct()
    {
        while (_plans.TryPeek(out Plan? plan, out (long At, long Order) due) && due.At <= _machine.Now)
        {
            _next.Add(_plans.Dequeue());
        }

        for (int index = _next.Count - 1; index >= 0; index--)
        {
            if (_next[index].Turns-- <= 0)
            {
                Plan plan = _next[index];
                _next.RemoveAt(index);
                plan.Act();
            }
        }

        foreach (Neighbour station in _stations)
        {
            if (_machine.Now >= _nextPress[station.Number])
            {
                _nextPress[station.Number] = _machine.Now + Milliseconds(_random.Next(50, 2500));
                Press(station);
            }
        }

        if (_forger is not null && _random.Next(6) == 0)
        {
            _forger.Strike(_machine.Now);
        }
    }

    /// <summary>Somebody presses the button and will, now or later, do what people do.</summary>
    private void Press(Neighbour station)
    {
        Tell(station, "presses the button");
        station.Press();
        Neighbour other = _stations[_random.Next(_stations.Length)];
        switch (_random.Next(12))
        {
            case 0 or 1 or 2:
                Later(20, () => HangUp(station));
                break;
            case 3 or 4:
                Later(20, () => HangUp(other));
                break;
            case 5:
                // Both hang up, in the same turn or close to it.
                int delay = _random.Next(40);
                AfterMilliseconds(delay, () => HangUp(station));
                AfterMilliseconds(delay, () => HangUp(other));
                break;
            case 6:
                Later(300, () => HangUp(station));
                break;
            case 7:
                Later(300, () => PressAgain(station));
                break;
            case 8:
                Later(1500, () => HangUp(other));
                break;
            default:
                LetSomethingHappen(station, other);
                break;
        }
    }

    private void LetSomethingHappen(Neighbour station, Neighbour other)
    {
        switch (_random.Next(10))
        {
            case 0 or 1 or 2:
                Later(1000, () => Dial(House.Code));
                break;
            case 3:
                Later(1000, () => Dial("2581"));
                break;
            case 4 or 5:
                Neighbour holder = _random.Next(2) == 0 ? station : other;
                Later(500, () => Hold(holder, hold: true));
                Later(1000, () => Hold(holder, hold: false));
                break;
            case 6:
                Later(500, () => Reboot(other));
                break;
            case 7:
                Later(500, () => Move(other));
                break;
            case 8:
                Later(500, () => SilencePath(station, other));
                break;
            default:
                Later(100, () => PressAgain(station));
                break;
        }
    }

    private void HangUp(Neighbour station)
    {
        Tell(station, "hangs up");
        station.HangUp();
    }

    private void PressAgain(Neighbour station)
    {
        Tell(station, "presses the button again");
        station.Press();
    }

    private void Hold(Neighbour station, bool hold)
    {
        Tell(station, hold ? "holds" : "resumes");
        Disturb();
        _ = station.Host.Calls.TryHold(hold, _loop.Now);
    }

    private void Reboot(Neighbour station)
    {
        Tell(station, "loses its power and gets it back");
        Disturb();
        station.Reboot();
    }

    /// <summary>A router gives each media port of the station a new address.</summary>
    private void Move(Neighbour station)
    {
        Tell(station, "moves to other ports");
        Disturb();
        foreach (NetworkEndpoint endpoint in _machine.Network.Endpoints.Where(
            endpoint => endpoint.Address == station.Address.Address && endpoint.Port != station.Address.Port).ToArray())
        {
            _machine.Network.Rebind(endpoint, endpoint.WithPort((ushort)_random.Next(50_000, 60_000)));
        }
    }

    private void SilencePath(Neighbour from, Neighbour to)
    {
        Tell(from, $"is not heard by {to.Name} for a while");
        Disturb();
        _machine.Network.SetPath(from.Address, to.Address, Weather.Fair with { Loss = 1 });
        AfterMilliseconds(_random.Next(20_000), () =>
        {
            Disturb();
            SetWeather(from.Number, to.Number);
        });
    }

    /// <summary>Somebody who talks dials a code.</summary>
    private void Dial(string code)
    {
        Neighbour[] talking = Array.FindAll(_stations, candidate => candidate.Witness.Talking is not null);
        Neighbour? station = talking.Length == 0 ? null : talking[_random.Next(talking.Length)];
        if (station is null || Find(station.Witness.Talking!.Peer) is not { } door || !station.Host.Calls.TryDial(code, _loop.Now))
        {
            return;
        }

        Tell(station, $"dials {code}");
        if (code == House.Code)
        {
            station.RightCodes.Add((door.Number, _machine.Now));
            ExpectToOpen(door, station);
        }
    }

    /// <summary>In a call that goes on undisturbed, a right code is accepted, unless what was dialled before it counts as well.</summary>
    private void ExpectToOpen(Neighbour door, Neighbour indoor)
    {
        SeenCall? doorCall = door.Witness.Talking;
        SeenCall indoorCall = indoor.Witness.Talking!; // It has just taken the digits.
        bool isAlone = indoor.RightCodes.Count(code => _machine.Now - code.At < 10_000_000_000) == 1
            && door.Witness.WrongCodesCountUntil < _machine.Now;
        int accepted = door.Witness.CodesAccepted;
        if (isAlone && doorCall is not null && Neighbour.NumberOf(doorCall.Peer) == indoor.Number)
        {
            AfterMilliseconds(4000, () =>
            {
                bool isUndisturbed = doorCall == door.Witness.Talking && indoorCall == indoor.Witness.Talking
                    && !doorCall.IsDisturbed && !indoorCall.IsDisturbed && !_isRough && _forger is null
                    && door.Witness.WrongCodesCountUntil < _machine.Now;
                if (isUndisturbed && door.Witness.CodesAccepted == accepted)
                {
                    throw new ViolationException($"{door.Name} did not take the code that {indoor.Name} dialled");
                }
            });
        }
    }

    /// <summary>Within up to so many milliseconds, early more often than late, and then some turns later.</summary>
    private void Later(int milliseconds, Action act) => AfterMilliseconds(_random.NextDouble() * _random.NextDouble() * milliseconds, act);

    private void AfterMilliseconds(double milliseconds, Action act) =>
        _plans.Enqueue(new Plan(act) { Turns = _random.Next(8) }, (_machine.Now + Milliseconds(milliseconds), _order++));

    /// <summary>What happens now may make any call silent, or lose a digit.</summary>
    private void Disturb()
    {
        foreach (Neighbour station in _stations)
        {
            foreach (SeenCall call in station.Witness.Live.Values)
            {
                call.IsDisturbed = true;
            }
        }
    }

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

            _loop.Turn(latest);
            LookAround();
        }

        long sent = _machine.Network.Sent;
        Instant end = _loop.Now + TimeSpan.FromSeconds(5);
        while (_loop.Now < end)
        {
            _loop.Turn(end);
        }

        if (_machine.Network.Sent != sent)
        {
            throw new ViolationException($"{_machine.Network.Sent - sent} datagrams were sent by what has ended");
        }

        // Each station keeps signalling, sound and panel.
        if (_machine.OpenPorts != _stations.Length * 3)
        {
            throw new ViolationException($"{_machine.OpenPorts - (_stations.Length * 3)} ports were left open");
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
