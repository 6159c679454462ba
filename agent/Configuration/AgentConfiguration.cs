using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using Microsoft.Extensions.Logging;

namespace IntercomAgent.Configuration;

/// <summary>All that a configuration file says, checked and complete: what it leaves out has its default here.</summary>
internal sealed record AgentConfiguration
{
    /// <summary>Signalling.</summary>
    public required SipConfiguration Sip { get; init; }

    /// <summary>The name servers that are asked instead of the machine's own; none for those.</summary>
    public IReadOnlyList<NetworkEndpoint> NameServers { get; init; } = [];

    /// <summary>Who has to prove a password to call.</summary>
    public required CallerConfiguration Callers { get; init; }

    /// <summary>The calls' media.</summary>
    public required MediaConfiguration Media { get; init; }

    /// <summary>Microphone and loudspeaker.</summary>
    public required AudioConfiguration Audio { get; init; }

    /// <summary>What the station itself lets be heard at the door.</summary>
    public required SoundsConfiguration Sounds { get; init; }

    /// <summary>Buttons and strike: how they are wired.</summary>
    public required PanelConfiguration Panel { get; init; }

    /// <summary>What the station does: buttons, codes, limits, calls from outside.</summary>
    public required StationSettings Station { get; init; }

    /// <summary>The file that keeps the agent's own key and certificate across restarts; made when it is missing.</summary>
    public required string IdentityFile { get; init; }

    /// <summary>
    /// The kind of key that is in it. RSA makes the first start longer by the seconds that a small board needs to find two primes, before
    /// the loop turns. It makes each handshake longer by a signature that takes some thirty times as long as one of ECDSA: 5 ms of a
    /// desktop's processor and, by estimate, 30 ms of the slowest board's, in three turns of the loop.
    /// </summary>
    public required CertificateKind CertificateKind { get; init; }

    /// <summary>The least serious level that is logged.</summary>
    public required LogLevel LogLevel { get; init; }
}

/// <summary>Where and as whom the agent speaks SIP.</summary>
internal sealed record SipConfiguration
{
    /// <summary>The address and the port for UDP, and for TCP, to listen on; an unspecified address listens on all interfaces.</summary>
    public required NetworkEndpoint Local { get; init; }

    /// <summary>Whether SIP is spoken over TCP too.</summary>
    public bool Tcp { get; init; } = true;

    /// <summary>Whom TLS trusts and what it proves itself with; null when it is not spoken.</summary>
    public TlsConfiguration? Tls { get; init; }

    /// <summary>The name that a called telephone shows.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The user part of the agent's own address.</summary>
    public required string User { get; init; }

    /// <summary>The host part of the agent's own address; null means the local address.</summary>
    public required string? Domain { get; init; }

    /// <summary>The accounts at registrars, the preferred first; none when calls go from station to station.</summary>
    public required IReadOnlyList<AccountConfiguration> Accounts { get; init; }

    /// <summary>Whether both say the same, whichever lists they say it with.</summary>
    public bool Equals(SipConfiguration? other) => other is not null
        && (Local, Tcp, Tls, DisplayName, User, Domain)
            == (other.Local, other.Tcp, other.Tls, other.DisplayName, other.User, other.Domain)
        && Accounts.SequenceEqual(other.Accounts);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Local, Tcp, DisplayName, User, Domain, Accounts.Count);
}

/// <summary>An account at a registrar.</summary>
internal sealed record AccountConfiguration
{
    /// <summary>Where REGISTER goes.</summary>
    public required ServerAddress Registrar { get; init; }

    /// <summary>
    /// Over TLS, whom the certificate of the registrar, or of the proxy, must be for; null for the address itself.
    /// </summary>
    public string? CertificateName { get; init; }

    /// <summary>The user name for digest authentication.</summary>
    public required string User { get; init; }

    /// <summary>The password for digest authentication.</summary>
    public required Secret Password { get; init; }

    /// <summary>How long a registration holds before it must be refreshed.</summary>
    public required TimeSpan Expires { get; init; }

    /// <summary>The address that is registered, <c>door@example.org</c>; null means user and domain of <c>[sip]</c>.</summary>
    public string? AddressOfRecord { get; init; }

    /// <summary>Where all requests go first; null means that calls to names go to the registrar.</summary>
    public required ServerAddress? OutboundProxy { get; init; }

    /// <summary>Whether the password may be proven with MD5.</summary>
    public bool AllowMd5 { get; init; } = true;

