using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using IntercomAgent.Tests.Bench.Sampling;
using IntercomAgent.Tests.Interop;

namespace IntercomAgent.Tests.Bench;

/// <summary>Starts a station on a free port; it calls somebody at once or, without an address, waits.</summary>
internal delegate IStation StartStation(int sipPort, string? dial);

/// <summary>What starting, waiting and one call cost a program.</summary>
internal sealed class CallCost
{
    private const int Starts = 5;
    private const int Setups = 5;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CallLength = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SetupLimit = TimeSpan.FromSeconds(10);

    private readonly List<double> _first = [];
    private readonly List<double> _both = [];

    private CallCost(StartStation start, StartStation startCallee)
    {
        StartMilliseconds = MedianStart(start);
        Idle = SampleIdle(start);
        for (int run = 1; run < Setups; run++)
        {
            Note(WithCall(start, startCallee, _ => { }));
        }

        (ProcessSample begun, ProcessSample ended) = SampleCall(start, startCallee, Note);
        InCall = ended;
        ProcessorPercent = ended.ProcessorPercentSince(begun);
        WakeUpsPerSecond = ended.WakeUpsPerSecondSince(begun);
    }

    /// <summary>From the start of the process until its SIP port is bound.</summary>
    public double StartMilliseconds { get; }

    public ProcessSample Idle { get; }

    /// <summary>From the INVITE to the first SRTP packet in either direction, on the wire.</summary>
    public double FirstMediaMilliseconds => Table.Median(_first);

    public double SlowestFirstMediaMilliseconds => _first.Max();

    /// <summary>From the INVITE until an SRTP packet had arrived on both sides.</summary>
    public double BothMediaMilliseconds => Table.Median(_both);

    public ProcessSample InCall { get; }

    public double ProcessorPercent { get; }

    public double WakeUpsPerSecond { get; }

    /// <summary>Measures a program that calls another.</summary>
    public static CallCost Measure(StartStation start, StartStation startCallee) => new(start, startCallee);

    /// <summary>What the kernel says of a program that calls another, at either end of half a minute of the call.</summary>
    /// <param name="start">Starts the one that calls.</param>
    /// <param name="startCallee">Starts the other one.</param>
    /// <param name="note">Told how long the call took to be set up.</param>
    public static (ProcessSample Begun, ProcessSample Ended) SampleCall(
        StartStation start, StartStation startCallee, Action<SetupTimes>? note = null)
    {
        (ProcessSample Begun, ProcessSample Ended)? samples = null;
        SetupTimes times = WithCall(start, startCallee, caller =>
        {
            Thread.Sleep(Settle);
            ProcessSample begun = ProcessSample.Take(caller.ProcessId);
            Thread.Sleep(CallLength);
            samples = (begun, ProcessSample.Take(caller.ProcessId));
        });
        note?.Invoke(times);
        return samples!.Value;
    }

    private void Note(SetupTimes times)
    {
        _first.Add(times.First.TotalMilliseconds);
        _both.Add(times.Both.TotalMilliseconds);
    }

    private static double MedianStart(StartStation start)
    {
        List<double> times = [];
        for (int run = 0; run < Starts; run++)
        {
            int port = FreePorts.Next();
            long started = Stopwatch.GetTimestamp();
            using IStation station = start(port, null);
            UdpPort.WaitUntilBound(port);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return Table.Median(times);
    }

    private static ProcessSample SampleIdle(StartStation start)
    {
        using IStation station = start(FreePorts.Next(), null);
        Thread.Sleep(Settle);
        return ProcessSample.Take(station.ProcessId);
    }

    // A callee of its own for each call: one whose caller is gone without a word would keep that call for a while.
    private static SetupTimes WithCall(StartStation start, StartStation startCallee, Action<IStation> use)
    {
        int calleePort = FreePorts.Next();
        using IStation callee = startCallee(calleePort, null);
        UdpPort.WaitUntilBound(calleePort);
        using IStation caller = StartCall(start, callee, calleePort, out SetupTimes times);
        use(caller);
        return times;
    }

    // The watch costs the stations time with every packet, so it lives no longer than the call takes to be set up.
    private static IStation StartCall(StartStation start, IStation callee, int calleePort, out SetupTimes times)
    {
        int port = FreePorts.Next();
        using PacketWatch watch = new(port, callee.IsMediaPort);
        IStation caller = start(port, $"sip:bench@127.0.0.1:{calleePort}");
        if (!watch.WaitForBoth(SetupLimit))
        {
            using (caller)
            {
                throw new TimeoutException($"no call was set up:\n{caller.Output}");
            }
        }

        times = new SetupTimes(watch.FirstMedia, watch.BothMedia);
        return caller;
    }
}

/// <summary>How long it took to set a call up.</summary>
/// <param name="First">From the INVITE to the first SRTP packet in either direction, on the wire.</param>
/// <param name="Both">From the INVITE until an SRTP packet had arrived on both sides.</param>
internal readonly record struct SetupTimes(TimeSpan First, TimeSpan Both);
