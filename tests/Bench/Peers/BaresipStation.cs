using System.Globalization;
using System.IO;
using IntercomAgent.Tests.Interop;

namespace IntercomAgent.Tests.Bench.Peers;

/// <summary>
/// Debian's baresip on the loopback interface, set up for as little work as it can do: one codec, a WAV file to speak, nobody to
/// listen, DTLS-SRTP with rtcp-mux. It answers whoever calls.
/// </summary>
internal sealed class BaresipStation : IStation
{
    private const int MediaPorts = 100;

    private readonly string _folder;
    private readonly int _sipPort;
    private readonly PeerProcess _process;

    private BaresipStation(string folder, int sipPort, string? dial)
    {
        _folder = folder;
        _sipPort = sipPort;
        string[] arguments = dial is null ? ["-f", folder] : ["-f", folder, "-e", $"/dial {dial}"];
        _process = PeerProcess.Start("baresip", arguments);
    }

    public int ProcessId => _process.Id;

    public string Output => _process.Output;

    /// <summary>Starts it, to wait for calls or to call somebody at once.</summary>
    /// <param name="sipPort">A free UDP port; the media ports are the hundred above it.</param>
    /// <param name="wavFile">What it speaks: 8000 Hz, one channel, longer than the call.</param>
    /// <param name="dial">The SIP URI to call, or null.</param>
    /// <param name="isEncrypted">Whether it asks for DTLS-SRTP.</param>
    public static BaresipStation Start(int sipPort, string wavFile, string? dial, bool isEncrypted = true)
    {
        string folder = Directory.CreateTempSubdirectory("bench-baresip-").FullName;
        File.WriteAllText(Path.Combine(folder, "config"), Configuration(sipPort, wavFile));
        File.WriteAllText(
            Path.Combine(folder, "accounts"),
            $"<sip:bench@127.0.0.1:{sipPort}>;regint=0;{(isEncrypted ? "mediaenc=dtls_srtp;" : "")}answermode=auto;audio_codecs=PCMU/8000/1\n");
        File.WriteAllText(Path.Combine(folder, "contacts"), "");
        return new BaresipStation(folder, sipPort, dial);
    }

    public bool IsMediaPort(int port) => port > _sipPort && port <= _sipPort + MediaPorts;

    public void Dispose()
    {
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Configuration(int sipPort, string wavFile) => string.Create(CultureInfo.InvariantCulture, $"""
        sip_listen 127.0.0.1:{sipPort}
        net_interface 127.0.0.1
        rtp_ports {sipPort + 1}-{sipPort + MediaPorts}
        rtcp_mux yes
        call_max_calls {MediaPorts / 2}
        module_path /usr/lib/baresip/modules
        module g711.so
        module dtls_srtp.so
        module aufile.so
        module aubridge.so
        module_app account.so
        module_app menu.so
        audio_source aufile,{wavFile}
        audio_player aubridge,nil
        audio_alert aubridge,nil
        ausrc_srate 8000
        auplay_srate 8000
        ausrc_channels 1
        auplay_channels 1

        """);
}
