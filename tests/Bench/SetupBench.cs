using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using IntercomAgent.Tests.Bench.Peers;
using IntercomAgent.Tests.Bench.Sampling;
using IntercomAgent.Tests.Interop;

namespace IntercomAgent.Tests.Bench;

/// <summary>
/// Calls set up per second with the station as callee, and what one costs it: sipp calls, acknowledges and hangs up, one call at a time, as
/// a door has no more, and without encryption, so that signalling is what is measured. Ours and the peer's in turn.
/// </summary>
internal static class SetupBench
{
    /// <summary>Ours keeps the transactions of a call for 32 s, and so many calls at most; a door is never called as often.</summary>
    private const int Calls = 120;
    private const int Runs = 7;
    private const string Peer = "baresip";

    public static IEnumerable<Row> Measure()
    {
        string speech = Path.Combine(Path.GetTempPath(), $"bench-{Environment.ProcessId}.wav");
        File.WriteAllBytes(speech, ToneFile.Build(TimeSpan.FromSeconds(10)));
        try
        {
            List<Setups> ours = [];
            List<Setups> peer = [];
            for (int run = 0; run < Runs; run++)
            {
                ours.Add(Measure(port => new AgentStation(port, null, AgentSound.Tone)));
                peer.Add(Measure(port => BaresipStation.Start(port, speech, null, isEncrypted: false)));
            }

            return Rows(ours, peer);
        }
        finally
        {
            File.Delete(speech);
        }
    }

    private static Row[] Rows(List<Setups> ours, List<Setups> peer) =>
    [
        new("calls set up as callee, one at a time", "1/s", Middle(ours, run => run.PerSecond), Middle(peer, run => run.PerSecond), Peer),
        new("call as callee: processor time", "ms", Middle(ours, run => run.Milliseconds), Middle(peer, run => run.Milliseconds), Peer),
    ];

    private static double Middle(List<Setups> runs, Func<Setups, double> what) => Table.Median([.. runs.Select(what)]);

    private static Setups Measure(Func<int, IStation> start)
    {
        int port = FreePorts.Next();
        using IStation station = start(port);
        UdpPort.WaitUntilBound(port);

        // Who was answered once is no stranger any more; strangers may call every few seconds only. And it tells how long sipp takes to start.
        TimeSpan one = SippCaller.Call(port, calls: 1);
        ProcessSample before = ProcessSample.Take(station.ProcessId);
        TimeSpan taken = SippCaller.Call(port, calls: 1 + Calls) - one;
        ProcessSample after = ProcessSample.Take(station.ProcessId);
        return new Setups(Calls / taken.TotalSeconds, (after.Processor - before.Processor).TotalMilliseconds / Calls);
    }

    private readonly record struct Setups(double PerSecond, double Milliseconds);
}
