using System;
using System.Collections.Generic;
using System.IO;
using IntercomAgent.Tests.Bench.Peers;

namespace IntercomAgent.Tests.Bench;

/// <summary>
/// One PCMU call with DTLS-SRTP on the loopback interface: what it costs the station that calls. A baresip answers in both cases.
/// </summary>
internal static class CallBench
{
    private const string Peer = "baresip";

    private static readonly TimeSpan SpeechLength = TimeSpan.FromMinutes(5);

    public static IEnumerable<Row> Measure()
    {
        string speech = Path.Combine(Path.GetTempPath(), $"bench-{Environment.ProcessId}.wav");
        File.WriteAllBytes(speech, ToneFile.Build(SpeechLength));
        try
        {
            StartStation startPeer = (port, dial) => BaresipStation.Start(port, speech, dial);
            CallCost ours = CallCost.Measure((port, dial) => new AgentStation(port, dial, AgentSound.Tone), startPeer);
            CallCost peer = CallCost.Measure(startPeer, startPeer);
            return Rows(ours, peer);
        }
        finally
        {
            File.Delete(speech);
        }
    }

    private static Row[] Rows(CallCost ours, CallCost peer) =>
    [
        new("start to listening", "ms", ours.StartMilliseconds, peer.StartMilliseconds, Peer),
        new("idle: resident memory", "kB", ours.Idle.ResidentKilobytes, peer.Idle.ResidentKilobytes, Peer),
        new("idle: proportional memory", "kB", ours.Idle.ProportionalKilobytes, peer.Idle.ProportionalKilobytes, Peer),
        new("idle: threads", "", ours.Idle.Threads, peer.Idle.Threads, Peer),
        new("INVITE to first SRTP packet", "ms", ours.FirstMediaMilliseconds, peer.FirstMediaMilliseconds, Peer),
        new(
            "INVITE to first SRTP packet, slowest of 5", "ms", ours.SlowestFirstMediaMilliseconds, peer.SlowestFirstMediaMilliseconds, Peer),
        new("INVITE to SRTP in both directions", "ms", ours.BothMediaMilliseconds, peer.BothMediaMilliseconds, Peer),
        new("call: share of a core", "%", ours.ProcessorPercent, peer.ProcessorPercent, Peer),
        new("call: wake-ups", "1/s", ours.WakeUpsPerSecond, peer.WakeUpsPerSecond, Peer),
        new("call: resident memory", "kB", ours.InCall.ResidentKilobytes, peer.InCall.ResidentKilobytes, Peer),
        new("call: proportional memory", "kB", ours.InCall.ProportionalKilobytes, peer.InCall.ProportionalKilobytes, Peer),
        new("call: threads", "", ours.InCall.Threads, peer.InCall.Threads, Peer),
    ];
}
