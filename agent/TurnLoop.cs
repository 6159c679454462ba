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

    /// <summary>Ports that one member can name: signalling, sound, panel, and the media of every call.</summary>
    public const int TokensPerMember = 1 << 16;

    /// <summary>
    /// Ports served in one turn: more than a station can have, with media for each of its calls, so that a flood on all of them does not
    /// keep a signal waiting. What is ready beyond that is served in the next turn, the audio clock first again.
    /// </summary>
    private const int ReadyCapacity = 128;

    private readonly Readiness[] _ready = new Readiness[ReadyCapacity];
    private readonly List<ITurnMember> _members = [];
    private int _nextWorker;

    /// <summary>The longest turn so far.</summary>
    public TimeSpan LongestStall { get; private set; }

    /// <summary>How many turns took longer than <see cref="StallThreshold"/>.</summary>
    public long Stalls { get; private set; }

    /// <summary>How many turns there have been: the program's wake-ups.</summary>
    public long Turns { get; private set; }

    /// <summary>The moment of the current turn.</summary>
    public Instant Now => new(machine.Now);

    /// <summary>
    /// The first token of the member that is added next: it opens its ports with tokens from there up to, not including, that number
    /// plus <see cref="TokensPerMember"/>, so that the loop knows whom a port belongs to.
    /// </summary>
    public int NextToken => _members.Count * TokensPerMember;

    /// <summary>Lets a member take part, whose ports were opened with <see cref="NextToken"/>.</summary>
    public void Add(ITurnMember member) => _members.Add(member);

    /// <summary>
    /// Takes one turn, waiting no longer than until <paramref name="latest"/>. Ports whose token belongs to no member are the caller's:
    /// true when one of them is ready.
    /// </summary>
    public bool Turn(Instant latest)
    {
        bool callerIsReady = false;
        bool workWaits = false;
        Instant wakeAt = latest;
        foreach (ITurnMember member in _members)
        {
            wakeAt = Instant.Soonest(wakeAt, member.WakeAt);
            workWaits |= member.HasWork;
        }

        int count = machine.Wait(workWaits ? machine.Now : wakeAt.Nanoseconds, _ready);
        Turns++;
        Instant now = Now;
        foreach (Readiness port in _ready.AsSpan(0, count))
        {
            int index = port.Token / TokensPerMember;
            if (index < _members.Count)
            {
                _members[index].Serve(port, now);
            }
            else
            {
                callerIsReady = true;
            }
        }

        foreach (ITurnMember member in _members)
        {
            member.Advance(now);
        }

        DoOneWork(now);
        MeasureStall();
        return callerIsReady;
    }

    private void DoOneWork(Instant now)
    {
        for (int tried = 0; tried < _members.Count; tried++)
        {
            ITurnMember member = _members[_nextWorker];
            _nextWorker = (_nextWorker + 1) % _members.Count;
            if (member.HasWork)
            {
                member.Work(now);
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
