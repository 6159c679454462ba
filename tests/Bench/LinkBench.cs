using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;
using IntercomAgent.Tests.Interop;

namespace IntercomAgent.Tests.Bench;

/// <summary>
/// How long a door stays unknown to its registrar, a kamailio, after the cable between them was pulled and plugged in again. Both have a
/// network of their own, as in the tests.
/// </summary>
internal static class LinkBench
{
    private const int Outages = 5;
    private const string Registrar = "10.0.0.1";
    private const int Port = 5060;

    /// <summary>The cable is out long enough for both ends to notice.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static IEnumerable<Row> Measure()
    {
        string folder = Directory.CreateTempSubdirectory("bench-link-").FullName;
        try
        {
            List<double> seconds = MeasureIn(folder);
            return
            [
                new Row("link's return to registered", "s", Table.Median(seconds)),
                new Row($"link's return to registered, slowest of {Outages}", "s", seconds[^1]),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<double> MeasureIn(string folder)
    {
        string configuration = Path.Combine(folder, "agent.toml");
        File.WriteAllText(configuration, Configuration());
        using PeerProcess network = PeerProcess.Start(
            "unshare", "--user", "--map-root-user", "--net", "sh", InteropFile("Namespaces/link.sh"));
        _ = network.WaitForLine("ready", Limit);
        string house = $"{network.Id}";
        string door = Array.Find(network.StandardOutput.Split('\n'), line => line.StartsWith("door ", StringComparison.Ordinal))![5..];
        using PeerProcess registrar = StartAt(
            house, folder, "kamailio", "-f", InteropFile("Kamailio/kamailio.cfg"), "-DD", "-E", "-Y", folder, "-m", "16", "-M", "4",
            "-l", $"udp:{Registrar}:{Port}", "-A", "ALGORITHM=\"SHA-256\"");
        registrar.WaitForUdpPort(Registrar, Port, Limit);
        using PeerProcess agent = StartAt(door, folder, ShippedProgram.FilePath, "run", "--config", configuration);
        _ = registrar.WaitForLine("door is registered", Limit);

        List<double> seconds = [];
        for (int outage = 0; outage < Outages; outage++)
        {
            SetLink(house, folder, "down");
            Thread.Sleep(Outage);
            SetLink(house, folder, "up");
            long returned = Stopwatch.GetTimestamp();
            _ = registrar.WaitForLine("door is registered", Limit);
            seconds.Add(Stopwatch.GetElapsedTime(returned).TotalSeconds);
        }

        // It ends its children when it is asked to end.
        registrar.Send(ProcessSignal.Terminate);
        _ = registrar.WaitForEnd(Limit);
        return seconds;
    }

    private static void SetLink(string house, string folder, string state)
    {
        using PeerProcess process = StartAt(house, folder, "ip", "link", "set", "house", state);
        _ = process.WaitForEnd(Limit);
    }

    private static PeerProcess StartAt(string place, string folder, params string[] command) =>
        PeerProcess.StartIn(folder, "nsenter", ["--target", place, "--user", "--net", "--preserve-credentials", .. command]);

    private static string InteropFile(string name, [CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "Interop", name);

    private static string Configuration() => $"""
        [sip]
        user = "door"
        [sip.account]
        registrar = "{Registrar}:{Port}"
        user = "door"
        password = "secret"
        [audio]
        kind = "silence"
        [panel]
        kind = "none"
        [identity]
        file = "identity.pem"

        """;
}
