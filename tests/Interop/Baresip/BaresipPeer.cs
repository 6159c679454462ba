using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using IntercomAgent.Audio;

namespace IntercomAgent.Tests.Interop.Baresip;

/// <summary>How a baresip is set up.</summary>
public sealed record BaresipOptions
{
    /// <summary>The user part of its address.</summary>
    public string User { get; init; } = "peer";

    /// <summary>The port of 127.0.0.1 of the registrar where it registers with the password "secret"; 0 for none.</summary>
    public int RegistrarPort { get; init; }

    /// <summary>What it says in its calls: 16 bits at 8 kHz, as long as the longest call.</summary>
    public required short[] Speech { get; init; }

    /// <summary>Whether it answers at once; else <see cref="BaresipPeer.Accept"/> does.</summary>
    public bool AnswersAlone { get; init; } = true;

    /// <summary>The address of the loopback interface that it uses, as it stands in a URI: <c>127.0.0.1</c> or <c>[::1]</c>.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>
    /// Its media encryption: <c>dtls_srtp</c>, <c>srtp</c> or <c>srtp-mand</c> (RFC 4568, if the other side likes or always), or empty for
    /// plain RTP.
    /// </summary>
    public string MediaEncryption { get; init; } = "dtls_srtp";

    /// <summary>By what it speaks SIP: <c>udp</c>, <c>tcp</c> or <c>tls</c>.</summary>
    public string Transport { get; init; } = "udp";

    /// <summary>The file of its certificate and its key; needed for <c>tls</c>.</summary>
    public string TlsCertificate { get; init; } = "";

    /// <summary>The file of the authorities that it trusts.</summary>
    public string TlsAuthorities { get; init; } = "";

    /// <summary>Whether it offers and accepts RTP and RTCP on one port.</summary>
    public bool RtcpMux { get; init; } = true;

    /// <summary>Its codecs, the best first.</summary>
    public string Codecs { get; init; } = "PCMU/8000/1,PCMA/8000/1";
}

