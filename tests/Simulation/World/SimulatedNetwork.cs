using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Tests.Simulation.World;

/// <summary>
/// The datagrams that are under way and the sockets that wait for them. A datagram's fate is decided when it is sent, from the
/// world's seed; the network itself knows no time but the one it is told.
/// </summary>
internal sealed class SimulatedNetwork(Random random)
{
    private readonly Dictionary<NetworkEndpoint, SimulatedSocket> _sockets = [];
    private readonly PriorityQueue<Datagram, (long Arrival, long Order)> _underWay = new();
    private readonly Dictionary<(UInt128 From, UInt128 To), Weather> _paths = [];
    private readonly Dictionary<NetworkEndpoint, NetworkEndpoint> _outside = [];
    private readonly Dictionary<NetworkEndpoint, NetworkEndpoint> _inside = [];
    private ushort _nextPort = 40_000;
    private long _order;
    private long _lastArrival;

    /// <summary>What is under way; without bytes it is a report to the sender that a datagram of his from there reached nobody.</summary>
    private sealed record Datagram(byte[]? Bytes, NetworkEndpoint From, NetworkEndpoint To);

    /// <summary>What the paths without weather of their own do.</summary>
    public Weather Weather { get; set; } = Weather.Fair;

    /// <summary>Decides, before the weather does, whether a datagram is swallowed: for tests that lose one certain datagram.</summary>
    public Func<NetworkEndpoint, NetworkEndpoint, byte[], bool>? Swallows { get; set; }

    /// <summary>Changes what a datagram says on its way, before anything else befalls it: for tests that speak for one of the ends.</summary>
    public Func<byte[], byte[]>? Rewrites { get; set; }

    /// <summary>Whether no two datagrams arrive at one moment, nor overtake each other: then each is served in a turn of its own.</summary>
    public bool IsSingleFile { get; set; }

    /// <summary>Servers that answer each datagram with another one, or not; they have no socket and no state that the world knows.</summary>
    public Dictionary<NetworkEndpoint, Func<byte[], byte[]?>> Servers { get; } = [];

    /// <summary>
    /// The machine's address, at which the sockets are that are bound to none of their own; null while its link is down. Sockets that are
    /// bound to one are where they always were, unless that is <see cref="Gone"/>.
    /// </summary>
    public NetworkEndpoint? Here { get; set; } = NetworkEndpoint.FromIPv4(0x7F000001, 0);

    /// <summary>Addresses that nobody has: what is sent from there or to there is lost.</summary>
    public HashSet<UInt128> Gone { get; } = [];

    /// <summary>Datagrams that were handed to the network.</summary>
    public long Sent { get; private set; }

    /// <summary>Datagrams that reached a socket.</summary>
    public long Delivered { get; private set; }

    /// <summary>Where sockets are open now.</summary>
    public IReadOnlyCollection<NetworkEndpoint> Endpoints => _sockets.Keys;

    /// <summary>When the next datagram arrives; <see cref="long.MaxValue"/> when none is under way.</summary>
    public long NextArrival => _underWay.TryPeek(out _, out (long Arrival, long Order) due) ? due.Arrival : long.MaxValue;

    /// <summary>The sockets that are open now.</summary>
    public int OpenSockets => _sockets.Count;

    /// <summary>Gives the path between two addresses, in one direction, a weather of its own.</summary>
    public void SetPath(NetworkEndpoint from, NetworkEndpoint to, Weather weather) => _paths[(from.Address, to.Address)] = weather;

    public SimulatedSocket? Open(NetworkEndpoint local, Readiness readiness, Func<long> now)
    {
        while (local.Port == 0 || (_sockets.ContainsKey(local) && local.Port == _nextPort))
        {
            NetworkEndpoint candidate = local.WithPort(_nextPort++);
            local = _sockets.ContainsKey(candidate) ? local : candidate;
            _nextPort = Math.Max(_nextPort, (ushort)40_000);
        }

        if (_sockets.ContainsKey(local))
        {
            return null;
        }

        SimulatedSocket socket = new(this, local, readiness, now);
        _sockets.Add(local, socket);
        return socket;
    }

    public void Close(SimulatedSocket socket)
    {
        _ = _sockets.Remove(socket.LocalEndpoint);
        if (_outside.Remove(socket.LocalEndpoint, out NetworkEndpoint outside))
        {
            _ = _inside.Remove(outside);
        }
    }

    /// <summary>
    /// A router on the way gives a socket another address from now on: what it sends comes from there, and what is sent to its old
    /// address is lost. It ends with the socket.
    /// </summary>
    public void Rebind(NetworkEndpoint inside, NetworkEndpoint outside)
    {
        if (_outside.Remove(inside, out NetworkEndpoint former))
        {
            _ = _inside.Remove(former);
        }

        _outside[inside] = outside;
        _inside[outside] = inside;
    }

