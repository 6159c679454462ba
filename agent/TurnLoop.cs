using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Loop;

namespace IntercomAgent;

/// <summary>
/// The one loop. A turn waits for the machine, serves what is ready in the order of <see cref="ServiceClass"/> (the audio clock
/// first), lets due timers fire, sends what came of it, and last of all does at most one expensive piece of work (design rule 4).
/// It measures its own stalls: how long a turn kept the next one waiting.
/// </summary>
internal sealed class TurnLoop(IMachine machine)
{
    /// <summary>A turn that takes longer than this is counted: a quarter of an audio period of 20 ms.</summary>
    public static readonly TimeSpan StallThreshold = TimeSpan.FromMilliseconds(5);

    /// <summary>Ports served in one turn; what is ready beyond that is served in the next one, the audio clock first again.</summary>
    private const int ReadyCapacity = 64;

    private readonly Readiness[] _ready = new Readiness[ReadyCapacity];
    private readonly List<AgentHost> _hosts = [];
    private int _nextWorker;

    /// <summary>The longest turn so far.</summary>
    public TimeSpan LongestStall { get; private set; }

    /// <summary>How many turns took longer than <see cref="StallThreshold"/>.</summary>
    public long Stalls { get; private set; }

    /// <summary>How many turns there have been: the program's wake-ups.</summary>
    public long Turns { get; private set; }

    /// <summary>The moment of the current turn.</summary>
    public Instant Now => new(machine.Now);

    /// <summary>Lets a host take part. Its <see cref="AgentHost.Index"/> must be the number of hosts before it.</summary>
    public void Add(AgentHost host)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(host.Index, _hosts.Count);
        _hosts.Add(host);
    }

    /// <summary>
    /// Takes one turn, waiting no longer than until <paramref name="latest"/>. Ports whose token belongs to no host
    /// (see <see cref="AgentHost.IndexOf"/>) are the caller's, who finds them ready on its own.
    /// </summary>
    public void Turn(Instant latest)
    {
        bool workWaits = false;
        Instant wakeAt = latest;
        foreach (AgentHost host in _hosts)
        {
            wakeAt = Instant.Soonest(wakeAt, host.WakeAt);
            workWaits |= host.HasWork;
        }

        int count = machine.Wait(workWaits ? machine.Now : wakeAt.Nanoseconds, _ready);
        Turns++;
        Instant now = Now;
        foreach (Readiness port in _ready.AsSpan(0, count))
        {
            int index = AgentHost.IndexOf(port);
            if (index < _hosts.Count)
            {
                _hosts[index].Serve(port, now);
            }
        }

        foreach (AgentHost host in _hosts)
        {
            host.Advance(now);
        }

        DoOneWork(now);
        MeasureStall();
    }

    private void DoOneWork(Instant now)
    {
        for (int tried = 0; tried < _hosts.Count; tried++)
        {
            AgentHost host = _hosts[_nextWorker];
            _nextWorker = (_nextWorker + 1) % _hosts.Count;
            if (host.HasWork)
            {
                host.Work(now);
                return;
            }
        }
    }

    private void MeasureStall()
    {
        TimeSpan turn = new Instant(machine.ReadClock()) - Now;
        if (turn > StallThreshold)
        {
            Stalls++;
        }

        if (turn > LongestStall)
        {
            LongestStall = turn;
        }
    }
}
