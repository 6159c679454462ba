using System.Collections.Generic;
using System.Globalization;
using System.IO;
using IntercomAgent.Tests.Interop;

namespace IntercomAgent.Tests.Bench.Peers;

/// <summary>
/// Debian's baresip on the loopback interface, set up for as little work as it can do: one codec, a WAV file to speak, nobody to
/// listen, DTLS-SRTP with rtcp-mux. Opus is set up as ours is. It answers whoever calls.
/// </summary>
internal sealed class BaresipStation : IStation
{
    private const int MediaPorts = 100;

    private readonly string _folder;
    private readonly int _sipPort;
    private readonly PeerProcess _process;

    private BaresipStation(string folder, int sipPort, string? dial, IReadOnlyList<string> launcher)
    {
        _folder = folder;
        _sipPort = sipPort;
        string[] command = [.. launcher, "baresip", "-f", folder, .. dial is null ? [] : (string[])["-e", $"/dial {dial}"]];
        _process = PeerProcess.Start(command[0], command[1..]);
    }

    public int ProcessId => _process.Id;

    public string Output => _process.Output;

    /// <summary>Starts it, to wait for calls or to call somebody at once.</summary>
    /// <param name="sipPort">A free UDP port; the media ports are the hundred above it.</param>
    /// <param name="wavFile">What it speaks, at its codec's rate: one channel, longer than the call. Not used by a sound card.</param>
    /// <param name="dial">The SIP URI to call, or null.</param>
    /// <param name="isEncrypted">Whether it asks for DTLS-SRTP.</param>
    /// <param name="sound">Its codec, and what it does to what it speaks; null for PCMU, as it is.</param>
    public static BaresipStation Start(int sipPort, string? wavFile, string? dial, bool isEncrypted = true, BaresipSound? sound = null)
    {
        string folder = Directory.CreateTempSubdirectory("bench-baresip-").FullName;
        sound ??= BaresipSound.Pcmu;
        File.WriteAllText(Path.Combine(folder, "config"), Configuration(sipPort, wavFile, sound));
        string encryption = isEncrypted ? "mediaenc=dtls_srtp;" : "";
        File.WriteAllText(
            Path.Combine(folder, "accounts"),
            $"<sip:bench@127.0.0.1:{sipPort}>;regint=0;{encryption}answermode=auto;audio_codecs={sound.Codec}/{sound.SampleRate}/1\n");
        File.WriteAllText(Path.Combine(folder, "contacts"), "");
        return new BaresipStation(folder, sipPort, dial, sound.Launcher);
    }

    public bool IsMediaPort(int port) => port > _sipPort && port <= _sipPort + MediaPorts;

    public void Dispose()
    {
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Configuration(int sipPort, string? wavFile, BaresipSound sound) => string.Create(CultureInfo.InvariantCulture, $"""
        sip_listen 127.0.0.1:{sipPort}
        net_interface 127.0.0.1
        rtp_ports {sipPort + 1}-{sipPort + MediaPorts}
        rtcp_mux yes
        call_max_calls {MediaPorts / 2}
        module_path /usr/lib/baresip/modules
        module {sound.Module}
        module dtls_srtp.so
        module {(sound.AlsaDevice is null ? "aufile.so" : "alsa.so")}
        module aubridge.so
        {(sound.IsCleaned ? "module speex_pp.so" : "")}
        module_app account.so
        module_app menu.so
        audio_source {(sound.AlsaDevice is { } microphone ? $"alsa,{microphone}" : $"aufile,{wavFile}")}
        audio_player {(sound.AlsaDevice is { } loudspeaker ? $"alsa,{loudspeaker}" : "aubridge,nil")}
        audio_alert aubridge,nil
        ausrc_srate {sound.SampleRate}
        auplay_srate {sound.SampleRate}
        ausrc_channels 1
        auplay_channels 1
        opus_bitrate 32000
        opus_complexity 5
        opus_inbandfec yes
        opus_application voip
        opus_stereo no
        opus_sprop_stereo no

        """);
}

/// <summary>What a <see cref="BaresipStation"/> speaks with.</summary>
/// <param name="Module">The module of its codec.</param>
/// <param name="Codec">The codec's name.</param>
/// <param name="SampleRate">Samples a second.</param>
/// <param name="IsCleaned">Whether libspeexdsp lowers noise and sets the level: all of it that this baresip has a module for.</param>
internal sealed record BaresipSound(string Module, string Codec, int SampleRate, bool IsCleaned)
{
    public static readonly BaresipSound Pcmu = new("g711.so", "PCMU", 8000, IsCleaned: false);

    public static readonly BaresipSound Opus = new("opus.so", "opus", 48_000, IsCleaned: false);

    /// <summary>The sound card that it speaks and listens with; without one it speaks from a file, to nobody.</summary>
    public string? AlsaDevice { get; init; }

    /// <summary>The command that starts it with that card.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];
}
