using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using IntercomAgent.Tests.Bench.Sampling;

namespace IntercomAgent.Tests.Storm;

/// <summary>What the kernel tells of a process again and again (proc(5)).</summary>
internal sealed class ProcessHistory(int processId)
{
    /// <summary>The unit of processor time in /proc, which Linux has fixed at a hundredth of a second.</summary>
    private const double MillisecondsPerTick = 10;

    // Where the fields of stat stand after the name, which is the second one.
    private const int UserTime = 14 - 3;
    private const int SystemTime = 15 - 3;
    private const int ThreadCount = 20 - 3;
    private const int ResidentPages = 24 - 3;

    private readonly List<Sample> _samples = [];

    /// <summary>Looks at the process now.</summary>
    public void Look()
    {
        string stat = File.ReadAllText($"/proc/{processId}/stat");

        // The name stands in brackets and may hold blanks and brackets itself.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        double ticks = Number(fields[UserTime]) + Number(fields[SystemTime]);
        int descriptors = Directory.GetFileSystemEntries($"/proc/{processId}/fd").Length;
        double megabytes = Number(fields[ResidentPages]) * Environment.SystemPageSize / 1e6;
        _samples.Add(new Sample(ticks * MillisecondsPerTick, (int)Number(fields[ThreadCount]), descriptors, megabytes));
    }

    /// <summary>What was seen.</summary>
    /// <param name="calls">The calls that were made meanwhile.</param>
    public ProcessReport Report(int calls) => new()
    {
        CpuMsPerCall = (_samples[^1].Milliseconds - _samples[0].Milliseconds) / calls,
        MostThreads = _samples.Max(static sample => sample.Threads),
        MostDescriptors = _samples.Max(static sample => sample.Descriptors),
        MostResidentMegabytes = _samples.Max(static sample => sample.Megabytes),
        ThreadsAtEnd = _samples[^1].Threads,
        ResidentMegabytesAtEnd = _samples[^1].Megabytes,
        ProportionalMegabytesAtEnd = ProcessSample.Take(processId).ProportionalKilobytes * 1024 / 1e6,
        ResidentMegabytesInQuarters = [.. Enumerable.Range(0, 4).Select(MedianOfQuarter)],
    };

    private double MedianOfQuarter(int quarter)
    {
        int first = _samples.Count * quarter / 4;
        int end = Math.Max(_samples.Count * (quarter + 1) / 4, first + 1);
        double[] sizes = [.. _samples[first..end].Select(static sample => sample.Megabytes).Order()];
        return sizes[sizes.Length / 2];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private readonly record struct Sample(double Milliseconds, int Threads, int Descriptors, double Megabytes);
}

/// <summary>What a process took while the storm lasted.</summary>
internal sealed record ProcessReport
{
    /// <summary>Time on a processor, for each call of the storm; the long call's is in it.</summary>
    public required double CpuMsPerCall { get; init; }

    /// <summary>Threads at one time.</summary>
    public required int MostThreads { get; init; }

    /// <summary>Open descriptors at one time.</summary>
    public required int MostDescriptors { get; init; }

    /// <summary>Memory in RAM.</summary>
    public required double MostResidentMegabytes { get; init; }

    /// <summary>Threads after the last call.</summary>
    public required int ThreadsAtEnd { get; init; }

    /// <summary>Memory in RAM after the last call.</summary>
    public required double ResidentMegabytesAtEnd { get; init; }

    /// <summary>The same, each shared page divided by the number of processes that share it.</summary>
    public required double ProportionalMegabytesAtEnd { get; init; }

    /// <summary>Memory in RAM in each quarter of the storm: the median.</summary>
    public required double[] ResidentMegabytesInQuarters { get; init; }
}
