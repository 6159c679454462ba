using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using Microsoft.Extensions.Logging;

namespace IntercomAgent.Configuration;

/// <summary>
/// What a configuration file may say: one method a section, one line a key, with its range and what holds when it is absent. The
/// commented sample in <c>systemd/intercom-agent.toml</c> says the same to people.
/// </summary>
/// <param name="folder">What relative paths are relative to.</param>
/// <param name="credentials">The folder that <c>$CREDENTIALS_DIRECTORY</c> stands for.</param>
internal sealed class ConfigurationSchema(string folder, string credentials)
{
    /// <summary>Begins the path of a file that the service manager hands to the service alone (systemd.exec(5), LoadCredential=).</summary>
    private const string CredentialsPrefix = "$CREDENTIALS_DIRECTORY/";

    /// <summary>Buttons of the largest panel; a house with more doorbells has a keypad.</summary>
    private const int MaximumButtons = 16;

    /// <summary>Codes of one door: people, not a directory.</summary>
    private const int MaximumCodes = 64;

    /// <summary>Accounts at registrars: RFC 5626 section 4.2.1 has four ways to be reached as enough.</summary>
    private const int MaximumAccounts = 4;

    /// <summary>Callers with a password of their own.</summary>
    private const int MaximumCallerAccounts = 32;

    /// <summary>Name servers that are asked, as many as by resolv.conf(5) and one.</summary>
    private const int MaximumNameServers = 4;

    /// <summary>The port of name servers (RFC 1035 section 4.2.1).</summary>
    private const ushort NameServerPort = 53;

    private readonly LineUses _lines = new();

    /// <summary>Reads the whole file.</summary>
    public AgentConfiguration Read(ConfigurationSection file)
    {
        SipConfiguration sip = ReadSip(file.Section("sip"));
        ConfigurationSection identity = file.Section("identity");
        IReadOnlyList<ConfigurationSection> buttons = file.Sections("button", MaximumButtons);
        ConfigurationSection mediaSection = file.Section("media");
        MediaConfiguration media = ReadMedia(mediaSection);
        ConfigurationSection incoming = file.Section("incoming");
        CallerConfiguration callers = ReadCallers(file, incoming);
        StationSettings station = ReadStation(file, buttons, media.AllowPlain) with
        {
            Incoming = IncomingSchema.Read(incoming, callers.Accounts.Count > 0, media.AllowPlain),
        };
        AudioConfiguration audio = new AudioSchema(file.Section("audio"), _lines, InFolder).Read();
        SignalledKeysSchema.Check(mediaSection, media.SignalledKeys, sip, station);
        if (sip.Tls is null)
        {
            ReportTls(sip, file, buttons, station);
        }

        return new AgentConfiguration
        {
            Sip = sip,
            NameServers = ReadNameServers(file.Section("dns")),
            Callers = callers,
            Media = media,
            Audio = audio,
            Sounds = new SoundsSchema(file.Section("sounds"), InFolder).Read(hasLoudspeaker: audio.Alsa?.PlaybackDevice is not null),
            Panel = new PanelSchema(file.Section("panel"), _lines).Read(buttons, station.StrikePulse),
            Station = station,
            IdentityFile = InFolder(identity.Text("file", "/var/lib/intercom-agent/identity.pem")),
            CertificateKind = identity.Choice("certificate", CertificateKind.EcdsaP256,
                ("ecdsa-p256", CertificateKind.EcdsaP256), ("rsa-2048", CertificateKind.Rsa2048)),
            LogLevel = file.Section("log").Choice("level", LogLevel.Information,
                ("debug", LogLevel.Debug), ("info", LogLevel.Information), ("warning", LogLevel.Warning), ("error", LogLevel.Error)),
        };
    }

    private SipConfiguration ReadSip(ConfigurationSection sip)
    {
        string address = sip.Text("address", "0.0.0.0");
        ushort port = (ushort)sip.WholeNumber("port", 1, ushort.MaxValue, SipAddress.DefaultPort);
        if (!NetworkEndpoint.TryParseAddress(address, port, out NetworkEndpoint local))
        {
            sip.Report("address", $"\"{address}\" is no IP address; expected one of this machine's, or \"0.0.0.0\" or \"::\" for all");
        }

        return new SipConfiguration
        {
            Local = local,
            Tcp = sip.Switch("tcp", otherwise: true),
            Tls = sip.OptionalSection("tls") is { } tls ? new TlsSchema(tls, InFolder).Read() : null,
            DisplayName = sip.Text("display_name", "Door"),
            User = Token(sip, "user") ?? "door",
            Domain = Token(sip, "domain"),
            Accounts = ReadAccounts(sip),
        };
    }

