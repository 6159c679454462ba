using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using IntercomAgent.Tests.Interop;

namespace IntercomAgent.Tests.Bench;

/// <summary>The program as it is shipped: how large it is, and how long it takes until it does something.</summary>
internal static class ProgramBench
{
    private const int Runs = 11;
    private const double Megabyte = 1_000_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static IEnumerable<Row> Measure()
    {
        string program = ShippedProgram.FilePath;
        yield return new("size of the program, x64", "MB", new FileInfo(program).Length / Megabyte);
        yield return new(
            "start, print the version, end", "ms", MedianRun(program, "version"), MedianRun("baresip", "-h"), "baresip printing its help");
    }

    private static double MedianRun(string program, string argument)
    {
        List<double> times = [];
        for (int run = 0; run < Runs; run++)
        {
            long started = Stopwatch.GetTimestamp();
            using PeerProcess process = PeerProcess.Start(program, argument);
            process.WaitForEnd(Limit);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return Table.Median(times);
    }
}
