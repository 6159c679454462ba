using System;
using System.IO;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Demo;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Station;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntercomAgent.Tests.Child;

/// <summary>
/// Two whole agents on one loop and real loopback sockets. The door calls the house again and again; each call is torn down as early as
/// is worst for it: in the middle of its handshake, when it is secured, or with its first sound, now by one side and now by the other.
/// </summary>
internal sealed class ManyCalls : IDisposable
{
    /// <summary>How long one call, or the end of both agents, may take on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Calls of the same two agents: each leaves two transactions at the called one for 32 s (RFC 3261 section 17.2.2), and it keeps not
    /// more of them than <c>SipLimits.ServerTransactions</c>.
    /// </summary>
    private const int CallsOfPair = 100;

    private readonly Machine _machine = new();
    private readonly TurnLoop _loop;
    private readonly DemoStation _house;
    private readonly DemoStation _door;

    public ManyCalls()
    {
        _loop = new TurnLoop(_machine);
        _house = Open("house", DemoStation.Indoor());
        _door = Open("door", DemoStation.Door(_house.Host.SignallingEndpoint) with { ButtonRest = TimeSpan.Zero });
    }

    private enum Moment
    {
        Answered,
        Secured,
        Heard,
    }

    /// <summary>
    /// Makes that many calls, with fresh agents now and then; tells the threads before, during and after, the descriptors before and
    /// after, how many descriptors calls have left open while their agents lived on, and how many calls were secured. The runtime is
    /// warm before anything is counted.
    /// </summary>
    public static void Tell(int calls, TextWriter output)
    {
        Tally warm = default;
        Make(CallsOfPair, ref warm);
        ProcessFacts before = ProcessFacts.Read();
        Tally tally = default;
        while (tally.Calls < calls)
        {
            Make(Math.Min(CallsOfPair, calls - tally.Calls), ref tally);
        }

        ProcessFacts after = ProcessFacts.Read();
        output.WriteLine($"threads {before.Threads} {tally.MostThreads} {after.Threads}");
        output.WriteLine($"descriptors {before.OpenDescriptors} {after.OpenDescriptors}");
        output.WriteLine($"left open {tally.LeftOpen}");
        output.WriteLine($"secured {tally.Secured}");
    }

    public void Dispose()
    {
        _door.Dispose();
        _house.Dispose();
        _machine.Dispose();
    }

    /// <summary>Makes calls with two agents that live for these calls only.</summary>
    private static void Make(int calls, ref Tally tally)
    {
        using ManyCalls agents = new();
        int open = ProcessFacts.Read().OpenDescriptors;
        for (int call = 0; call < calls; call++)
        {
            tally.Secured += agents.Call(tally.Calls++) ? 1 : 0;
            tally.MostThreads = Math.Max(tally.MostThreads, ProcessFacts.Read().Threads);
        }

        tally.LeftOpen += ProcessFacts.Read().OpenDescriptors - open;
        agents.End();
    }

    /// <summary>One call from the press of the button until both are quiet; true when it was secured before it ended.</summary>
    private bool Call(int number)
    {
        Moment moment = (Moment)(number % 3);
        DemoStation ending = number % 2 == 0 ? _door : _house;
        _door.Panel.Press(0, _loop.Now.Nanoseconds);
        RunUntil(() => Has(_door, moment) && Has(_house, moment), $"call {number}: {moment}");
        bool secured = _door.Host.Calls.CurrentCall!.Security.Profile is not null;
        ending.Host.Calls.HangUp(_loop.Now);
        RunUntil(
            () => _door.Host.State == StationState.Quiet && _house.Host.State == StationState.Quiet, $"call {number}: quiet");
        return secured;
    }

    private static bool Has(DemoStation station, Moment moment) => station.Host.Calls.CurrentCall is { } call && moment switch
    {
        Moment.Answered => true,
        Moment.Secured => call.Security.Profile is not null,
        Moment.Heard => call.FirstAudio != Instant.Never,
    };

    private void End()
    {
        _door.Host.End(_loop.Now);
        _house.Host.End(_loop.Now);
        RunUntil(() => _door.Host.IsQuiet && _house.Host.IsQuiet, "the end");
    }

    private void RunUntil(Func<bool> holds, string what)
    {
        Instant latest = _loop.Now + Patience;
        while (!holds())
        {
            if (_loop.Now >= latest)
            {
                throw new TimeoutException(what);
            }

            _ = _loop.Turn(latest);
        }
    }

    private DemoStation Open(string name, StationSettings settings) => DemoStation.Open(
        _machine, _loop, name, settings, [0], new DiscardSink(), NullLogger.Instance, out string? problem)
        ?? throw new IOException(problem);

    private struct Tally
    {
        public int Calls;
        public int Secured;
        public int MostThreads;
        public int LeftOpen;
    }
}