    private static List<NetworkEndpoint> ReadNameServers(ConfigurationSection dns)
    {
        List<NetworkEndpoint> servers = [];
        foreach (string text in dns.Texts("servers", 0, MaximumNameServers, "\"192.0.2.53\""))
        {
            if (SipAddress.TryParseEndpoint(text, out NetworkEndpoint server, NameServerPort))
            {
                servers.Add(server);
            }
            else
            {
                dns.Report("servers", $"\"{text}\" is no address; expected \"192.0.2.53\" or \"192.0.2.53:53\"");
            }
        }

        return servers;
    }

    /// <summary>Without <c>[sip.tls]</c> nothing goes over TLS.</summary>
    private static void ReportTls(
        SipConfiguration sip, ConfigurationSection file, IReadOnlyList<ConfigurationSection> buttons, StationSettings station)
    {
        const string advice = "asks for TLS, and there is no [sip.tls] that says whom to trust; write that section, if only its name";
        if (sip.Accounts.Any(static account =>
            account.Registrar.Transport == ServerTransport.Tls || account.OutboundProxy?.Transport == ServerTransport.Tls))
        {
            file.Report("sip", $"an account {advice}");
        }

        foreach ((ConfigurationSection button, RingPlan plan) in buttons.Zip(station.Buttons))
        {
            if (plan.Targets.FirstOrDefault(static target => SipAddress.WantsTls(target.Uri)) is { } target)
            {
                button.Report("targets", $"\"{target.Uri}\" {advice}");
            }
        }
    }

    private List<AccountConfiguration> ReadAccounts(ConfigurationSection sip)
    {
        List<AccountConfiguration> accounts = [];
        foreach (ConfigurationSection section in sip.SectionOrSections("account", MaximumAccounts))
        {
            AccountConfiguration account = ReadAccount(section);
            CheckCertificateName(section, account);
            if (account.Registrar != default && accounts.Exists(other => other.Name == account.Name))
            {
                section.Report("registrar", $"an account whose requests go to {account.Name} is above already");
            }

            accounts.Add(account);
        }

        return accounts;
    }

    /// <summary>A server that is called by name must have a certificate for that name (RFC 5922 section 7.2), whatever else is wanted.</summary>
    private static void CheckCertificateName(ConfigurationSection section, AccountConfiguration account)
    {
        ServerAddress server = account.OutboundProxy ?? account.Registrar;
        if (account.CertificateName is not null && server.IsName)
        {
            section.Report("certificate_name", $"given, but {server.Host} is a name, and its certificate must be for that name");
        }
        else if (account.CertificateName is not null && server.Transport != ServerTransport.Tls)
        {
            section.Report("certificate_name", "given, but only an address with \";transport=tls\" behind it is asked for a certificate");
        }
    }

    private AccountConfiguration ReadAccount(ConfigurationSection account) => new()
    {
        Registrar = Server(account, "registrar", account.RequiredText("registrar", "192.0.2.10:5060")) ?? default,
        CertificateName = Token(account, "certificate_name"),
        User = account.RequiredText("user", "door"),
        AddressOfRecord = ReadAddressOfRecord(account),
        Password = ReadPassword(account),
        Expires = account.Seconds("expires_seconds", 60, 86400, otherwise: 600),
        OutboundProxy = Server(account, "outbound_proxy", account.OptionalText("outbound_proxy") ?? ""),
        KeepAlive = TimeSpan.FromSeconds(account.WholeNumber("nat_keep_alive_seconds", 0, 3600, otherwise: 25)),
        Probe = TimeSpan.FromSeconds(account.WholeNumber("probe_seconds", 0, 3600, otherwise: 0)),
        AllowMd5 = !account.Switch("refuse_md5", otherwise: false),
        UsesGruu = account.Switch("gruu", otherwise: false),
    };

    private static string? ReadAddressOfRecord(ConfigurationSection account)
    {
        string? address = account.OptionalText("address_of_record");
        if (address is not null && !SipAddress.IsAddressOfRecord(address))
        {
            account.Report("address_of_record", $"\"{address}\" is no address of a person; expected \"door@example.org\"");
        }

        return address;
    }

