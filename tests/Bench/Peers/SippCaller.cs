using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.CompilerServices;
using IntercomAgent.Tests.Interop;

namespace IntercomAgent.Tests.Bench.Peers;

/// <summary>sipp as the one who calls, as fast as it is answered.</summary>
internal static class SippCaller
{
    private const int LimitSeconds = 120;

    private static string Scenario { get; } = FindScenario();

    /// <summary>Makes so many calls to a port of the loopback interface, one after another; how long that took.</summary>
    /// <exception cref="InvalidOperationException">One of them failed.</exception>
    public static TimeSpan Call(int port, int calls)
    {
        string folder = Directory.CreateTempSubdirectory("bench-sipp-").FullName;
        try
        {
            long started = Stopwatch.GetTimestamp();
            using PeerProcess process = PeerProcess.StartIn(
                folder, "sipp", $"127.0.0.1:{port}", "-sf", Scenario, "-i", "127.0.0.1", "-p", $"{FreePorts.Next()}",
                "-mi", "127.0.0.1", "-mp", $"{FreePorts.Next()}", "-m", $"{calls}", "-l", "1", "-r", "5000",
                "-nostdin", "-timeout", $"{LimitSeconds}s", "-timeout_error", "-trace_err", "-error_file", "errors.log");
            int status = process.WaitForEnd(TimeSpan.FromSeconds(LimitSeconds + 5));
            TimeSpan taken = Stopwatch.GetElapsedTime(started);
            return status == 0 ? taken : throw new InvalidOperationException($"sipp: {process.Output}\n{ReadErrors(folder)}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string FindScenario([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "Scenarios", "set-up.xml");

    private static string ReadErrors(string folder)
    {
        string file = Path.Combine(folder, "errors.log");
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }
}
