using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Tests.Simulation.World;

/// <summary>What befalls somebody who connects.</summary>
internal enum ConnectFate
{
    /// <summary>Whoever listens takes the connection; where nobody does, it is refused.</summary>
    Answered,

    /// <summary>Nobody ever answers.</summary>
    Ignored,
}

/// <summary>
/// The TCP connections of the simulated world. Bytes arrive in order and none is lost, but they are split and merged at random, from
/// the world's seed; connections are refused, ignored and broken off as a test wants.
/// </summary>
internal sealed class SimulatedStreams(Random random)
{
    private const long Delay = 1_000_000;
    private const int LargestSegment = 1460;

    private readonly Dictionary<NetworkEndpoint, SimulatedListener> _listeners = [];
    private readonly List<SimulatedStream> _streams = [];
    private readonly PriorityQueue<Action, (long At, long Order)> _underWay = new();
    private ushort _nextPort = 50_000;
    private long _order;

    /// <summary>What befalls those who connect from now on.</summary>
    public ConnectFate Fate { get; set; }

    /// <summary>Bytes that all ends together have sent.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Connections that came about.</summary>
    public int Connections { get; private set; }

    /// <summary>Ports that are open.</summary>
    public int OpenPorts => _listeners.Count + _streams.Count;

    /// <summary>When the next thing arrives.</summary>
    public long NextArrival => _underWay.TryPeek(out _, out (long At, long Order) due) ? due.At : long.MaxValue;

    public SimulatedListener? Listen(NetworkEndpoint local, Readiness readiness)
    {
        SimulatedListener listener = new(this, local, readiness);
        return _listeners.TryAdd(local, listener) ? listener : null;
    }

    public SimulatedStream Connect(NetworkEndpoint remote, Readiness readiness, Func<long> now)
    {
        SimulatedStream ours = new(this, NetworkEndpoint.FromIPv4(0x7F000001, _nextPort++), remote, readiness, now);
        _streams.Add(ours);
        if (Fate == ConnectFate.Answered)
        {
            After(now() + Delay, () => Arrive(ours, remote));
        }

        return ours;
    }

    /// <summary>Breaks all connections off, as a restarted address translator does.</summary>
    public void BreakAll() => _streams.ForEach(static stream => stream.Break("the peer broke the connection off"));

    public void Send(SimulatedStream to, byte[] bytes, long now)
    {
        BytesSent += bytes.Length;
        int sent = 0;
        while (sent < bytes.Length)
        {
            int length = Math.Min(bytes.Length - sent, 1 + random.Next(LargestSegment));
            byte[] segment = bytes[sent..(sent + length)];
            to.LastArrival = Math.Max(to.LastArrival, now + Delay) + random.Next(1000);
            After(to.LastArrival, () => to.Arrive(segment));
            sent += length;
        }
    }

    public void Finish(SimulatedStream to, long now) => After(Math.Max(to.LastArrival, now + Delay) + 1, to.ArriveEnd);

    /// <summary>How much of what has arrived one read gives.</summary>
    public int Portion(int available) => 1 + random.Next(available);

    public void Remove(SimulatedListener listener) => _listeners.Remove(listener.LocalEndpoint);

    public void Remove(SimulatedStream stream) => _streams.Remove(stream);

    public void Deliver(long now)
    {
        while (NextArrival <= now)
        {
            _underWay.Dequeue()();
        }
    }

    public void AddReady(List<Readiness> ready)
    {
        foreach (SimulatedListener listener in _listeners.Values)
        {
            if (listener.IsReady)
            {
                ready.Add(listener.Readiness);
            }
        }

        foreach (SimulatedStream stream in _streams)
        {
            if (stream.IsReady)
            {
                ready.Add(stream.Readiness);
            }
        }
    }

    private void After(long at, Action act) => _underWay.Enqueue(act, (at, _order++));

    private void Arrive(SimulatedStream ours, NetworkEndpoint remote)
    {
        if (!_listeners.TryGetValue(remote, out SimulatedListener? listener))
        {
            ours.Break($"cannot connect to {remote}: connection refused");
            return;
        }

        SimulatedStream theirs = new(this, remote, ours.LocalEndpoint, listener.Readiness, ours.Clock);
        _streams.Add(theirs);
        Connections++;
        SimulatedStream.Join(ours, theirs);
        listener.Arrive(theirs);
    }
}