    private Secret ReadPassword(ConfigurationSection account)
    {
        const int maximumPassword = 255;
        string? password = account.SecretText("password");
        string? file = account.OptionalText("password_file");
        if (account.Has("password") == account.Has("password_file"))
        {
            account.Report("password", account.Has("password")
                ? "password and password_file are both given; expected one of them"
                : "missing; write password_file = \"/etc/intercom-agent/password\" or password = \"…\"");
        }
        else if (file is not null)
        {
            bool read = TextFile.TryRead(InFolder(file), maximumPassword, out string content, out string? problem);
            password = content.TrimEnd('\r', '\n');
            if (!read)
            {
                account.Report("password_file", $"\"{file}\": {problem}");
            }
            else if (password.Length == 0 || password.Any(char.IsControl))
            {
                account.Report("password_file", $"\"{file}\": expected the password alone, on one line");
            }
        }

        return new Secret(password ?? "");
    }

    private CallerConfiguration ReadCallers(ConfigurationSection file, ConfigurationSection incoming)
    {
        List<CallerCredential> accounts = [];
        foreach (ConfigurationSection section in file.Sections("caller", MaximumCallerAccounts))
        {
            string user = section.RequiredText("user", "kitchen");
            if (user.Any(letter => letter is '"' or '\\' || char.IsControl(letter)))
            {
                section.Report("user", $"\"{user}\" holds a sign that a user name cannot have");
            }

            if (user.Length > 0 && accounts.Exists(other => other.User == user))
            {
                section.Report("user", $"a caller named \"{user}\" is above already");
            }

            accounts.Add(new CallerCredential(user, ReadPassword(section)));
        }

        return new CallerConfiguration(accounts, incoming.Switch("allow_md5", otherwise: false));
    }

    private static MediaConfiguration ReadMedia(ConfigurationSection media)
    {
        int first = media.WholeNumber("first_port", 1024, ushort.MaxValue, otherwise: 16384);
        int last = media.WholeNumber("last_port", 1024, ushort.MaxValue, otherwise: Math.Min(first + 63, ushort.MaxValue));
        if (last < first)
        {
            media.Report("last_port", $"{last} lies before first_port, {first}");
        }

        return new MediaConfiguration
        {
            Codecs = ReadCodecs(media),
            SrtpProfiles = media.Choices(
                "srtp_profiles",
                [SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes256Gcm, SrtpProfile.AesCm128HmacSha1Tag80],
                ("AEAD_AES_128_GCM", SrtpProfile.AeadAes128Gcm),
                ("AEAD_AES_256_GCM", SrtpProfile.AeadAes256Gcm),
                ("AES_CM_128_HMAC_SHA1_80", SrtpProfile.AesCm128HmacSha1Tag80),
                ("AES_CM_128_HMAC_SHA1_32", SrtpProfile.AesCm128HmacSha1Tag32)),
            AllowPlain = media.Switch("allow_plain", otherwise: false),
            AllowCbc = media.Switch("allow_cbc", otherwise: false),
            SignalledKeys = media.Choice("sdes", SignalledKeysRule.Off,
                ("off", SignalledKeysRule.Off), ("tls", SignalledKeysRule.OverTls), ("sips", SignalledKeysRule.OverSips)),
            FirstPort = (ushort)first,
            LastPort = (ushort)last,
            PeerGone = media.Seconds("peer_gone_seconds", 5, 600, otherwise: 30),
            Dscp = media.WholeNumber("dscp", 0, 63, otherwise: 46),
        };
    }

    private static IReadOnlyList<AudioCodec> ReadCodecs(ConfigurationSection media)
    {
        IReadOnlyList<AudioCodec> codecs = media.Choices(
            "codecs",
            [AudioCodec.Opus, AudioCodec.G722, AudioCodec.Pcma, AudioCodec.Pcmu],
            ("OPUS", AudioCodec.Opus), ("G722", AudioCodec.G722), ("PCMA", AudioCodec.Pcma), ("PCMU", AudioCodec.Pcmu));
        if (codecs is [AudioCodec.Opus])
        {
            media.Report("codecs", "\"OPUS\" alone leaves nothing where its library is not installed; add another one");
        }

        return codecs;
    }

