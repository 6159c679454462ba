using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Demo;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Tests.Bench.Sampling;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntercomAgent.Tests.Bench;

/// <summary>What one period of the audio clock costs in a call that is up: two stations on one loop, over real sockets.</summary>
internal static class MediaBench
{
    private const int Periods = 500;
    private const double PeriodSeconds = 0.02;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public static IEnumerable<Row> Measure()
    {
        using Machine machine = new();
        TurnLoop loop = new(machine);
        using DemoStation indoor = Open(machine, loop, "indoor", DemoSpeech.Indoors(), out string? problem)
            ?? throw new InvalidOperationException(problem);
        using DemoStation door = DemoStation.Open(
            machine, loop, "door", DemoStation.Door(indoor.Host.SignallingEndpoint), DemoSpeech.Visitor(), new DiscardSink(),
            NullLogger.Instance, out problem) ?? throw new InvalidOperationException(problem);
        _ = loop.Turn(loop.Now);
        door.Panel.Press(0, loop.Now.Nanoseconds);
        Run(loop, loop.Now + WarmUp);
        if (door.Host.Calls.CurrentCall is not { } before)
        {
            throw new InvalidOperationException("There is no call to measure.");
        }

        door.Voice.Speak();
        indoor.Voice.Speak();
        long garbage = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan busy = ProcessorClock.Now;
        Run(loop, loop.Now + TimeSpan.FromSeconds(Periods * PeriodSeconds));
        busy = ProcessorClock.Now - busy;
        garbage = GC.GetAllocatedBytesForCurrentThread() - garbage;
        long packets = door.Host.Calls.CurrentCall!.Stream.PacketsReceived - before.Stream.PacketsReceived;
        yield return new("media period of one station, allocated", "bytes", garbage / 2.0 / Periods);
        yield return new("media period of one station, processor time", "µs", busy.TotalMicroseconds / 2 / Periods);
        yield return new("packets that arrived in 500 periods", "packets", packets);
    }

    private static DemoStation? Open(Machine machine, TurnLoop loop, string name, short[] speech, out string? problem) =>
        DemoStation.Open(machine, loop, name, DemoStation.Indoor(), speech, new DiscardSink(), NullLogger.Instance, out problem);

    private static void Run(TurnLoop loop, Instant until)
    {
        while (loop.Now < until)
        {
            _ = loop.Turn(until);
        }
    }
}