    /// <summary>
    /// The longest pause between two datagrams that keep a translator on the way to the registrar from forgetting us; zero for none.
    /// </summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How often its server is asked, between two registrations, whether it still answers; zero for never.</summary>
    public TimeSpan Probe { get; init; }

    /// <summary>Whether a URI that leads here from everywhere is asked for and used (RFC 5627).</summary>
    public bool UsesGruu { get; init; }

    /// <summary>What a person calls it, where there are several: where its requests go.</summary>
    public string Name => (OutboundProxy ?? Registrar).ToString();
}

/// <summary>Who has to prove a password to call; our own proxy does not have to.</summary>
/// <param name="Accounts">The callers; none when nobody has to.</param>
/// <param name="AllowMd5">Whether MD5 will do, for telephones that know no other.</param>
internal sealed record CallerConfiguration(IReadOnlyList<CallerCredential> Accounts, bool AllowMd5)
{
    /// <summary>Whether both say the same, whichever lists they say it with.</summary>
    public bool Equals(CallerConfiguration? other) =>
        other is not null && AllowMd5 == other.AllowMd5 && Accounts.SequenceEqual(other.Accounts);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(AllowMd5, Accounts.Count);
}

/// <summary>A caller that is known by its password.</summary>
/// <param name="User">The user name.</param>
/// <param name="Password">The password.</param>
internal sealed record CallerCredential(string User, Secret Password);

/// <summary>How media are sent and what is accepted.</summary>
internal sealed record MediaConfiguration
{
    /// <summary>The codecs, the best first.</summary>
    public required IReadOnlyList<AudioCodec> Codecs { get; init; }

    /// <summary>The highest sample rate of the codecs that this machine has: what a sound device is best opened with.</summary>
    public int SampleRate => Codecs.Where(AudioCoders.IsAvailable).Max(codec => CodecFacts.Of(codec).SampleRate);

    /// <summary>The SRTP protection profiles, the best first.</summary>
    public required IReadOnlyList<SrtpProfile> SrtpProfiles { get; init; }

    /// <summary>
    /// Whether there may be calls without encryption, where a button or <c>[incoming]</c> has them. Door codes do not count in them.
    /// </summary>
    public required bool AllowPlain { get; init; }

    /// <summary>
    /// Whether a peer that knows no authenticated encryption may protect its handshake with AES-CBC and HMAC-SHA1. It says nothing of the
    /// voice, whose protection the SRTP profiles are.
    /// </summary>
    public required bool AllowCbc { get; init; }

    /// <summary>In which calls signalling may carry the keys of the voice (SDES, RFC 4568), for telephones that know no DTLS-SRTP.</summary>
    public required SignalledKeysRule SignalledKeys { get; init; }

    /// <summary>The first UDP port for media; each call uses one.</summary>
    public required ushort FirstPort { get; init; }

    /// <summary>The last UDP port for media, not below the first.</summary>
    public required ushort LastPort { get; init; }

    /// <summary>How long a peer may be silent before it counts as gone and is hung up.</summary>
    public required TimeSpan PeerGone { get; init; }

    /// <summary>The differentiated services code point of media packets (RFC 2474), 0 to 63.</summary>
    public required int Dscp { get; init; }
}

/// <summary>In which calls signalling may carry the keys of the voice, where each server on its way reads them.</summary>
internal enum SignalledKeysRule
{
    /// <summary>In none.</summary>
    Off,

    /// <summary>In calls whose signalling goes over TLS as far as the next server, or the telephone itself.</summary>
    OverTls,

    /// <summary>In calls from and to <c>sips:</c> addresses alone, which go over TLS all the way.</summary>
    OverSips,
}

/// <summary>Where sound comes from and goes to.</summary>
internal sealed record AudioConfiguration
{
    /// <summary>What stands for the microphone.</summary>
    public required AudioKind Kind { get; init; }

    /// <summary>The WAV file that is captured, for <see cref="AudioKind.File"/>; else null.</summary>
    public required string? Microphone { get; init; }

    /// <summary>The WAV file that records what is played; null means that it goes nowhere.</summary>
    public required string? Loudspeaker { get; init; }

    /// <summary>The pitch of <see cref="AudioKind.Tone"/>, in hertz.</summary>
    public required int ToneHertz { get; init; }

    /// <summary>The period of the audio clock.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>The line that is the clock; null when a timer is, or the sound card.</summary>
    public LineClock? Clock { get; init; }

    /// <summary>The sound card, for <see cref="AudioKind.Alsa"/>; else null.</summary>
    public AlsaConfiguration? Alsa { get; init; }
}

