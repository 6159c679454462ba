using System;
using System.Globalization;
using System.IO;
using IntercomAgent.Tests.Interop.Agent;
using IntercomAgent.Tests.Interop.Namespaces;
using IntercomAgent.Tests.Interop.Tls;
using Xunit;

namespace IntercomAgent.Tests.Interop.Linphone;

/// <summary>
/// A real telephone: linphonec, which takes its address from the machine's interfaces and so needs a network of its own. It says what a
/// file holds, records what it hears, and talks encrypted only. It answers whoever calls. ICE is off.
/// </summary>
public sealed class LinphonePeer : IDisposable
{
    /// <summary>The address in the network <c>house</c>.</summary>
    public const string Host = "198.51.100.1";

    /// <summary>Where to call it, by UDP.</summary>
    public const string Address = "sip:house@198.51.100.1:5062";

    // Nobody else is in that network.
    private const int Port = 5062;

    private readonly string _folder;
    private readonly PeerProcess _process;

    private LinphonePeer(string folder, PeerProcess process)
    {
        _folder = folder;
        _process = process;
    }

    /// <summary>What it has shown, for the message of a failed test.</summary>
    public string Output => _process.Output;

    /// <summary>Starts it in the network <c>house</c> and waits until it can call.</summary>
    /// <param name="house">The network.</param>
    /// <param name="speech">What it says.</param>
    /// <param name="encryption">Its media encryption: <c>dtls</c>, or <c>srtp</c> (RFC 4568).</param>
    /// <param name="files">Whom it trusts, and who vouches for it, where it calls by TLS; null for nobody.</param>
    public static LinphonePeer Start(NetworkNamespace house, short[] speech, string encryption = "dtls", CertificateFiles? files = null)
    {
        Assert.SkipUnless(PeerProcess.IsInstalled("linphonec"), "linphonec is not installed");
        string folder = Directory.CreateTempSubdirectory("linphone-").FullName;
        // It does not make the folder of its database, and without one it does not listen.
        _ = Directory.CreateDirectory(Path.Combine(folder, ".local", "share", "linphone"));
        WaveFile.Write(Path.Combine(folder, "say.wav"), speech);
        File.WriteAllText(Path.Combine(folder, "linphonerc"), Configuration(encryption, files));
        string[] command = house.Command(null, "env", $"HOME={folder}", "linphonec", "-a", "-c", Path.Combine(folder, "linphonerc"));
        LinphonePeer peer = new(folder, PeerProcess.StartIn(folder, command[0], command[1..]));
        try
        {
            peer._process.WriteLine("soundcard use files");
            _ = peer._process.WaitForLine("Using wav files", Limits.Event);
            peer._process.WriteLine($"record {Path.Combine(folder, "heard.wav")}");
            peer._process.WriteLine($"play {Path.Combine(folder, "say.wav")}");
            peer._process.WaitForUdpPort(Host, Port, Limits.Event);
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }

    /// <summary>Calls an address.</summary>
    public void Dial(string uri) => _process.WriteLine($"call {uri}");

    /// <summary>Presses keys one after the other.</summary>
    public void SendDigits(string digits) => _process.WriteLine(digits);

    /// <summary>Ends the call.</summary>
    public void HangUp() => _process.WriteLine("terminate");

    /// <summary>Waits until it says that the call is over.</summary>
    public void WaitForEnd() => _ = _process.WaitForLine("ended", Limits.Event);

    /// <summary>What it has heard; complete when the call is over.</summary>
    public short[] Heard() => WaveFile.Read(Path.Combine(_folder, "heard.wav"));

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // Addresses in certificates it does not know; without a certificate of its own it would ask for a password.
    private static string Secure(CertificateFiles files)
    {
        string own = files.Issue("linphone", isFor: $"IP:{Host}");
        return $"root_ca={files.Authority}\nverify_server_cn=0\n"
            + $"client_cert_chain={Path.ChangeExtension(own, "crt")}\nclient_cert_key={Path.ChangeExtension(own, "key")}";
    }

    // Without the mark of the migration it turns IPv6 on, and prefers it.
    private static string Configuration(string encryption, CertificateFiles? files) => string.Create(CultureInfo.InvariantCulture, $"""
        [sip]
        sip_port={Port}
        sip_tcp_port=0
        sip_tls_port={(files is null ? 0 : -1)}
        use_ipv6=0
        ipv6_migration_done=1
        bind_address={Host}
        guess_hostname=0
        contact="house" <sip:house@{Host}>
        media_encryption={encryption}
        media_encryption_mandatory=1
        {(files is null ? "" : Secure(files))}
        [net]
        firewall_policy=0
        [sound]
        echocancellation=0
        [video]
        enabled=0

        """);
}
