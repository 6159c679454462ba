using System;
using System.Globalization;
using IntercomAgent.Tests.Interop.Agent;
using Xunit;

namespace IntercomAgent.Tests.Interop.Kamailio;

/// <summary>rtpengine as a process alone: packets do not go through its kernel module.</summary>
public sealed class RtpEngine : IDisposable
{
    private readonly PeerProcess _process;

    private RtpEngine(PeerProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>The UDP port of its host where a proxy tells it what to do.</summary>
    public int Port { get; }

    /// <summary>Its log, for the message of a failed test.</summary>
    public string Log => _process.Output;

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="host">Its address.</param>
    /// <param name="place">The command that runs it at a place of a network of this test; nothing for this machine's own.</param>
    public static RtpEngine Start(string host = "127.0.0.1", params string[] place)
    {
        Assert.SkipUnless(PeerProcess.IsInstalled("rtpengine"), "rtpengine is not installed");
        int port = FreePorts.Next();
        string[] command =
        [
            .. place, "rtpengine", "--config-file=none", "--foreground", "--log-stderr", "--log-level=6", "--table=-1",
            $"--interface={host}", string.Create(CultureInfo.InvariantCulture, $"--listen-ng={host}:{port}"), "--num-threads=2",
            "--dtls-passive",
        ];
        PeerProcess process = PeerProcess.Start(command[0], command[1..]);
        RtpEngine engine = new(process, port);
        try
        {
            process.WaitForUdpPort(host, port, Limits.Event);
            return engine;
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();
}
