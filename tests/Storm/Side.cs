using System;
using System.Collections.Generic;
using System.IO;
using IntercomAgent.Calls;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Media;
using IntercomAgent.Sip;
using IntercomAgent.Tests.Bench.Sampling;

namespace IntercomAgent.Tests.Storm;

/// <summary>
/// One of the storm's two processes: several stations on the agent's one loop, an audio clock for all of them, and somebody who hangs
/// up. What each call came to is counted here.
/// </summary>
internal abstract class Side : ITurnMember, IDisposable
{
    /// <summary>
    /// Two transactions of a call stay at the called station for 64 T1, and it keeps <see cref="SipLimits.ServerTransactions"/>: so
    /// many stations take 600 calls a second.
    /// </summary>
    public const int Stations = 16;

    /// <summary>Beyond what signalling keeps of a call: how long a busy machine may take.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    private const int ExpectedPeriods = 20 * 60 * 50;

    private readonly Machine _machine = new();
    private readonly List<Station> _stations = [];
    private readonly IAudioDevice _audio;
    private readonly short[] _captured = new short[AudioStream.PacketSamples];
    private readonly short[] _played = new short[AudioStream.PacketSamples];
    private readonly Dictionary<(int Station, SipCall Name), StormCall> _calls = [];
    private readonly PriorityQueue<(StormCall Call, Deed Deed), Instant> _deeds = new();
    private readonly SortedDictionary<string, int> _failed = [];
    private readonly Measurements _lateness = new(ExpectedPeriods);
    private readonly Measurements _setup;
    private readonly Collections _collections = new();
    private readonly BeforeAndAfter _threads;
    private readonly BeforeAndAfter _descriptors;
    private Instant _firstPeriod = Instant.Never;
    private long _periods;
    private Instant _nextLook;
    private TimeSpan _longestTurn;
    private int _begun;
    private int _secured;
    private int _endedHere;
    private int _endedThere;
    private int _unanswered;
    private int _hung;
    private int _stray;

    /// <param name="calls">How many calls there will be.</param>
    /// <param name="t1">What signalling takes for a round trip.</param>
    protected Side(int calls, TimeSpan t1)
    {
        Patience = (t1 * 64) + Leeway;
        _setup = new Measurements(calls);
        Loop = new TurnLoop(_machine);
        Loop.Add(new HeapSweep());
        DtlsIdentity identity = DtlsIdentity.Create(new MachineRandom(_machine), _machine.UnixTime / 1_000_000_000);
        for (int number = 0; number < Stations; number++)
        {
            _stations.Add(new Station(_machine, Loop, number, t1, identity, this));
        }

        TimerAudioSettings sound = new(
            AudioStream.SampleRate, AudioStream.PacketSamples, new ToneSource(425, AudioStream.SampleRate), new DiscardSink());
        _audio = _machine.OpenAudioDevice(sound, new Readiness(ServiceClass.AudioClock, Loop.NextToken), out string? problem)
            ?? throw new IOException(problem);
        Loop.Add(this);
        _threads = new BeforeAndAfter(ProcessFacts.Read().Threads, 0);
        _descriptors = new BeforeAndAfter(CountDescriptors(), 0);
    }

    /// <summary>What is done to a call at its time.</summary>
    protected enum Deed
    {
        Answer,
        HangUp,
    }

    /// <summary>Where its stations can be called.</summary>
    public IEnumerable<string> Addresses => _stations.ConvertAll(static station => station.Address);

    /// <inheritdoc/>
    public Instant WakeAt => Instant.Soonest(Instant.Soonest(NextAct, _nextLook), _deeds.TryPeek(out _, out Instant due) ? due : Instant.Never);

    /// <inheritdoc/>
    public bool HasWork => false;

    /// <summary>Whether it is done, well or not.</summary>
    public abstract bool IsOver { get; }

    /// <summary>When <see cref="Act"/> has something to do by itself.</summary>
    protected abstract Instant NextAct { get; }

    protected TurnLoop Loop { get; }

