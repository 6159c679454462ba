using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using IntercomAgent.Tests.Bench.Peers;
using IntercomAgent.Tests.Bench.Sampling;
using IntercomAgent.Tests.Interop;

namespace IntercomAgent.Tests.Bench;

/// <summary>One PCMU call with DTLS-SRTP on the loopback interface: what it costs the station that calls.</summary>
internal static class CallBench
{
    private const string Peer = "baresip calling baresip";

    private const int Starts = 5;
    private const int Setups = 5;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CallLength = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SetupLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SpeechLength = TimeSpan.FromMinutes(2);

    public static IEnumerable<Row> Measure()
    {
        string speech = Path.Combine(Path.GetTempPath(), $"bench-{Environment.ProcessId}.wav");
        File.WriteAllBytes(speech, ToneFile.Build(SpeechLength));
        try
        {
            foreach (Row row in MeasureBaresip(speech))
            {
                yield return row;
            }
        }
        finally
        {
            File.Delete(speech);
        }
    }

    private static IEnumerable<Row> MeasureBaresip(string speech)
    {
        yield return new("start to listening", "ms", null, MedianStart(speech), "baresip");

        using BaresipStation callee = BaresipStation.Start(PeerProcess.FindFreeUdpPort(), speech, dial: null);
        UdpPort.WaitUntilBound(callee.SipPort);
        Thread.Sleep(Settle);
        ProcessSample idle = ProcessSample.Take(callee.ProcessId);
        yield return new("idle: resident memory", "kB", null, idle.ResidentKilobytes, "baresip");
        yield return new("idle: proportional memory", "kB", null, idle.ProportionalKilobytes, "baresip");
        yield return new("idle: threads", "", null, idle.Threads, "baresip");

        List<double> first = [];
        List<double> both = [];
        for (int run = 1; run < Setups; run++)
        {
            using BaresipStation shortCall = StartCall(speech, callee, first, both);
        }

        using BaresipStation caller = StartCall(speech, callee, first, both);
        yield return new("INVITE to first SRTP packet", "ms", null, Table.Median(first), Peer);
        yield return new("INVITE to first SRTP packet, slowest", "ms", null, first.Max(), $"{Peer}, {Setups} calls");
        yield return new("INVITE to SRTP in both directions", "ms", null, Table.Median(both), Peer);

        Thread.Sleep(Settle);
        ProcessSample before = ProcessSample.Take(caller.ProcessId);
        Thread.Sleep(CallLength);
        ProcessSample after = ProcessSample.Take(caller.ProcessId);
        yield return new("call: share of a core", "%", null, after.ProcessorPercentSince(before), Peer);
        yield return new("call: wake-ups per second", "1/s", null, after.WakeUpsPerSecondSince(before), Peer);
        yield return new("call: resident memory", "kB", null, after.ResidentKilobytes, Peer);
        yield return new("call: proportional memory", "kB", null, after.ProportionalKilobytes, Peer);
        yield return new("call: threads", "", null, after.Threads, Peer);
    }

    // The watch costs the stations time with every packet, so it lives no longer than the call takes to be set up.
    private static BaresipStation StartCall(string speech, BaresipStation callee, List<double> first, List<double> both)
    {
        int port = PeerProcess.FindFreeUdpPort();
        using PacketWatch watch = new(port, media => BaresipStation.IsMediaPort(media, port), callee.IsMediaPort);
        BaresipStation caller = BaresipStation.Start(port, speech, $"sip:bench@127.0.0.1:{callee.SipPort}");
        if (!watch.WaitForBoth(SetupLimit))
        {
            using (caller)
            {
                throw new TimeoutException($"no call between two baresips:\n{caller.Output}");
            }
        }

        first.Add(watch.FirstMedia.TotalMilliseconds);
        both.Add(watch.BothMedia.TotalMilliseconds);
        return caller;
    }

    private static double MedianStart(string speech)
    {
        List<double> times = [];
        for (int run = 0; run < Starts; run++)
        {
            int port = PeerProcess.FindFreeUdpPort();
            long started = Stopwatch.GetTimestamp();
            using BaresipStation station = BaresipStation.Start(port, speech, dial: null);
            UdpPort.WaitUntilBound(port);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return Table.Median(times);
    }
}