/// <summary>
/// A real telephone: baresip on the loopback interface, without sound hardware, with a configuration of its own in a folder that goes
/// away with it. It says what a file holds and records what it hears.
/// </summary>
public sealed class BaresipPeer : IDisposable
{
    private const string Modules = "/usr/lib/baresip/modules";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);

    /// <summary>How long a digit is pressed, and rests: what RFC 4733 senders and people do.</summary>
    private static readonly TimeSpan DigitTime = TimeSpan.FromMilliseconds(120);

    private readonly string _folder;
    private readonly PeerProcess _process;
    private readonly BaresipControl _control;
    private readonly List<string> _events = [];

    private BaresipPeer(string folder, PeerProcess process, BaresipControl control, string address)
    {
        _folder = folder;
        _process = process;
        _control = control;
        Address = address;
    }

    /// <summary>Whether this machine has it, and the modules that we need.</summary>
    public static bool IsInstalled => PeerProcess.IsInstalled("baresip") && File.Exists(Path.Combine(Modules, "sndfile.so"));

    /// <summary>Where to call it: <c>sip:peer@127.0.0.1:5071</c>.</summary>
    public string Address { get; }

    /// <summary>Its log and its events, for the message of a failed test.</summary>
    public string Output => string.Join('\n', _events) + "\n" + _process.Output;

    /// <summary>Starts it and waits until it can be called, by name if there is a registrar.</summary>
    public static BaresipPeer Start(BaresipOptions options)
    {
        string folder = Directory.CreateTempSubdirectory("baresip-").FullName;
        int sipPort = FreePorts.Next();
        int controlPort = FreePorts.Next();

        // Where it takes TLS is one port above.
        int reached = options.Transport == "tls" ? sipPort + 1 : sipPort;
        string address = $"sip:{options.User}@{options.Host}:{reached}";
        WriteConfiguration(folder, options, sipPort, controlPort, address);
        PeerProcess process = PeerProcess.StartIn(folder, "baresip", "-f", folder, "-v", "-s");
        try
        {
            _ = process.WaitForLine("baresip is ready", StartLimit);
            if (options.RegistrarPort != 0)
            {
                _ = process.WaitForLine("[1 binding]", StartLimit);
            }

            return new BaresipPeer(folder, process, BaresipControl.Connect(controlPort, StartLimit), address);
        }
        catch
        {
            process.Dispose();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Calls an address.</summary>
    public void Dial(string uri) => _control.Send("dial", uri);

    /// <summary>Answers the call that rings.</summary>
    public void Accept() => _control.Send("accept");

    /// <summary>Puts the call on hold by a new offer.</summary>
    public void Hold() => _control.Send("hold");

    /// <summary>Ends the hold by a new offer.</summary>
    public void Resume() => _control.Send("resume");

    /// <summary>Asks the other end of the call to call somebody else.</summary>
    public void Transfer(string uri) => _control.Send("transfer", uri);

    /// <summary>Ends or refuses the call.</summary>
    public void HangUp() => _control.Send("hangup");

    /// <summary>Presses keys one after the other: 0 to 9, A to D, * and #. Takes a quarter of a second for each.</summary>
    public void SendDigits(string digits)
    {
        foreach (char digit in digits)
        {
            _control.Send("sndcode", digit.ToString());
            Thread.Sleep(DigitTime);
            // Without a digit, the command ends the one before.
            _control.Send("sndcode");
            Thread.Sleep(DigitTime);
        }
    }

    /// <summary>Waits for an event; those before it are passed over. Gives its parameter.</summary>
    /// <exception cref="TimeoutException">It did not come within the limit; the message holds the log.</exception>
    public string WaitFor(BaresipEvent kind, TimeSpan limit) =>
        WaitForMessage(kind, limit).TryGetProperty("param", out JsonElement parameter) ? parameter.GetString() ?? "" : "";

    /// <summary>Waits until, as its reports say, it has received that many packets in the call.</summary>
    /// <exception cref="TimeoutException">It had not within the limit; the message holds the log.</exception>
    public void WaitForPackets(int count, TimeSpan limit)
    {
        Stopwatch waited = Stopwatch.StartNew();
        int received;
        do
        {
            JsonElement report = WaitForMessage(BaresipEvent.Report, limit - waited.Elapsed);
            received = report.GetProperty("rtcp_stats").GetProperty("rx").GetProperty("sent").GetInt32();
        }
        while (received < count);
    }

    /// <summary>Waits for that many digits of telephone events and gives them in order.</summary>
    public string WaitForDigits(int count, TimeSpan limit) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => WaitFor(BaresipEvent.DigitStart, limit)));

    /// <summary>What it has heard in its last call; complete when the call is closed.</summary>
    public short[] ReceivedAudio() => Recording("dec");

    /// <summary>What it has said in its last call; complete when the call is closed.</summary>
    public short[] SentAudio() => Recording("enc");

    /// <summary>Ends it at once, as a loss of power does: nobody is told.</summary>
    public void Vanish() => _process.Send(ProcessSignal.Kill);

    /// <inheritdoc/>
    public void Dispose()
    {
        _control.Dispose();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private JsonElement WaitForMessage(BaresipEvent kind, TimeSpan limit)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (_control.Receive(limit - waited.Elapsed) is { } message)
        {
            _events.Add(message.GetRawText());
            if (message.TryGetProperty("type", out JsonElement type) && type.GetString() == kind.Name())
            {
                return message;
            }
        }

        throw new TimeoutException($"{kind} did not come from baresip:\n{Output}");
    }

    /// <summary>The names of the recordings hold date and time, so the last one sorts last.</summary>
    private short[] Recording(string kind) =>
        WaveFile.Read(Directory.GetFiles(_folder, $"dump-*-{kind}.wav").Order(StringComparer.Ordinal).Last());

    private static void WriteConfiguration(string folder, BaresipOptions options, int sipPort, int controlPort, string address)
    {
        string speech = Path.Combine(folder, "speech.wav");

        // It plays a file at its codec's rate alone.
        int rate = int.Parse(options.Codecs.Split('/')[1], CultureInfo.InvariantCulture);
        Resampler upward = new(WaveFile.SampleRate, rate, options.Speech.Length);
        short[] samples = new short[options.Speech.Length * (rate / WaveFile.SampleRate)];
        _ = upward.Convert(options.Speech, samples);
        WaveFile.Write(speech, rate == WaveFile.SampleRate ? options.Speech : samples, rate);
        string encryption = options.MediaEncryption.Length > 0 ? $";mediaenc={options.MediaEncryption}" : "";
        string account = options.RegistrarPort == 0
            ? $"<{address};transport={options.Transport}>;regint=0"
            : $"<sip:{options.User}@{options.Host}:{options.RegistrarPort};transport={options.Transport}>;regint=600"
                + $";auth_user={options.User};auth_pass=secret";
        File.WriteAllText(
            Path.Combine(folder, "accounts"),
            $"{account};answermode={(options.AnswersAlone ? "auto" : "manual")}"
            + $";audio_codecs={options.Codecs}{encryption}\n");
        File.WriteAllText(Path.Combine(folder, "contacts"), "");
        // net_interface takes an address too; the name of the loopback interface it refuses.
        File.WriteAllText(
            Path.Combine(folder, "config"),
            $"""
            poll_method epoll
            net_interface {options.Host.Trim('[', ']')}
            sip_listen {options.Host}:{sipPort}
            rtp_ports 2048-9999
            {(options.TlsCertificate.Length > 0 ? $"sip_certificate {options.TlsCertificate}" : "")}
            {(options.TlsAuthorities.Length > 0 ? $"sip_cafile {options.TlsAuthorities}" : "")}
            audio_source aufile,{speech}
            ausrc_channels 1
            auplay_channels 1
            audio_buffer 20-160
            rtcp_mux {(options.RtcpMux ? "yes" : "no")}
            snd_path {folder}
            statmode_default off
            ctrl_tcp_listen 127.0.0.1:{controlPort}
            module_path {Modules}
            opus_bitrate 48000
            opus_stereo no
            opus_sprop_stereo no
            module g711.so
            module g722.so
            module opus.so
            module aufile.so
            module sndfile.so
            module srtp.so
            module dtls_srtp.so
            module_tmp account.so
            module_app menu.so
            module_app ctrl_tcp.so

            """);
    }
}
