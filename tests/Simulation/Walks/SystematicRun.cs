using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Text;
using IntercomAgent.Calls;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using IntercomAgent.Tests.Simulation.World;

namespace IntercomAgent.Tests.Simulation.Walks;

/// <summary>How the client's hello meets the answer.</summary>
internal enum HelloCircumstance
{
    /// <summary>It comes after the answer, from the path that signalling has named: no cookie is needed.</summary>
    Expected,

    /// <summary>It comes before the answer, which is lost once.</summary>
    BeforeAnswer,

    /// <summary>It comes from another port than the client's signalling has named.</summary>
    FromElsewhere,
}

/// <summary>What befalls the handshake of one systematic run.</summary>
/// <param name="CallerIsClient">Whether the caller is the DTLS client; usually the callee is.</param>
/// <param name="Hello">How the hello meets the answer.</param>
/// <param name="Lost">A bit for each flight whose first transmission is lost.</param>
/// <param name="LostAgain">The flight whose second transmission is lost; <see cref="HandshakeFlight.None"/> for none.</param>
internal readonly record struct Misfortune(bool CallerIsClient, HelloCircumstance Hello, int Lost, HandshakeFlight LostAgain)
{
    /// <summary>Datagrams that it loses.</summary>
    public int Losses => BitOperations.PopCount((uint)Lost) + (LostAgain == HandshakeFlight.None ? 0 : 1);

    /// <summary>Flights of such a handshake.</summary>
    public int Flights => Hello == HelloCircumstance.Expected ? HandshakeFlights.WithoutCookie : HandshakeFlights.WithCookie;
}

/// <summary>When and by whom a systematic run's call is hung up.</summary>
/// <param name="Event">The number of the event, counted from 0.</param>
/// <param name="ByCaller">By the caller, or the callee.</param>
/// <param name="BeforeServing">Before the event is served, though it has happened; or after.</param>
internal readonly record struct HangUpMoment(int Event, bool ByCaller, bool BeforeServing);

/// <summary>
/// One call between two whole agents that rings, is answered and secured, carries some voice, is held, resumed and hung up. Every turn of
/// the loop serves one event. The audio clock stands still but for the voice, as its ticks are the same event over and over.
/// </summary>
internal sealed class SystematicRun : IDisposable
{
    /// <summary>After it, and the timers of RFC 3261 section 17, a handshake that gets no answer has given up twice.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(200);

    private readonly Misfortune _misfortune;
    private readonly HangUpMoment? _hangUp;
    private readonly SimulatedMachine _machine = new(seed: 1);
    private readonly TurnLoop _loop;
    private readonly Neighbour _caller;
    private readonly Neighbour _callee;
    private readonly Action<string, string>? _trace;
    private readonly int[] _transmissions = new int[HandshakeFlights.WithCookie];
    private bool _answerWasLost;
    private bool _hungUp;
    private Scene _scene = Scene.SettingUp;
    private Instant _sceneEnds = Instant.Never;

    private enum Scene
    {
        SettingUp,
        Speaking,
        Holding,
        Resuming,
        Ending,
    }

    /// <param name="misfortune">What befalls its handshake.</param>
    /// <param name="hangUp">When it is hung up; null for the call that goes its whole way.</param>
    /// <param name="identities">Two certificates with their keys.</param>
    /// <param name="trace">Is told whose event happened, and what.</param>
    public SystematicRun(Misfortune misfortune, HangUpMoment? hangUp, DtlsIdentity[] identities, Action<string, string>? trace)
    {
        _misfortune = misfortune;
        _hangUp = hangUp;
        _trace = trace;
        _loop = new TurnLoop(_machine);
        _machine.AudioRests = true;
        _machine.Network.IsSingleFile = true;
        _machine.Network.Swallows = Swallow;
        _machine.Network.Rewrites = misfortune.CallerIsClient ? MakeCallerActive : null;
        _machine.BeforeServing = () => HangUpAt(beforeServing: true);
        Dictionary<Mark, Visit> visits = [];
        StationSettings caller = new()
        {
            Buttons = [new RingPlan(RingOrder.InOrder, [new RingTarget(Neighbour.UriOf(1), TimeSpan.FromSeconds(20))])],
        };
        StationSettings callee = new()
        {
            Incoming = new IncomingPolicy
            {
                Answers = true,
                Callers = [new CallerPattern("*")],
                AnswerAfter = TimeSpan.FromMilliseconds(30),
            },
        };
        _caller = new Neighbour(0, _machine, _loop, caller, identities[0], visits, trace);
        _callee = new Neighbour(1, _machine, _loop, callee, identities[1], visits, trace);
    }

    /// <summary>The events so far.</summary>
    public int Events { get; private set; }

    /// <summary>When it is, in nanoseconds.</summary>
    public long Now => _machine.Now;

    /// <summary>Whether the voice of each was heard by the other.</summary>
    public bool WasHeard { get; private set; }

    /// <summary>Why the call ended, as both saw it.</summary>
    public string Ends => string.Join(", ", _caller.Witness.Ends.Keys.Concat(_callee.Witness.Ends.Keys));

    /// <summary>Lets the call live and die, until nothing is left of it.</summary>
    /// <exception cref="ViolationException">Something happened that must never happen.</exception>
    public void Run()
    {
        Instant latest = _loop.Now + Limit;
        _caller.Press();
        while (!IsOver())
        {
            if (_loop.Now >= latest)
            {
                throw new ViolationException($"does not end: {_caller.Host.State} {_caller.Host.Alive}, {_callee.Host.State} {_callee.Host.Alive}");
            }

            MoveClient();
            _ = _loop.Turn(Instant.Soonest(latest, _sceneEnds));
            _caller.Follow();
            _callee.Follow();
            HangUpAt(beforeServing: false);
            Events++;
            Play();
        }

        if (_machine.OpenPorts != 2 * Neighbour.Ports)
        {
            throw new ViolationException($"{_machine.OpenPorts - (2 * Neighbour.Ports)} ports were left open");
        }
    }

