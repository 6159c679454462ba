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
            WithCall(start, startCallee, _ => { });
        }

        ProcessSample before = Idle;
        ProcessSample after = Idle;
        WithCall(start, startCallee, caller =>
        {
            Thread.Sleep(Settle);
            before = ProcessSample.Take(caller.ProcessId);
            Thread.Sleep(CallLength);
            after = ProcessSample.Take(caller.ProcessId);
        });
        InCall = after;
        ProcessorPercent = after.ProcessorPercentSince(before);
        WakeUpsPerSecond = after.WakeUpsPerSecondSince(before);
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
    private void WithCall(StartStation start, StartStation startCallee, Action<IStation> use)
    {
        int calleePort = FreePorts.Next();
        using IStation callee = startCallee(calleePort, null);
        UdpPort.WaitUntilBound(calleePort);
        using IStation caller = StartCall(start, callee, calleePort);
        use(caller);
    }

    // The watch costs the stations time with every packet, so it lives no longer than the call takes to be set up.
    private IStation StartCall(StartStation start, IStation callee, int calleePort)
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

        _first.Add(watch.FirstMedia.TotalMilliseconds);
        _both.Add(watch.BothMedia.TotalMilliseconds);
        return caller;
    }
}