    /// <summary>Puts a datagram on its way that nobody sent who is named as its sender.</summary>
    public void Forge(byte[] datagram, NetworkEndpoint from, NetworkEndpoint to, long arrival) =>
        _underWay.Enqueue(new Datagram(datagram, from, to), (arrival, _order++));

    /// <summary>Puts a report on its way that a datagram for <paramref name="destination"/> reached nobody, true or not.</summary>
    public void ReportUnreachable(NetworkEndpoint destination, NetworkEndpoint to, long arrival) =>
        _underWay.Enqueue(new Datagram(null, destination, to), (arrival, _order++));

    public void Send(ReadOnlySpan<byte> datagram, NetworkEndpoint from, NetworkEndpoint to, long now)
    {
        Sent++;
        if ((from.IsUnspecified && Here is null) || Gone.Contains(from.Address) || Gone.Contains(to.Address))
        {
            return;
        }

        from = from.IsUnspecified && Here is { } here ? here.WithPort(from.Port) : from;
        byte[] bytes = datagram.ToArray();
        bytes = Rewrites?.Invoke(bytes) ?? bytes;
        from = _outside.GetValueOrDefault(from, from);
        if (Swallows?.Invoke(from, to, bytes) == true)
        {
            return;
        }

        Weather weather = _paths.GetValueOrDefault((from.Address, to.Address), Weather);
        if (random.NextDouble() < weather.Loss)
        {
            return;
        }

        int copies = random.NextDouble() < weather.Duplication ? 2 : 1;
        for (int copy = 0; copy < copies; copy++)
        {
            byte[] content = bytes;
            if (bytes.Length > 0 && random.NextDouble() < weather.Corruption)
            {
                content = (byte[])bytes.Clone();
                content[random.Next(content.Length)] ^= (byte)(1 << random.Next(8));
            }

            long arrival = now + Nanoseconds(weather.Delay) + (long)(random.NextDouble() * Nanoseconds(weather.Jitter));
            arrival = IsSingleFile ? Math.Max(arrival, _lastArrival + 1000) : arrival;
            _lastArrival = arrival;
            _underWay.Enqueue(new Datagram(content, from, to), (arrival, _order++));
        }
    }

    /// <summary>Hands every datagram whose time has come to the socket it is for; one for nobody is lost, and that is reported.</summary>
    public void Deliver(long now)
    {
        while (NextArrival <= now)
        {
            Datagram datagram = _underWay.Dequeue();
            bool isMoved = _inside.TryGetValue(datagram.To, out NetworkEndpoint inside);
            NetworkEndpoint to = isMoved ? inside : datagram.To;
            if (Gone.Contains(to.Address))
            {
                continue;
            }

            if (TryFind(to, out SimulatedSocket? socket) && (isMoved || !_outside.ContainsKey(to)))
            {
                Arrive(datagram, socket);
            }
            else if (datagram.Bytes is not null && Servers.TryGetValue(to, out Func<byte[], byte[]?>? server))
            {
                if (server(datagram.Bytes) is { } answer)
                {
                    Send(answer, to, datagram.From, now);
                }
            }
            else if (datagram.Bytes is not null)
            {
                ReportLoss(datagram, now);
            }
        }
    }

    private bool TryFind(NetworkEndpoint to, [NotNullWhen(true)] out SimulatedSocket? socket) =>
        _sockets.TryGetValue(to, out socket)
        || (to.Address == Here?.Address
            && (_sockets.TryGetValue(NetworkEndpoint.FromIPv4(0, to.Port), out socket)
                || _sockets.TryGetValue(new NetworkEndpoint(UInt128.Zero, to.Port), out socket)));

    private void Arrive(Datagram datagram, SimulatedSocket socket)
    {
        if (datagram.Bytes is null)
        {
            socket.ArriveUnreachable(datagram.From);
        }
        else
        {
            Delivered++;
            socket.Arrive(datagram.Bytes, datagram.From);
        }
    }

    /// <summary>The report takes the same way back, in the same weather.</summary>
    private void ReportLoss(Datagram lost, long now)
    {
        Weather weather = _paths.GetValueOrDefault((lost.To.Address, lost.From.Address), Weather);
        if (random.NextDouble() >= weather.Loss)
        {
            ReportUnreachable(lost.To, lost.From, now + Nanoseconds(weather.Delay));
        }
    }

    public void AddReady(List<Readiness> ready)
    {
        foreach (SimulatedSocket socket in _sockets.Values)
        {
            if (socket.IsReady)
            {
                ready.Add(socket.Readiness);
            }
        }
    }

    private static long Nanoseconds(TimeSpan span) => span.Ticks * 100;
}