    /// <summary>A call that nothing has ended for so long hangs; what is over is gone from signalling by then.</summary>
    protected TimeSpan Patience { get; }

    /// <summary>Calls of the storm that have begun.</summary>
    protected int Begun => _begun;

    /// <summary>Calls of the storm that are not over.</summary>
    protected int Open => _calls.Count;

    /// <summary>What the long call has come to.</summary>
    protected LongCallReport? LongCall { get; set; }

    /// <summary>Calls, transactions, and calls that are over, that are left in all stations.</summary>
    protected int Left
    {
        get
        {
            int left = 0;
            _stations.ForEach(station => left += station.ActiveCalls + station.KeptInSignalling);
            return left;
        }
    }

    /// <inheritdoc/>
    public void Serve(Readiness port, Instant now)
    {
        while (_audio.TryCapture(_captured))
        {
            // The device tells how late its first period was, and so when the others are due.
            _firstPeriod = _periods == 0 ? new Instant(now.Nanoseconds - _audio.WorstLateness) : _firstPeriod;
            _lateness.Add((now - (_firstPeriod + (Period * (_periods + _audio.SkippedPeriods)))).TotalMilliseconds);
            _periods++;
            _stations.ForEach(station => station.Period(_captured, _played, now));
            _audio.Play(_played);
        }
    }

    /// <inheritdoc/>
    public void Advance(Instant now)
    {
        while (_deeds.TryPeek(out (StormCall Call, Deed Deed) next, out Instant due) && due <= now)
        {
            _ = _deeds.Dequeue();
            Do(next.Call, next.Deed, now);
            next.Call.Station.Finish(now);
        }

        if (now >= _nextLook)
        {
            _nextLook = now + TimeSpan.FromSeconds(1);
            GiveUpHung(now);
        }

        Act(now);
    }

    /// <inheritdoc/>
    public void Work(Instant now)
    {
    }

    /// <summary>Something has happened to a call of a station.</summary>
    public void Happened(Station station, in CallEvent happened, Instant now)
    {
        if (IsLongCall(station, happened, now))
        {
            return;
        }

        if (happened.Kind is CallEventKind.Incoming or CallEventKind.TurnedAway)
        {
            TakeCaller(station, happened, now);
            return;
        }

        if (!_calls.TryGetValue((station.Number, happened.Call), out StormCall? call))
        {
            _stray++;
            return;
        }

        switch (happened.Kind)
        {
            case CallEventKind.Answered:
                Reach(call, Stage.Answered, now);
                break;
            case CallEventKind.Secured:
                _secured++;
                _setup.Add((now - call.Begun).TotalMilliseconds);
                Reach(call, Stage.Secured, now);
                break;
            case CallEventKind.Ended:
                CountEnd(happened);
                _ = _calls.Remove((station.Number, happened.Call));
                break;
            default:
                break;
        }
    }

    /// <summary>What was counted.</summary>
    public SideReport Report()
    {
        DropTally dropped = new();
        _stations.ForEach(station => dropped.Add(station.Dropped));
        return new SideReport
        {
            Calls = _begun,
            Secured = _secured,
            EndedHere = _endedHere,
            EndedThere = _endedThere,
            Unanswered = _unanswered,
            Failed = _failed,
            Hung = _hung,
            Stray = _stray,
            Setup = _setup.Spread(),
            LongCall = LongCall,
            Lateness = _lateness.Spread(),
            SkippedPeriods = _audio.SkippedPeriods,
            LongestStall = Loop.LongestStall.TotalMilliseconds,
            Stalls = Loop.Stalls,
            LongestTurn = _longestTurn.TotalMilliseconds,
            Collections = _collections.Report(),
            CollectionTime = GC.GetTotalPauseDuration().TotalMilliseconds,
            AllocatedKilobytesPerCall = GC.GetTotalAllocatedBytes() / 1000.0 / Math.Max(_begun, 1),
            Threads = _threads with { After = ProcessFacts.Read().Threads },
            Descriptors = _descriptors with { After = CountDescriptors() },
            Left = Left,
            Dropped = dropped.ToString(),
        };
    }