/// <summary>What the station itself lets be heard at the door, beside those who talk.</summary>
internal sealed record SoundsConfiguration
{
    /// <summary>When a button was pressed, and somebody will be called.</summary>
    public required SoundChoice Pressed { get; init; }

    /// <summary>Again and again while it rings there.</summary>
    public required SoundChoice Ringing { get; init; }

    /// <summary>When nobody has come, or could be reached.</summary>
    public required SoundChoice Unanswered { get; init; }

    /// <summary>When the strike opens.</summary>
    public required SoundChoice Opened { get; init; }
}

/// <summary>A sound's choice.</summary>
/// <param name="Text">What the file says: "standard", "off", or the path of a WAV file.</param>
internal sealed record SoundChoice(string Text)
{
    /// <summary>The one that the agent makes itself.</summary>
    public static readonly SoundChoice Standard = new("standard");

    /// <summary>None.</summary>
    public static readonly SoundChoice Off = new("off");

    /// <summary>What the file holds, in one channel; null for the other two.</summary>
    public short[]? Samples { get; init; }

    /// <summary>Samples a second of the file.</summary>
    public int SampleRate { get; init; }

    /// <summary>Whether both name the same; a file that has changed meanwhile is still the same.</summary>
    public bool Equals(SoundChoice? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}

/// <summary>A sound card.</summary>
internal sealed record AlsaConfiguration
{
    /// <summary>The PCM of the microphone; null when there is none.</summary>
    public required string? CaptureDevice { get; init; }

    /// <summary>The PCM of the loudspeaker; null when there is none.</summary>
    public required string? PlaybackDevice { get; init; }

    /// <summary>What is heard of a microphone with two channels.</summary>
    public required CaptureChannel CaptureChannel { get; init; }

    /// <summary>The only rate to use, samples a second; null takes what suits best.</summary>
    public required int? Rate { get; init; }

    /// <summary>The loudspeaker's volume in percent; null leaves it as it is.</summary>
    public required int? VolumePercent { get; init; }

    /// <summary>The microphone's gain in percent; null leaves it as it is.</summary>
    public required int? GainPercent { get; init; }

    /// <summary>The mixer control of the volume; null takes the usual one.</summary>
    public required string? VolumeControl { get; init; }

    /// <summary>The mixer control of the gain; null takes the usual one.</summary>
    public required string? GainControl { get; init; }

    /// <summary>What is done to the microphone's sound.</summary>
    public required VoiceSettings Voice { get; init; }
}

/// <summary>What stands for the microphone.</summary>
internal enum AudioKind
{
    /// <summary>Silence, on the clock of a timer or a line, as are all but the sound card.</summary>
    Silence,

    /// <summary>A tone.</summary>
    Tone,

    /// <summary>A WAV file.</summary>
    File,

    /// <summary>A sound card by ALSA, which is the clock.</summary>
    Alsa,
}

/// <summary>How the panel is wired, and what is watched and shown there.</summary>
internal sealed record PanelConfiguration
{
    /// <summary>What stands for buttons and strike.</summary>
    public required PanelKind Kind { get; init; }

    /// <summary>The lines of <see cref="PanelKind.Gpio"/>; without any for other kinds.</summary>
    public required GpioPanelSettings Gpio { get; init; }

    /// <summary>What counts as a button that is stuck and a door that was left open.</summary>
    public required PanelWatchSettings Watch { get; init; }

    /// <summary>When the light is on.</summary>
    public required IReadOnlyList<LightTime> LightWhile { get; init; }

    /// <summary>Whether both say the same, whichever lists they say it with.</summary>
    public bool Equals(PanelConfiguration? other) => other is not null && Kind == other.Kind && Gpio == other.Gpio && Watch == other.Watch
        && LightWhile.SequenceEqual(other.LightWhile);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Gpio, Watch, LightWhile.Count);
}

/// <summary>When a light is on.</summary>
internal enum LightTime
{
    /// <summary>It rings, here or there.</summary>
    Ringing,

    /// <summary>A call is up.</summary>
    Call,

    /// <summary>The strike or the door is open.</summary>
    DoorOpen,
}

/// <summary>What stands for buttons and strike.</summary>
internal enum PanelKind
{
    /// <summary>There are none.</summary>
    None,

    /// <summary>Lines on standard input press the buttons; the strike is only told.</summary>
    StandardInput,

    /// <summary>Lines of the board.</summary>
    Gpio,
}