/// <summary>A port of the simulated world that takes connections.</summary>
internal sealed class SimulatedListener(SimulatedStreams streams, NetworkEndpoint local, Readiness readiness) : IStreamListener
{
    private readonly Queue<SimulatedStream> _waiting = new();

    public NetworkEndpoint LocalEndpoint => local;

    public Readiness Readiness => readiness;

    public bool IsReady => _waiting.Count > 0;

    public void Arrive(SimulatedStream stream) => _waiting.Enqueue(stream);

    public IStreamConnection? Accept(Readiness readiness)
    {
        if (!_waiting.TryDequeue(out SimulatedStream? stream))
        {
            return null;
        }

        stream.Readiness = readiness;
        stream.IsAccepted = true;
        return stream;
    }

    public void Dispose() => streams.Remove(this);
}

/// <summary>One end of a connection of the simulated world.</summary>
internal sealed class SimulatedStream(
    SimulatedStreams streams, NetworkEndpoint local, NetworkEndpoint remote, Readiness readiness, Func<long> now) : IStreamConnection
{
    private readonly List<byte> _received = [];
    private readonly List<byte> _early = [];
    private SimulatedStream? _other;
    private bool _hasNews;
    private bool _endArrived;
    private bool _disposed;
    private string? _broken;

    public Func<long> Clock => now;

    public Readiness Readiness { get; set; } = readiness;

    /// <summary>Whether its owner knows of it.</summary>
    public bool IsAccepted { get; set; } = true;

    /// <summary>When the last byte for this end arrives that is under way.</summary>
    public long LastArrival { get; set; }

    public NetworkEndpoint LocalEndpoint => local;

    public NetworkEndpoint RemoteEndpoint => remote;

    public StreamState State { get; private set; }

    public string? Problem { get; private set; }

    public bool IsPeerDone { get; private set; }

    public int Queued => _early.Count;

    public bool IsReady => IsAccepted && State != StreamState.Closed && (_hasNews || _received.Count > 0);

    public static void Join(SimulatedStream ours, SimulatedStream theirs)
    {
        (ours._other, theirs._other) = (theirs, ours);
        (ours._hasNews, theirs.State, theirs.IsAccepted) = (true, StreamState.Open, false);
    }

    public void Arrive(byte[] bytes) => _received.AddRange(bytes);

    public void ArriveEnd() => _hasNews = _endArrived = true;

    /// <summary>The connection breaks off; both ends hear of it.</summary>
    public void Break(string why)
    {
        _broken ??= why;
        _hasNews = true;
        if (_other is { _broken: null } other)
        {
            other.Break(why);
        }
    }

    public int Receive(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _hasNews = false;
        if (_broken is not null)
        {
            (State, Problem) = (StreamState.Closed, _broken);
            return 0;
        }

        if (State == StreamState.Connecting && _other is not null)
        {
            State = StreamState.Open;
            byte[] early = [.. _early];
            _early.Clear();
            streams.Send(_other, early, now());
        }

        if (_received.Count == 0)
        {
            IsPeerDone = _endArrived;
            return 0;
        }

        int count = streams.Portion(Math.Min(buffer.Length, _received.Count));
        CollectionsMarshal.AsSpan(_received)[..count].CopyTo(buffer);
        _received.RemoveRange(0, count);
        _hasNews = _endArrived;
        return count;
    }

    public bool TrySend(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_broken is not null)
        {
            (State, Problem) = (StreamState.Closed, _broken);
            return false;
        }

        if (State == StreamState.Open && _other is not null)
        {
            streams.Send(_other, bytes.ToArray(), now());
        }
        else
        {
            _early.AddRange(bytes);
        }

        return State != StreamState.Closed;
    }

    public void FinishSending()
    {
        if (_other is not null)
        {
            streams.Finish(_other, now());
        }
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            FinishSending();
            _disposed = true;
            State = StreamState.Closed;
            streams.Remove(this);
        }
    }
}
