using System;
using System.Globalization;
using System.IO;
using IntercomAgent.Tests.Interop.Agent;
using Xunit;

namespace IntercomAgent.Tests.Interop.Kamailio;

/// <summary>A registrar and proxy: kamailio with the <c>kamailio.cfg</c> of this folder.</summary>
public sealed class KamailioProxy : IDisposable
{
    private readonly string _folder;
    private readonly PeerProcess _process;
    private readonly string _host;

    private KamailioProxy(string folder, PeerProcess process, string host, int port)
    {
        _host = host;
        _folder = folder;
        _process = process;
        Port = port;
    }

    /// <summary>The UDP port of its host that it listens on.</summary>
    public int Port { get; }

    /// <summary>The port of its host where it takes TLS, one above; nobody listens there but after <see cref="StartWithTls"/>.</summary>
    public int TlsPort => Port + 1;

    /// <summary>Whether this machine has its module for TLS.</summary>
    private static bool SpeaksTls => Array.Exists(
        Directory.GetDirectories("/usr/lib", "*-linux-gnu"), static folder => File.Exists(Path.Combine(folder, "kamailio/modules/tls.so")));

    /// <summary>Its log, for the message of a failed test.</summary>
    public string Log => _process.Output;

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="algorithm">The digest algorithm of its challenges: <c>MD5</c> or <c>SHA-256</c>.</param>
    /// <param name="rtpengine">The relay that encrypts the calls of plain telephones; null for none.</param>
    /// <param name="host">Its address, and the relay's.</param>
    /// <param name="place">The command that runs it at a place of a network of this test; nothing for this machine's own.</param>
    public static KamailioProxy Start(string algorithm, RtpEngine? rtpengine = null, string host = "127.0.0.1", params string[] place) =>
        Start(algorithm, rtpengine, host, certificate: null, hasTcp: false, place);

    /// <summary>Starts it with TCP as well, at the same port, and waits until it listens.</summary>
    /// <param name="algorithm">The digest algorithm of its challenges.</param>
    public static KamailioProxy StartWithTcp(string algorithm) =>
        Start(algorithm, null, "127.0.0.1", certificate: null, hasTcp: true, []);

    /// <summary>Starts it with TLS as well, and waits until it listens.</summary>
    /// <param name="algorithm">The digest algorithm of its challenges.</param>
    /// <param name="certificate">The file of its certificate and key.</param>
    public static KamailioProxy StartWithTls(string algorithm, string certificate)
    {
        Assert.SkipUnless(SpeaksTls, "kamailio has no module for TLS");
        return Start(algorithm, null, "127.0.0.1", certificate, hasTcp: false, []);
    }

    private static KamailioProxy Start(
        string algorithm, RtpEngine? rtpengine, string host, string? certificate, bool hasTcp, string[] place)
    {
        Assert.SkipUnless(PeerProcess.IsInstalled("kamailio"), "kamailio is not installed");
        string folder = Directory.CreateTempSubdirectory("kamailio-").FullName;
        int port = FreePorts.Next();
        string[] relay = rtpengine is null ? [] : ["-A", $"RTPENGINE=\"udp:{host}:{rtpengine.Port}\""];
        string[] tls = certificate is null
            ? []
            :
            [
                "-A", "TLS", "-A", $"CERTIFICATE=\"{certificate}\"",
                "-l", string.Create(CultureInfo.InvariantCulture, $"tls:{host}:{port + 1}"),
            ];
        string[] tcp = hasTcp ? ["-l", string.Create(CultureInfo.InvariantCulture, $"tcp:{host}:{port}")] : [];
        string[] command =
        [
            .. place, "kamailio", "-f", Path.Combine(AppContext.BaseDirectory, "Kamailio", "kamailio.cfg"), "-DD", "-E",
            "-Y", folder, "-m", certificate is null ? "16" : "64", "-M", certificate is null ? "4" : "16", "-l", string.Create(CultureInfo.InvariantCulture, $"udp:{host}:{port}"),
            "-A", $"ALGORITHM=\"{algorithm}\"", .. relay, .. tls, .. tcp,
        ];
        PeerProcess process = PeerProcess.StartIn(folder, command[0], command[1..]);
        KamailioProxy proxy = new(folder, process, host, port);
        try
        {
            process.WaitForUdpPort(host, port, Limits.Event);
            return proxy;
        }
        catch
        {
            proxy.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a line of its log that holds the text; lines up to it are not looked at again.</summary>
    public void WaitFor(string text) => _ = _process.WaitForLine(text, Limits.Event);

    /// <summary>The address of a user who has registered here, as it is reached by a transport.</summary>
    public string Address(string user, string transport = "udp")
    {
        int port = transport == "tls" ? TlsPort : Port;
        return string.Create(
            CultureInfo.InvariantCulture, $"sip:{user}@{_host}:{port}{(transport == "udp" ? "" : $";transport={transport}")}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // It ends its children when it is asked to end.
        if (!_process.HasEnded)
        {
            _process.Send(ProcessSignal.Terminate);
            _ = _process.WaitForEnd(Limits.Event);
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
