using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;

namespace IntercomAgent.Tests.Bench.Sampling;

/// <summary>
/// What the kernel says of a process at one moment (proc(5)). What threads did that have ended is not in it, so a pair of samples
/// belongs into a time in which the process starts and ends none.
/// </summary>
/// <param name="Timestamp">When it was taken: a reading of <see cref="Stopwatch"/>.</param>
/// <param name="Processor">The time that its threads have spent on a processor.</param>
/// <param name="WakeUps">How often its threads have gone to sleep of their own accord, and so were woken.</param>
/// <param name="Threads">How many threads it has.</param>
/// <param name="ResidentKilobytes">The memory that it has in RAM, shared libraries included.</param>
/// <param name="ProportionalKilobytes">The same, each shared page divided by the number of processes that share it.</param>
internal sealed record ProcessSample(
    long Timestamp, TimeSpan Processor, long WakeUps, int Threads, double ResidentKilobytes, double ProportionalKilobytes)
{
    private const string VoluntarySwitches = "voluntary_ctxt_switches:";

    /// <summary>Takes a sample of a process that lives.</summary>
    public static ProcessSample Take(int processId)
    {
        double nanoseconds = 0;
        long wakeUps = 0;
        string[] threads = Directory.GetDirectories($"/proc/{processId}/task");
        foreach (string thread in threads)
        {
            // The first field of schedstat counts nanoseconds; the ticks of stat are too coarse for a program that hardly runs.
            nanoseconds += ReadNumber(File.ReadAllText(Path.Combine(thread, "schedstat")));
            wakeUps += (long)ReadField(Path.Combine(thread, "status"), VoluntarySwitches);
        }

        string memory = $"/proc/{processId}/smaps_rollup";
        return new ProcessSample(
            Stopwatch.GetTimestamp(), TimeSpan.FromMicroseconds(nanoseconds / 1000), wakeUps, threads.Length,
            ReadField(memory, "Rss:"), ReadField(memory, "Pss:"));
    }

    /// <summary>The share of one processor, in percent, that the process took since an earlier sample.</summary>
    public double ProcessorPercentSince(ProcessSample earlier) =>
        (Processor - earlier.Processor) / Stopwatch.GetElapsedTime(earlier.Timestamp, Timestamp) * 100;

    /// <summary>How many times per second the process was woken since an earlier sample.</summary>
    public double WakeUpsPerSecondSince(ProcessSample earlier) =>
        (WakeUps - earlier.WakeUps) / Stopwatch.GetElapsedTime(earlier.Timestamp, Timestamp).TotalSeconds;

    private static double ReadField(string file, string name)
    {
        IEnumerable<string> lines = File.ReadLines(file);
        return ReadNumber(lines.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..]);
    }

    private static double ReadNumber(string text) =>
        double.Parse(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
}
