using System;
using System.Globalization;
using IntercomAgent.Tests.Interop.Agent;
using Xunit;

namespace IntercomAgent.Tests.Interop.Kamailio;

/// <summary>rtpengine on the loopback interface, as a process alone: packets do not go through its kernel module.</summary>
public sealed class RtpEngine : IDisposable
{
    private readonly PeerProcess _process;

    private RtpEngine(PeerProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>The UDP port of 127.0.0.1 where a proxy tells it what to do.</summary>
    public int Port { get; }

    /// <summary>Its log, for the message of a failed test.</summary>
    public string Log => _process.Output;

    /// <summary>Starts it and waits until it listens.</summary>
    public static RtpEngine Start()
    {
        Assert.SkipUnless(PeerProcess.IsInstalled("rtpengine"), "rtpengine is not installed");
        int port = PeerProcess.FindFreeUdpPort();
        PeerProcess process = PeerProcess.Start(
            "rtpengine", "--config-file=none", "--foreground", "--log-stderr", "--log-level=6", "--table=-1", "--interface=127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"--listen-ng=127.0.0.1:{port}"), "--num-threads=2", "--dtls-passive");
        RtpEngine engine = new(process, port);
        try
        {
            process.WaitForUdpPort(port, Limits.Event);
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