    public void Dispose()
    {
        _caller.Host.Dispose();
        _callee.Host.Dispose();
    }

    /// <summary>Goes on to what the two do next.</summary>
    private void Play()
    {
        switch (_scene)
        {
            case Scene.SettingUp when IsSecured(_caller) && IsSecured(_callee):
                _machine.AudioRests = false;
                Begin(Scene.Speaking, milliseconds: 500);
                break;
            case Scene.Speaking when WasHeard || !IsSecured(_caller) || !IsSecured(_callee):
                _machine.AudioRests = true;
                _ = _caller.Host.Calls.TryHold(hold: true, _loop.Now);
                Begin(Scene.Holding, milliseconds: 20);
                break;
            case Scene.Speaking when _loop.Now >= _sceneEnds:
                throw new ViolationException("both ends are secured, but do not hear each other");
            case Scene.Speaking:
                WasHeard = _caller.Witness.Talking?.Heard > 0 && _callee.Witness.Talking?.Heard > 0;
                break;
            case Scene.Holding when _loop.Now >= _sceneEnds:
                _ = _caller.Host.Calls.TryHold(hold: false, _loop.Now);
                Begin(Scene.Resuming, milliseconds: 20);
                break;
            case Scene.Resuming when _loop.Now >= _sceneEnds:
                _caller.HangUp();
                _callee.HangUp();
                Begin(Scene.Ending, milliseconds: null);
                break;
            default:
                break;
        }
    }

    private void Begin(Scene scene, int? milliseconds)
    {
        _scene = scene;
        _sceneEnds = milliseconds is { } length ? _loop.Now + TimeSpan.FromMilliseconds(length) : Instant.Never;
    }

    private void HangUpAt(bool beforeServing)
    {
        if (_hungUp || _hangUp is not { } moment || moment.Event != Events || moment.BeforeServing != beforeServing)
        {
            return;
        }

        _hungUp = true;
        Neighbour station = moment.ByCaller ? _caller : _callee;
        _trace?.Invoke(station.Name, "hangs up");
        if (station.Host.Calls.CurrentCall is not null)
        {
            station.HangUp();
        }
        else
        {
            // Nobody can hang up what is not answered; but a station may end.
            station.Host.End(_loop.Now);
        }
    }

    private bool IsOver() => Events > 0 && IsOver(_caller) && IsOver(_callee) && _machine.Network.NextArrival == long.MaxValue;

    private static bool IsOver(Neighbour station) => station.Host.State is StationState.Quiet or StationState.Ended
        && station.Host.Alive == default(LiveCounts)
        && station.Host.WakeAt == Instant.Never
        && !station.Host.HasWork
        && station.Panel.Pending == 0
        && station.Witness.Live.Count == 0;

    private static bool IsSecured(Neighbour station) => station.Witness.Talking is { } call && call.SecuredAt != long.MaxValue;

    /// <summary>A router gives the client's media port another address before anything leaves it.</summary>
    private void MoveClient()
    {
        if (_misfortune.Hello != HelloCircumstance.FromElsewhere)
        {
            return;
        }

        Neighbour client = _misfortune.CallerIsClient ? _caller : _callee;
        foreach (NetworkEndpoint endpoint in _machine.Network.Endpoints)
        {
            if (endpoint.Address == client.Address.Address && endpoint.Port != client.Address.Port)
            {
                _machine.Network.Rebind(endpoint, endpoint.WithPort((ushort)(endpoint.Port + 20_000)));
            }
        }
    }

    private bool Swallow(NetworkEndpoint from, NetworkEndpoint to, byte[] bytes)
    {
        bool isLost = bytes.Length > 0 && bytes[0] < 64 ? IsFlightLost(bytes) : IsAnswerLost(bytes);
        _trace?.Invoke("network", $"{from} -> {to} {Neighbourhood.Describe(bytes)}{(isLost ? ", lost" : "")}");
        return isLost;
    }

    private bool IsFlightLost(byte[] bytes)
    {
        HandshakeFlight flight = HandshakeFlights.Of(bytes);
        return flight != HandshakeFlight.None && _transmissions[(int)flight]++ switch
        {
            0 => (_misfortune.Lost & (1 << (int)flight)) != 0,
            1 => _misfortune.LostAgain == flight,
            _ => false,
        };
    }

    private bool IsAnswerLost(byte[] bytes)
    {
        bool isFirst = _misfortune.Hello == HelloCircumstance.BeforeAnswer && !_answerWasLost && bytes.AsSpan().StartsWith("SIP/2.0 200"u8);
        _answerWasLost |= isFirst;
        return isFirst;
    }

    /// <summary>The caller's offer leaves the role to the callee, who takes the client's; this one wants to be the client itself.</summary>
    public static byte[] MakeCallerActive(byte[] bytes)
    {
        // A new offer leaves the role open again: an association that is kept keeps its roles.
        if (!bytes.AsSpan().StartsWith("INVITE sip:in@"u8))
        {
            return bytes;
        }

        string text = Encoding.Latin1.GetString(bytes);
        int body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        string description = text[body..].Replace("a=setup:actpass", "a=setup:active", StringComparison.Ordinal);
        return Encoding.Latin1.GetBytes(
            text[..body].Replace($"Content-Length: {text.Length - body}\r\n", $"Content-Length: {description.Length}\r\n", StringComparison.Ordinal)
            + description);
    }
}
