using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using IntercomAgent.Tests.Bench.Peers;
using IntercomAgent.Tests.Bench.Sampling;
using IntercomAgent.Tests.Interop;

namespace IntercomAgent.Tests.Storm;

/// <summary>Starts the two processes, watches them from outside, and judges.</summary>
internal sealed class StormRun(StormOptions options)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    /// <summary>Twice the patience of a side, which is once in the silence and once at the end.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(110);

    /// <summary>Longer than a call lives that ends with its handshake.</summary>
    private static readonly TimeSpan ShortSpeech = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Even a machine that is busy with other things makes so many calls a second.</summary>
    private const int LeastCallsPerSecond = 5;

    /// <summary>What baresip prints when a handshake is done.</summary>
    private const string BaresipSecured = "DTLS-SRTP complete";

    private readonly string _program = Environment.ProcessPath!;

    public StormReport Run() => options.AgainstBaresip ? RunAgainstBaresip() : RunAgainstOurselves();

    private StormReport RunAgainstOurselves()
    {
        string[] arguments = ["answer", Text(options.Calls), Text(options.Seed), options.Moment.ToString()];
        using PeerProcess callee = PeerProcess.Start(_program, arguments);
        string[] addresses = callee.WaitForLine("ready", StartLimit).Split(' ')[1..];
        (StormReport report, int threads) = Storm(callee.Id, addresses);
        SideReport? calleeReport = ReadReport(callee);
        string[] problems =
        [
            .. report.Problems,
            .. Verdict.Judge("callee", calleeReport, options.Calls),
            .. Verdict.Judge("callee", report.CalleeProcess, threads, Verdict.IsMemoryJudged(report.Seconds, isPeer: false)),
            .. Verdict.JudgeLongCall(report.Caller, calleeReport),
        ];
        return report with { Callee = calleeReport, SecuredAtCallee = calleeReport?.Secured ?? 0, Problems = problems };
    }

    private StormReport RunAgainstBaresip()
    {
        string speech = Path.Combine(Path.GetTempPath(), $"storm-{Environment.ProcessId}.wav");

        // Each call of baresip reads all of it, so that a long one would cost more than the call. Where it ends, the call does.
        bool hasLongCall = options.Moment == Moment.Random;
        File.WriteAllBytes(speech, ToneFile.Build(hasLongCall ? StormLimit : ShortSpeech));
        try
        {
            int port = FreePorts.Next();
            using BaresipStation callee = BaresipStation.Start(port, speech, dial: null);
            UdpPort.WaitUntilBound(port);
            StormReport report = Storm(callee.ProcessId, [$"sip:bench@127.0.0.1:{port}"]).Report;
            return report with
            {
                SecuredAtCallee = CountSecured(callee),
                Problems = [.. report.Problems, .. hasLongCall ? Verdict.JudgeLongCall(report.Caller) : []],
            };
        }
        finally
        {
            File.Delete(speech);
        }
    }

    /// <summary>The handshakes that baresip says are done; the long call's is one of them.</summary>
    private static int CountSecured(BaresipStation callee) => callee.Output.Split(BaresipSecured).Length - 2;

    private TimeSpan StormLimit => TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(options.Calls / LeastCallsPerSecond);

    /// <summary>The storm as far as both kinds of callee have it in common, and the threads that the caller began with.</summary>
    private (StormReport Report, int Threads) Storm(int calleeId, IEnumerable<string> addresses)
    {
        // To be compared, two callees must be called in the same way.
        string role = options.AgainstBaresip && options.Moment == Moment.Random ? "call-peer" : "call";
        string[] arguments =
            [role, Text(options.Calls), Text(options.AtOnce), Text(options.Seed), options.Moment.ToString(), .. addresses];
        using PeerProcess caller = PeerProcess.Start(_program, arguments);
        ProcessHistory callerHistory = new(caller.Id);
        ProcessHistory calleeHistory = new(calleeId);
        _ = caller.WaitForLine("storm", StartLimit);
        Stopwatch storm = Stopwatch.StartNew();
        bool isOver;
        do
        {
            callerHistory.Look();
            calleeHistory.Look();
            Thread.Sleep(Interval);
            isOver = caller.FindLine("silence") is not null;
        }
        while (!isOver && !caller.HasEnded && storm.Elapsed < StormLimit);
        double seconds = storm.Elapsed.TotalSeconds;
        ProcessReport callerProcess = callerHistory.Report(options.Calls);
        ProcessReport calleeProcess = calleeHistory.Report(options.Calls);
        SideReport? callerReport = isOver ? ReadReport(caller) : null;
        int threads = callerReport?.Threads.Before ?? callerProcess.MostThreads;
        StormReport report = new()
        {
            Seed = options.Seed,
            Peer = options.AgainstBaresip ? "baresip" : "ourselves",
            Calls = options.Calls,
            AtOnce = options.AtOnce,
            Seconds = seconds,
            CallsPerSecond = options.Calls / seconds,
            SecuredPerSecond = (callerReport?.Secured ?? 0) / seconds,
            SecuredAtCallee = 0,
            Caller = callerReport,
            Callee = null,
            CallerProcess = callerProcess,
            CalleeProcess = calleeProcess,
            Problems =
            [
                .. Verdict.Judge("caller", callerReport, options.Calls),
                .. Verdict.Judge("caller", callerProcess, threads, Verdict.IsMemoryJudged(seconds, options.AgainstBaresip)),
                .. callerReport is null ? [caller.Output] : Array.Empty<string>(),
            ],
        };
        return (report, threads);
    }

    /// <summary>What a side tells last of all; null when it does not come to that.</summary>
    private static SideReport? ReadReport(PeerProcess side)
    {
        try
        {
            _ = side.WaitForEnd(EndLimit);
        }
        catch (TimeoutException)
        {
            return null;
        }

        string last = side.StandardOutput.Split('\n').LastOrDefault(static line => line.StartsWith('{'), "null");
        return JsonSerializer.Deserialize(last, StormJson.Default.SideReport);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
