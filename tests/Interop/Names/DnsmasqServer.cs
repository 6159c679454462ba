using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using IntercomAgent.Tests.Interop.Agent;
using Xunit;

namespace IntercomAgent.Tests.Interop.Names;

/// <summary>A name server that knows one domain, <c>house.test</c>: dnsmasq on the loopback interface.</summary>
public sealed class DnsmasqServer : IDisposable
{
    /// <summary>The domain.</summary>
    public const string Domain = "house.test";

    private readonly PeerProcess _process;

    private DnsmasqServer(PeerProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>The port of 127.0.0.1 that it listens on.</summary>
    public int Port { get; }

    /// <summary>The queries that it was asked, for the message of a failed test.</summary>
    public string Log => _process.Output;

    /// <summary>Starts it with these records, in dnsmasq's own words, and waits until it listens.</summary>
    public static DnsmasqServer Start(params IEnumerable<string> records)
    {
        Assert.SkipUnless(PeerProcess.IsInstalled("dnsmasq"), "dnsmasq is not installed");
        int port = FreePorts.Next();
        string[] settings =
        [
            "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--log-facility=-", "--log-queries", "--user=root",
            "--pid-file=", "--bind-interfaces", "--listen-address=127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"--port={port}"), $"--local=/{Domain}/",
        ];
        PeerProcess process = PeerProcess.Start("dnsmasq", [.. settings, .. records.Select(record => $"--{record}")]);
        DnsmasqServer server = new(process, port);
        try
        {
            process.WaitForUdpPort("127.0.0.1", port, Limits.Event);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>A server of the domain over a transport: <c>_sip._udp</c> or <c>_sip._tcp</c>.</summary>
    public static string Service(string service, string host, int port, int priority) =>
        string.Create(CultureInfo.InvariantCulture, $"srv-host={service}.{Domain},{host}.{Domain},{port},{priority},10");

    /// <summary>An address of this machine.</summary>
    public static string Host(string host, string address = "127.0.0.1") => $"host-record={host}.{Domain},{address}";

    /// <summary>The transport that the domain prefers.</summary>
    public static string Preference(int order, string service, string replacement) =>
        string.Create(CultureInfo.InvariantCulture, $"naptr-record={Domain},{order},10,S,{service},,{replacement}.{Domain}");

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();
}
