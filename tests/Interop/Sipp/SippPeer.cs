using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using IntercomAgent.Tests.Interop.Agent;
using Xunit;

namespace IntercomAgent.Tests.Interop.Sipp;

/// <summary>
/// sipp playing one of the scenarios of this folder, once, on the loopback interface: a file that says message by message what is sent and
/// what must come. It sends back what audio it gets.
/// </summary>
public sealed class SippPeer : IDisposable
{
    /// <summary>How long a scenario may take; the longest waits 45 s for the refresh of a session.</summary>
    private const int LimitSeconds = 80;

    private readonly string _folder;
    private readonly PeerProcess _process;

    private readonly string _transport;

    private SippPeer(string folder, PeerProcess process, int port, string transport)
    {
        _folder = folder;
        _process = process;
        Port = port;
        _transport = transport;
    }

    /// <summary>The port of 127.0.0.1 that it listens on.</summary>
    public int Port { get; }

    /// <summary>Where to call it.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"sip:house@127.0.0.1:{Port};transport={_transport}");

    /// <summary>The messages that it has sent and received so far.</summary>
    public string Messages => ReadFile("messages.log");

    /// <summary>Starts a scenario that calls the agent with that address, over <c>udp</c> or <c>tcp</c>.</summary>
    public static SippPeer Call(string scenario, string address, string transport = "udp") =>
        Start(scenario, transport, address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..]);

    /// <summary>Starts a scenario that waits for the agent, and waits until it listens; one may send callers on.</summary>
    public static SippPeer Wait(string scenario, string transport = "udp", string movedTo = "")
    {
        SippPeer peer = Start(scenario, transport, "-key", "moved_to", movedTo);
        try
        {
            peer._process.WaitForPort(transport, "127.0.0.1", peer.Port, Limits.Event);
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the end of the scenario: every message came that it waits for, and none that it does not.</summary>
    public void Succeeds()
    {
        int status = _process.WaitForEnd(TimeSpan.FromSeconds(LimitSeconds + 5));
        Assert.True(status == 0, $"{ReadFile("errors.log")}\n{Messages}");
    }

    /// <summary>How many messages with that beginning it has received, copies included.</summary>
    public int Received(string start) => Messages
        .Split("-----------------------------------------------", StringSplitOptions.RemoveEmptyEntries)
        .Count(entry => entry.Contains("message received", StringComparison.Ordinal)
            && entry.Contains("\n" + start, StringComparison.Ordinal));

    /// <summary>Waits until it has received a message with that beginning.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public void WaitForReceived(string start)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (Received(start) == 0)
        {
            if (waited.Elapsed > Limits.Event)
            {
                throw new TimeoutException($"sipp has not received {start}:\n{Messages}");
            }

            Thread.Sleep(TimeSpan.FromMilliseconds(20));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static SippPeer Start(string scenario, string transport, params string[] remote)
    {
        Assert.SkipUnless(PeerProcess.IsInstalled("sipp"), "sipp is not installed");
        string folder = Directory.CreateTempSubdirectory("sipp-").FullName;
        int port = FreePorts.Next();
        string file = Path.Combine(AppContext.BaseDirectory, "Sipp", scenario + ".xml");
        string[] settings =
        [
            "-sf", file, "-t", transport == "tcp" ? "t1" : "u1", "-i", "127.0.0.1", "-p", $"{port}", "-mi", "127.0.0.1", "-mp", $"{FreePorts.Next()}", "-rtp_echo",
            "-m", "1", "-nostdin", "-timeout", $"{LimitSeconds}s", "-timeout_error",
            "-trace_msg", "-message_file", "messages.log", "-trace_err", "-error_file", "errors.log",
        ];
        return new SippPeer(folder, PeerProcess.StartIn(folder, "sipp", [.. remote, .. settings]), port, transport);
    }

    private string ReadFile(string name)
    {
        string file = Path.Combine(_folder, name);
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }
}