    /// <summary>Takes turns until it is over.</summary>
    public void Run()
    {
        while (!IsOver)
        {
            TimeSpan before = ProcessorClock.Now;
            _ = Loop.Turn(Instant.Never);
            TimeSpan turn = ProcessorClock.Now - before;
            _longestTurn = turn > _longestTurn ? turn : _longestTurn;
            _collections.Look(turn);
        }
    }

    public void Dispose()
    {
        _stations.ForEach(static station => station.Dispose());
        _audio.Dispose();
        _machine.Dispose();
    }

    /// <summary>Whether that concerns the long call, which is then dealt with.</summary>
    protected abstract bool IsLongCall(Station station, in CallEvent happened, Instant now);

    /// <summary>Somebody calls, or was turned away.</summary>
    protected abstract void TakeCaller(Station station, in CallEvent happened, Instant now);

    /// <summary>Does what is to be done by itself, once a turn.</summary>
    protected abstract void Act(Instant now);

    protected Station StationAt(int number) => _stations[number];

    /// <summary>A call of the storm has begun.</summary>
    protected StormCall Begin(Station station, SipCall name, Fate fate, Instant now)
    {
        StormCall call = new(station, name, fate, now);
        _calls.Add((station.Number, name), call);
        _begun++;
        return call;
    }

    /// <summary>A call could not even begin, or has failed.</summary>
    protected void Fail(string reason) => _failed[reason] = _failed.GetValueOrDefault(reason) + 1;

    /// <summary>Does something to a call, if it is not over by then.</summary>
    protected void DoLater(StormCall call, Deed deed, TimeSpan delay, Instant now)
    {
        if (delay == TimeSpan.Zero)
        {
            Do(call, deed, now);
        }
        else
        {
            _deeds.Enqueue((call, deed), now + delay);
        }
    }

    /// <summary>A call has come to a stage; its fate may have waited for it.</summary>
    protected void Reach(StormCall call, Stage stage, Instant now)
    {
        call.Stage = stage;
        if (call.Fate.Stage == stage)
        {
            DoLater(call, Deed.HangUp, call.Fate.Delay, now);
        }
    }

    /// <summary>Sockets, pipes and the like; not the files that a runtime opens when it looks for code.</summary>
    private static int CountDescriptors()
    {
        int count = 0;
        foreach (string descriptor in Directory.GetFileSystemEntries("/proc/self/fd"))
        {
            count += new FileInfo(descriptor).LinkTarget is { } target && !target.StartsWith('/') ? 1 : 0;
        }

        return count;
    }

    private void Do(StormCall call, Deed deed, Instant now)
    {
        if (!_calls.ContainsKey((call.Station.Number, call.Name)))
        {
            return;
        }

        switch (deed)
        {
            case Deed.Answer:
                call.Station.Answer(call.Name, now);
                break;
            case Deed.HangUp:
                // One that has ended in this very turn is over already: that is about to be told.
                if (call.Station.HangUp(call.Name, now) is not null)
                {
                    _endedHere++;
                    _ = _calls.Remove((call.Station.Number, call.Name));
                }

                break;
        }
    }

    private void CountEnd(in CallEvent ended)
    {
        switch (ended)
        {
            case { Status: 0, Problem: null }:
                _endedThere++;
                break;
            // RFC 3261 sections 9.2 and 21.4.18: taken back, and not taken.
            case { Status: 487 or 480 }:
                _unanswered++;
                break;
            default:
                Fail($"{ended.Status} {ended.Problem}");
                break;
        }
    }

    private void GiveUpHung(Instant now)
    {
        List<StormCall> hung = [];
        foreach (StormCall call in _calls.Values)
        {
            if (now - call.Begun > Patience)
            {
                hung.Add(call);
            }
        }

        foreach (StormCall call in hung)
        {
            _hung++;
            Fail($"hung: {call.Stage}");
            _ = _calls.Remove((call.Station.Number, call.Name));
            _ = call.Station.HangUp(call.Name, now);
            call.Station.Finish(now);
        }
    }
}