    private static StationSettings ReadStation(
        ConfigurationSection file, IReadOnlyList<ConfigurationSection> buttons, bool allowPlain)
    {
        ConfigurationSection calls = file.Section("calls");
        return new StationSettings
        {
            Buttons = [.. buttons.Select(button => ReadButton(button, allowPlain))],
            RingLimit = calls.Seconds("ring_limit_seconds", 5, 600, otherwise: 120),
            CallLimit = calls.Seconds("call_limit_seconds", 10, 7200, otherwise: 300),
            ButtonHangsUp = calls.Switch("button_hangs_up", otherwise: false),
            FollowsRedirects = calls.Switch("follow_redirects", otherwise: false),
            AllowsTransfer = calls.Switch("allow_transfer", otherwise: false),
            ButtonRest = calls.Seconds("button_rest_seconds", 0.05, 5, otherwise: 0.5),
            Codes = ReadCodes(file),
            StrikePulse = file.Section("strike").Seconds("pulse_seconds", 0.1, Strike.MaximumPulse.TotalSeconds, otherwise: 3),
        };
    }

    private static RingPlan ReadButton(ConfigurationSection button, bool allowPlain)
    {
        TimeSpan ringTime = button.Seconds("ring_seconds", 1, 300, otherwise: 30);
        IReadOnlyList<string> targets = button.Texts("targets", 1, RingPlan.MaximumTargets, "\"sip:house@192.0.2.20\"");
        foreach (string target in targets)
        {
            if (SipAddress.FindFault(target) is { } fault)
            {
                button.Report("targets", fault);
            }
        }

        CallSecurity security = IncomingSchema.ReadSecurity(button, allowPlain, CallSecurity.Secure);
        return new RingPlan(
            button.Choice("plan", RingOrder.InOrder, ("in-order", RingOrder.InOrder), ("all", RingOrder.All)),
            [.. targets.Select(target => new RingTarget(target, ringTime, security))]);
    }

    private static CodeSettings ReadCodes(ConfigurationSection file)
    {
        ConfigurationSection keypad = file.Section("keypad");
        List<DoorCode> codes = [];
        foreach (ConfigurationSection section in file.Sections("code", MaximumCodes))
        {
            DoorCode code = ReadCode(section);
            if (codes.Find(other => other.Name == code.Name) is { Name.Length: > 0 })
            {
                section.Report("name", $"a code named \"{code.Name}\" is above already");
            }

            if (codes.Find(other => Overlap(code, other)) is { } rival)
            {
                section.Report("digits", $"the code \"{rival.Name}\" begins with this one, or this one with it; the longer is out of reach");
            }

            codes.Add(code);
        }

        return new CodeSettings
        {
            Codes = codes,
            DigitPause = keypad.Seconds("digit_pause_seconds", 1, 30, otherwise: 5),
            WrongEntries = keypad.WholeNumber("wrong_entries", 1, 10, otherwise: 3),
            LockTime = keypad.Seconds("lock_seconds", 10, 3600, otherwise: 60),
        };
    }

    private static DoorCode ReadCode(ConfigurationSection section)
    {
        const string right = "4 to 16 digits in quotes";
        string name = section.RequiredText("name", "family");
        string? digits = section.SecretText("digits");
        if (!section.Has("digits"))
        {
            section.Report("digits", $"missing; expected {right}");
        }
        else if (digits is not null && !IsCode(digits))
        {
            section.Report("digits", $"expected {right}");
            digits = null;
        }

        return new DoorCode(name, new Secret(digits ?? ""));
    }

    private static bool IsCode(string digits) =>
        digits.Length is >= DoorCode.MinimumDigits and <= DoorCode.MaximumDigits && digits.All(char.IsAsciiDigit);

    private static bool Overlap(DoorCode code, DoorCode other)
    {
        (string left, string right) = (code.Digits.Reveal(), other.Digits.Reveal());
        return left.Length > 0 && right.Length > 0
            && (left.StartsWith(right, StringComparison.Ordinal) || right.StartsWith(left, StringComparison.Ordinal));
    }

    /// <summary>A text that goes into a SIP address as it is.</summary>
    private static string? Token(ConfigurationSection section, string key)
    {
        string? text = section.OptionalText(key);
        if (text is not null && !text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or '+'))
        {
            section.Report(key, $"\"{text}\" may only hold letters, digits and the signs . - _ +");
        }

        return text;
    }

    private static ServerAddress? Server(ConfigurationSection section, string key, string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (SipAddress.FindServerFault(text, out ServerAddress server) is { } fault)
        {
            section.Report(
                key,
                $"\"{text}\" {fault}; expected \"192.0.2.10\", \"192.0.2.10:5060\", \"pbx.example.org\" or \"192.0.2.10:5060;transport=tcp\"");
        }

        return server;
    }

    private string InFolder(string path) => path.StartsWith(CredentialsPrefix, StringComparison.Ordinal)
        ? Path.GetFullPath(path[CredentialsPrefix.Length..], credentials)
        : Path.GetFullPath(path, folder);
}
