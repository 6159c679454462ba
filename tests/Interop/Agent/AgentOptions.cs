using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>How an agent is set up: what its configuration file says.</summary>
public sealed record AgentOptions
{
    /// <summary>The code that opens the strike.</summary>
    public const string Code = "2580";

    /// <summary>The name of the configuration file.</summary>
    public const string FileName = "agent.toml";

    /// <summary>The address that it listens on, as it stands in a URI: <c>127.0.0.1</c> or <c>[::1]</c>.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The address of its registrar.</summary>
    public string RegistrarHost { get; init; } = "127.0.0.1";

    /// <summary>The port of its registrar; 0 for none.</summary>
    public int RegistrarPort { get; init; }

    /// <summary>The name of its registrar, to be found by the name server; null for the address above, if any.</summary>
    public string? RegistrarName { get; init; }

    /// <summary>The port of the name server on the loopback interface; 0 for those of this machine.</summary>
    public int NameServerPort { get; init; }

    /// <summary>How its registrar is reached: <c>udp</c>, <c>tcp</c> or <c>tls</c>.</summary>
    public string RegistrarTransport { get; init; } = "udp";

    /// <summary>Whom the certificate of its registrar must be for; null for the address, or the name, that it is called by.</summary>
    public string? CertificateName { get; init; }

    /// <summary>The lines of <c>[sip.tls]</c>; none for no such section.</summary>
    public IReadOnlyList<string> Tls { get; init; } = [];

    /// <summary>The user part of its address, and its name at the registrar.</summary>
    public string User { get; init; } = "door";

    /// <summary>What its microphone hears, over and over; null for silence.</summary>
    public short[]? Speech { get; init; }

    /// <summary>Whom its button rings; nobody when empty.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Whether all targets ring at once.</summary>
    public bool RingsAll { get; init; }

    /// <summary>How long each target rings.</summary>
    public int RingSeconds { get; init; } = 20;

    /// <summary>Whether it answers whoever calls.</summary>
    public bool Answers { get; init; } = true;

    /// <summary>How long it rings before it answers.</summary>
    public int AnswerAfterSeconds { get; init; }

    /// <summary>How often it keeps a translator on the way to the registrar from forgetting it; 0 for never.</summary>
    public int NatKeepAliveSeconds { get; init; } = 25;

    /// <summary>Its codecs, the best first.</summary>
    public IReadOnlyList<string> Codecs { get; init; } = ["PCMU", "PCMA"];

    /// <summary>Its SRTP profiles, the best first.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = ["AEAD_AES_128_GCM", "AES_CM_128_HMAC_SHA1_80"];

    /// <summary>Whether calls without encryption are accepted.</summary>
    public bool AllowPlain { get; init; }

    /// <summary>In which calls the keys may be in the signalling: <c>off</c>, <c>tls</c> or <c>sips</c>.</summary>
    public string Sdes { get; init; } = "off";

    /// <summary>Whether a target may send a call on to another one.</summary>
    public bool FollowsRedirects { get; init; }

    /// <summary>Whether a telephone in a call may transfer it to a target.</summary>
    public bool AllowsTransfer { get; init; }

    /// <summary>How long a call lasts at most; 10 at least.</summary>
    public int CallLimitSeconds { get; init; } = 120;

    /// <summary>How long the strike stays open.</summary>
    public double StrikeSeconds { get; init; } = 1;

    /// <summary>Whether what its loudspeaker plays is recorded.</summary>
    public bool Records { get; init; } = true;

    /// <summary>Where its key and certificate are, beside its state; relative to its folder.</summary>
    public string Identity { get; init; } = "identity.pem";

    /// <summary>Writes the configuration file into a folder and gives its path; the microphone's file lies beside it.</summary>
    public string Write(string folder, int port)
    {
        StringBuilder text = new();
        Section(text, "[sip]", $"address = \"{Host.Trim('[', ']')}\"", $"port = {port.ToString(CultureInfo.InvariantCulture)}", $"user = \"{User}\"");
        if (NameServerPort != 0)
        {
            Section(text, "[dns]", string.Create(CultureInfo.InvariantCulture, $"servers = [\"127.0.0.1:{NameServerPort}\"]"));
        }

        if (Tls.Count > 0)
        {
            Section(text, "[sip.tls]", [.. Tls]);
        }

        if (RegistrarPort != 0 || RegistrarName is not null)
        {
            string registrar = RegistrarName ?? string.Create(
                CultureInfo.InvariantCulture, $"{RegistrarHost}:{RegistrarPort};transport={RegistrarTransport}");
            Section(
                text, "[sip.account]", $"registrar = \"{registrar}\"", $"user = \"{User}\"", "password = \"secret\"",
                CertificateName is null ? "" : $"certificate_name = \"{CertificateName}\"",
                $"nat_keep_alive_seconds = {NatKeepAliveSeconds.ToString(CultureInfo.InvariantCulture)}");
        }

        Section(
            text, "[media]", $"codecs = {List(Codecs)}", $"srtp_profiles = {List(Profiles)}", $"allow_plain = {Truth(AllowPlain)}",
            $"sdes = \"{Sdes}\"", "peer_gone_seconds = 5");
        Section(
            text, "[audio]", Records ? "loudspeaker = \"heard.wav\"" : "", Speech is null ? "kind = \"silence\"" : "kind = \"file\"\nmicrophone = \"speech.wav\"");
        Section(text, "[panel]", "kind = \"stdin\"");
        if (Targets.Count > 0)
        {
            Section(
                text, "[[button]]", $"targets = {List(Targets)}", $"plan = \"{(RingsAll ? "all" : "in-order")}\"",
                $"ring_seconds = {RingSeconds.ToString(CultureInfo.InvariantCulture)}");
        }

        Section(
            text, "[calls]", $"call_limit_seconds = {CallLimitSeconds.ToString(CultureInfo.InvariantCulture)}", "button_hangs_up = true",
            $"follow_redirects = {Truth(FollowsRedirects)}", $"allow_transfer = {Truth(AllowsTransfer)}");
        Section(text, "[incoming]", $"policy = \"{(Answers ? "answer" : "reject")}\"", "callers = [\"*\"]", "answer_tone = false",
            $"answer_after_seconds = {AnswerAfterSeconds.ToString(CultureInfo.InvariantCulture)}");
        Section(text, "[strike]", $"pulse_seconds = {StrikeSeconds.ToString(CultureInfo.InvariantCulture)}");
        Section(text, "[[code]]", "name = \"family\"", $"digits = \"{Code}\"");
        Section(text, "[identity]", $"file = \"{Identity}\"");
        string file = Path.Combine(folder, FileName);
        File.WriteAllText(file, text.ToString());
        if (Speech is not null)
        {
            WaveFile.Write(Path.Combine(folder, "speech.wav"), Speech);
        }

        return file;
    }

    private static void Section(StringBuilder text, string header, params string[] lines) =>
        text.AppendLine(header).AppendJoin('\n', lines).AppendLine();

    private static string List(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(value => $"\"{value}\""))}]";

    private static string Truth(bool value) => value ? "true" : "false";
}
