using System;
using System.Globalization;
using System.IO;

namespace IntercomAgent.Tests.Storm;

/// <summary>Tells a person what a storm came to.</summary>
internal sealed class Story(TextWriter output)
{
    public void Tell(StormReport storm)
    {
        Line($"{storm.Calls} calls, {storm.AtOnce} at once, against {storm.Peer}, seed {storm.Seed}");
        Line($"  {storm.CallsPerSecond:F0} calls a second, {storm.SecuredPerSecond:F0} of them encrypted, for {storm.Seconds:F1} s");
        Tell("caller", storm.CallerProcess, storm.Caller);
        Tell("callee", storm.CalleeProcess, storm.Callee);
        if (!Verdict.IsMemoryJudged(storm.Seconds, storm.Peer == "baresip"))
        {
            Line($"too short to tell whether memory grows");
        }

        foreach (string problem in storm.Problems)
        {
            Line($"PROBLEM: {problem}");
        }

        Line($"{(storm.Problems.Count == 0 ? "all is accounted for, nothing is left" : "failed")}");
    }

    /// <summary>Writes what one storm cost the two that were called, side by side.</summary>
    public void Compare(StormReport ours, StormReport peer)
    {
        Line($"");
        Line($"| {"the one that is called",-48} | {"ours",10} | {peer.Peer,10} | {"ratio",7} |");
        Line($"| {new string('-', 48)} | {new string('-', 9)}: | {new string('-', 9)}: | {new string('-', 6)}: |");
        Compare("calls a second, DTLS done at both ends", ours, peer, static storm => storm.SecuredAtCallee / storm.Seconds);
        Compare("share of calls with DTLS done, %", ours, peer, static storm => 100.0 * storm.SecuredAtCallee / storm.Calls);
        Compare("CPU a call, ms", ours, peer, static storm => storm.CalleeProcess.CpuMsPerCall);
        Compare("resident memory after the calls, MB", ours, peer, static storm => storm.CalleeProcess.ResidentMegabytesAtEnd);
        Compare("proportional memory after the calls, MB", ours, peer, static storm => storm.CalleeProcess.ProportionalMegabytesAtEnd);
        Compare("resident memory, most, MB", ours, peer, static storm => storm.CalleeProcess.MostResidentMegabytes);
        Compare("threads, most", ours, peer, static storm => storm.CalleeProcess.MostThreads);
        Compare("threads after the calls", ours, peer, static storm => storm.CalleeProcess.ThreadsAtEnd);
        Compare("INVITE to DTLS done, median, ms", ours, peer, static storm => storm.Caller?.Setup.P50 ?? double.NaN);
        Compare("INVITE to DTLS done, 99 of 100, ms", ours, peer, static storm => storm.Caller?.Setup.P99 ?? double.NaN);
    }

    private void Compare(string name, StormReport ours, StormReport peer, Func<StormReport, double> measured) => Line(
        $"| {name,-48} | {measured(ours),10:F2} | {measured(peer),10:F2} | {measured(ours) / measured(peer),7:F2} |");

    private void Tell(string name, ProcessReport process, SideReport? side)
    {
        double[] quarters = process.ResidentMegabytesInQuarters;
        Line($"{name}");
        Line($"  {process.CpuMsPerCall:F2} ms of CPU a call, at most {process.MostThreads} threads, {process.MostDescriptors} descriptors");
        Line($"  resident MB, quarter by quarter: {quarters[0]:F1} {quarters[1]:F1} {quarters[2]:F1} {quarters[3]:F1}");
        if (side is null)
        {
            return;
        }

        Line($"  ended here {side.EndedHere}, there {side.EndedThere}, unanswered {side.Unanswered}; encrypted {side.Secured}");
        Line($"  set-up: {Text(side.Setup)}; audio period late by: {Text(side.Lateness)}, {side.SkippedPeriods} skipped");
        Line($"  longest stall {side.LongestStall:F1} ms, of that {side.LongestTurn:F1} ms its own doing; {side.Stalls} stalls");
        for (int generation = 0; generation < side.Collections.Length; generation++)
        {
            CollectionReport collections = side.Collections[generation];
            string pause = Text(collections.Pause);
            Line($"  {collections.Count} collections of generation {generation}: {pause}; its own doing {collections.LongestOwn:F2} ms");
        }

        Line($"  collections took {side.CollectionTime:F0} ms in all; {side.AllocatedKilobytesPerCall:F0} kB allocated a call");
        Line($"  long call: {side.LongCall}");
        Line($"  dropped: {side.Dropped}");
    }

    private static string Text(Spread spread) =>
        string.Create(CultureInfo.InvariantCulture, $"p50 {spread.P50:F1}, p99 {spread.P99:F1}, worst {spread.Worst:F1} ms");

    private void Line(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
