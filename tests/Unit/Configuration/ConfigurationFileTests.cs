using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using IntercomAgent.Audio;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Station;
using IntercomAgent.Tests.Unit.Tls;
using Microsoft.Extensions.Logging;
using Xunit;

namespace IntercomAgent.Tests.Unit.Configuration;

public sealed class ConfigurationFileTests
{
    /// <summary>The keys that only a sound card has.</summary>
    private const string AlsaKeys =
        "(device|capture_device|playback_device|capture_channel|rate|volume_percent|gain_percent|volume_control|gain_control|"
        + "echo|noise_suppression_db|automatic_gain|wind_filter)";

    [Fact]
    public void The_sample_is_valid()
    {
        AgentConfiguration? sample = ConfigurationFile.Load(ConfigurationDouble.SampleFile, out IReadOnlyList<ConfigurationProblem> problems);

        Assert.Empty(problems);
        Assert.NotNull(sample);
        Assert.Equal("Front door", sample.Sip.DisplayName);
        Assert.Equal(RingOrder.All, Assert.Single(sample.Station.Buttons).Order);
        Assert.False(sample.Station.Incoming.Answers);
    }

    /// <summary>The sample is what people read: each key that it shows must exist, and what it calls a default must be valid.</summary>
    [Fact]
    public void The_sample_is_valid_with_every_example_in_it_switched_on()
    {
        string password = Path.GetTempFileName();
        File.WriteAllText(password, "correct horse\n");
        using TestAuthority authority = TestAuthority.Create();
        (string certificate, string key) = authority.Issue();
        string pem = Path.GetTempFileName();
        File.WriteAllText(pem, $"{certificate}\n{key}\n");
        string text = Regex.Replace(
                File.ReadAllText(ConfigurationDouble.SampleFile), @"^#(?=[a-z_]+ = |\[)(?!" + AlsaKeys + " = )", "", RegexOptions.Multiline)
            .Replace("$CREDENTIALS_DIRECTORY/password", password)
            .Replace("$CREDENTIALS_DIRECTORY/tls-key", pem)
            .Replace("/etc/intercom-agent/tls-certificate.pem", pem)
            .Replace("/etc/ssl/certs/ca-certificates.crt", pem)
            .Replace("sha-256 4A:AD:B9:…", CertificateFingerprint.Compute(authority.Encoded).ToString())
            .Replace("digits = \"…\"", "digits = \"2580\"")
            .Replace("kind = \"tone\"", "kind = \"file\"")
            .Replace("kind = \"stdin\"", "kind = \"gpio\"")
            .Replace("clock = \"timer\"", "clock = \"gpio\"");

        AgentConfiguration configuration = ConfigurationDouble.Read(text);

        File.Delete(password);
        File.Delete(pem);
        Assert.Equal("pbx.example.org", configuration.Sip.Accounts[0].CertificateName);
        Assert.NotNull(configuration.Sip.Tls!.ReadIdentity());
        Assert.Equal("correct horse", Assert.Single(configuration.Sip.Accounts).Password.Reveal());
        Assert.Equal("192.0.2.11:5061", configuration.Sip.Accounts[0].OutboundProxy.ToString());
        Assert.Equal("family", Assert.Single(configuration.Station.Codes.Codes).Name);
        Assert.Equal(("GPIO26", 50), (configuration.Audio.Clock!.Line.Text, configuration.Audio.Clock.EdgesPerSecond));
    }

    [Fact]
    public void The_sample_shows_how_a_sound_card_is_used()
    {
        string text = Regex.Replace(
                File.ReadAllText(ConfigurationDouble.SampleFile), "^#(?=" + AlsaKeys + " = )", "", RegexOptions.Multiline)
            .Replace("kind = \"tone\"", "kind = \"alsa\"");

        AlsaConfiguration? alsa = ConfigurationDouble.Read(text).Audio.Alsa;

        Assert.Equal(
            new AlsaConfiguration
            {
                CaptureDevice = "plughw:CARD=Codec",
                PlaybackDevice = null,
                CaptureChannel = CaptureChannel.Both,
                Rate = 16_000,
                VolumePercent = 80,
                GainPercent = 60,
                VolumeControl = "Speaker",
                GainControl = "Mic",

                // There is no echo without a loudspeaker.
                Voice = new VoiceSettings { Echo = EchoControl.Off, NoiseSuppression = 12, AutomaticGain = true, WindFilter = true },
            },
            alsa);
    }

    [Theory]
    [InlineData("", EchoControl.Cancel)]
    [InlineData("echo = \"half-duplex\"", EchoControl.Switch)]
    [InlineData("echo = \"off\"", EchoControl.Off)]
    [InlineData("capture_device = \"none\"", EchoControl.Off)]
    [InlineData("playback_device = \"none\"", EchoControl.Off)]
    internal void A_card_with_both_halves_has_its_echo_cancelled(string line, EchoControl expected)
    {
        AgentConfiguration configuration = ConfigurationDouble.Read($"[audio]\nkind = \"alsa\"\n{line}\n");
        Assert.Equal(expected, configuration.Audio.Alsa?.Voice.Echo);
    }

    /// <summary>The commented keys of the sample say that they show the defaults.</summary>
    [Fact]
    public void What_the_sample_calls_a_default_is_the_default()
    {
        AgentConfiguration bare = ConfigurationDouble.Read("");
        string[] examples = ["domain", "microphone", "loudspeaker", "callers", "registrar", "user", "password", "password_file", "expires_seconds", "nat_keep_alive_seconds", "probe_seconds", "outbound_proxy", "address_of_record", "gruu", "refuse_md5", "name", "digits", "clock_line", "clock_hertz", "ca_file", "pinned_certificates", "certificate_file", "key_file", "listen_port", "require_client_certificate", "certificate_name"];
        string text = Regex.Replace(File.ReadAllText(ConfigurationDouble.SampleFile), @"^#(?=([a-z_]+) = )(?!(" + string.Join('|', examples) + ") )(?!" + AlsaKeys + " = )", "", RegexOptions.Multiline);
        text = Regex.Replace(text, @"^#(?=\[panel\.)", "", RegexOptions.Multiline).Replace("kind = \"stdin\"", "kind = \"gpio\"");
        AgentConfiguration shown = ConfigurationDouble.Read(text);

        Assert.Equal(bare.Sip.Local, shown.Sip.Local);
        Assert.Equal(bare.Media with { Codecs = [], SrtpProfiles = [] }, shown.Media with { Codecs = [], SrtpProfiles = [] });
        Assert.Equal(bare.Media.Codecs, shown.Media.Codecs);
        Assert.Equal(bare.Media.SrtpProfiles, shown.Media.SrtpProfiles);
        Assert.Equal(bare.Audio with { Kind = AudioKind.Tone }, shown.Audio);
        Assert.Equal(bare.Panel.Watch, shown.Panel.Watch);
        Assert.Equal(bare.Panel.LightWhile, shown.Panel.LightWhile);
        Assert.Equal(bare.Station.RingLimit, shown.Station.RingLimit);
        Assert.Equal(bare.Station.CallLimit, shown.Station.CallLimit);
        Assert.Equal(bare.Station.ButtonRest, shown.Station.ButtonRest);
        Assert.Equal(bare.Station.StrikePulse, shown.Station.StrikePulse);
        Assert.Equal(bare.Station.Codes with { Codes = [] }, shown.Station.Codes with { Codes = [] });
        Assert.Equal(bare.IdentityFile, shown.IdentityFile);
        Assert.Equal(bare.LogLevel, shown.LogLevel);
    }

    [Fact]
    public void Reads_what_is_written()
    {
        AgentConfiguration configuration = ConfigurationDouble.Read("""
            log.level = "debug"
            identity = { file = "identity.pem", certificate = "rsa-2048" }
            sip = { address = "2001:db8::1", port = 5062, user = "front", domain = "example.org" }
            button = [ { targets = ["sip:a@192.0.2.1", "sip:b@[2001:db8::2]:5062;transport=udp"], ring_seconds = 12.5 } ]
            [media]
            codecs = ["PCMA"]
            srtp_profiles = ["AES_CM_128_HMAC_SHA1_32", "AEAD_AES_256_GCM"]
            allow_plain = true
            allow_cbc = true
            first_port = 65_000
            [incoming]
            policy = "answer"
            callers = ["house@192.0.2.7"]
            answer_after_seconds = 2
            [[code]]
            name = "family"
            digits = "2580"
            """);

        Assert.Equal(LogLevel.Debug, configuration.LogLevel);
        Assert.Equal("/etc/intercom-agent/identity.pem", configuration.IdentityFile);
        Assert.Equal(CertificateKind.Rsa2048, configuration.CertificateKind);
        Assert.True(configuration.Media.AllowCbc);
        Assert.Equal("[2001:db8::1]:5062", configuration.Sip.Local.ToString());
        Assert.Empty(configuration.Sip.Accounts);
        Assert.Equal([AudioCodec.Pcma], configuration.Media.Codecs);
        Assert.Equal([SrtpProfile.AesCm128HmacSha1Tag32, SrtpProfile.AeadAes256Gcm], configuration.Media.SrtpProfiles);
        Assert.Equal((65000, 65063), (configuration.Media.FirstPort, configuration.Media.LastPort));
        RingPlan plan = Assert.Single(configuration.Station.Buttons);
        Assert.Equal(["sip:a@192.0.2.1", "sip:b@[2001:db8::2]:5062;transport=udp"], plan.Targets.Select(target => target.Uri));
        Assert.Equal(TimeSpan.FromSeconds(12.5), plan.Targets[1].RingTime);
        Assert.True(Assert.Single(configuration.Station.Incoming.Callers).Matches(new Caller("sip:house@192.0.2.7", "192.0.2.7")));
        Assert.Equal(TimeSpan.FromSeconds(2), configuration.Station.Incoming.AnswerAfter);
        Assert.Equal("2580", Assert.Single(configuration.Station.Codes.Codes).Digits.Reveal());
        Assert.DoesNotContain("2580", Assert.Single(configuration.Station.Codes.Codes).ToString());
    }

    [Fact]
    public void Reads_the_lines_of_a_panel()
    {
        AgentConfiguration configuration = ConfigurationDouble.Read("""
            [panel]
            kind = "gpio"
            light_while = ["door-open"]
            [panel.strike]
            line = "pinctrl-rp1:17"
            active = "low"
            drive = "open-drain"
            lock = "fail-safe"
            [panel.door]
            line = "GPIO24"
            left_open_seconds = 90
            [panel.keypad]
            rows = ["GPIO5", "GPIO6"]
            columns = ["GPIO12", "GPIO20"]
            keys = ["12", "*#"]
            [[button]]
            line = "GPIO4"
            debounce_ms = 50
            targets = ["sip:a@192.0.2.1"]
            [incoming]
            policy = "ring"
            callers = ["*"]
            """);

        PanelConfiguration panel = configuration.Panel;
        StrikeLine strike = panel.Gpio.Strike!;
        Assert.Equal(PanelKind.Gpio, panel.Kind);
        Assert.Equal(
            ("pinctrl-rp1:17", true, LineDrive.OpenDrain, LockKind.FailSafe, TimeSpan.FromSeconds(4)),
            (strike.Line.Text, strike.ActiveLow, strike.Drive, strike.Lock, strike.Maximum));
        Assert.Equal(
            [(PanelInput.Button, 0, "GPIO4", true, 50.0), (PanelInput.DoorContact, 0, "GPIO24", false, 20.0)],
            panel.Gpio.Inputs.Select(input => (input.Input, input.Number, input.Line.Text, input.ActiveLow, input.Debounce.TotalMilliseconds)));
        Assert.Equal(["12", "*#"], panel.Gpio.Keypad!.Keys);
        Assert.Equal(TimeSpan.FromSeconds(90), panel.Watch.LeftOpenAfter);
        Assert.Equal([LightTime.DoorOpen], panel.LightWhile);
        Assert.True(configuration.Station.Incoming.ByHand);
    }

    [Theory]
    [InlineData("[panel]\nkind = \"gpo\"", "test.toml:2: panel.kind: \"gpo\" is not known; did you mean \"gpio\"?")]
    [InlineData("[panel]\nkind = \"gpio\"\n[panel.strike]\nline = \"gpiochip0:\"",
        "test.toml:4: panel.strike.line: \"gpiochip0:\" is no line; expected a name, \"GPIO17\", or chip and offset, \"gpiochip0:17\"")]
    [InlineData("[panel]\nkind = \"gpio\"\n[panel.strike]", "test.toml:3: panel.strike.line: missing; write line = \"GPIO17\"")]
    [InlineData("[panel]\nkind = \"gpio\"\n[panel.strike]\nline = \"A\"\n[panel.light]\nline = \"A\"",
        "test.toml:6: panel.light.line: the line \"A\" has another use already")]
    [InlineData("[panel]\nkind = \"gpio\"\n[panel.strike]\nline = \"A\"\nmaximum_seconds = 3",
        "test.toml:5: panel.strike.maximum_seconds: must be longer than pulse_seconds of [strike], which it is the last resort of")]
    [InlineData("[panel.strike]\nline = \"A\"", "test.toml:1: panel.kind: lines are given, but only kind = \"gpio\" has lines")]
    [InlineData("[panel]\nkind = \"gpio\"\n[panel.hook]\nlin = \"A\"\nline = \"A\"",
        "test.toml:4: panel.hook.lin: unknown key; did you mean line?")]
    [InlineData("[panel]\nkind = \"gpio\"\n[panel.keypad]\nrows = [\"A\"]\ncolumns = [\"B\"]\nkeys = [\"12\"]",
        "test.toml:6: panel.keypad.keys: expected 1 texts, one a row, of 1 characters each, one a column")]
    public void What_is_wrong_with_a_panel_is_told(string text, string problem) =>
        Assert.Equal([problem], ConfigurationDouble.Problems(text));

    /// <summary>A reload asks for that: lists are compared by what is in them.</summary>
    [Theory]
    [InlineData("", true)]
    [InlineData("[panel.light]\nline = \"D\"", false)]
    public void A_panel_that_is_read_twice_is_the_same_panel(string more, bool isSame)
    {
        const string Panel = """
            [panel]
            kind = "gpio"
            [panel.keypad]
            rows = ["A"]
            columns = ["B"]
            keys = ["1"]
            [panel.door]
            line = "C"

            """;

        Assert.Equal(isSame, ConfigurationDouble.Read(Panel).Panel == ConfigurationDouble.Read(Panel + more).Panel);
    }

    [Theory]
    [InlineData("", CallSecurity.Secure)]
    [InlineData("[media]\nallow_plain = true", CallSecurity.PreferSecure)]
    [InlineData("[media]\nallow_plain = true\n[incoming]\nsecurity = \"secure\"", CallSecurity.Secure)]
    [InlineData("[media]\nallow_plain = true\n[incoming]\nsecurity = \"allow-plain\"", CallSecurity.AllowPlain)]
    public void Calls_from_outside_are_as_secure_as_it_says(string text, object security) =>
        Assert.Equal(security, ConfigurationDouble.Read(text).Station.Incoming.Security);

    [Fact]
    public void A_button_says_how_secure_its_calls_are()
    {
        const string button = "[[button]]\ntargets = [\"sip:a@192.0.2.1\"]\n";
        const string preferred = button + "security = \"prefer-secure\"\n";

        Assert.Equal(CallSecurity.Secure, Security(button + "[media]\nallow_plain = true"));
        Assert.Equal(CallSecurity.PreferSecure, Security(preferred + "[media]\nallow_plain = true"));
        Assert.Equal(
            ["test.toml:3: button.security: calls without encryption need allow_plain = true in [media] as well"],
            ConfigurationDouble.Problems(preferred));

        static CallSecurity Security(string text) => ConfigurationDouble.Read(text).Station.Buttons[0].Targets[0].Security;
    }

    [Fact]
    public void Callers_with_a_password_need_not_be_named_otherwise()
    {
        const string text = """
            [incoming]
            policy = "ring"
            allow_md5 = true
            answer_tone = false
            [[caller]]
            user = "kitchen"
            password = "pots"
            [[caller]]
            user = "garden"
            password = "hose"
            """;
        AgentConfiguration configuration = ConfigurationDouble.Read(text);

        Assert.Equal([new CallerCredential("kitchen", new Secret("pots")), new CallerCredential("garden", new Secret("hose"))], configuration.Callers.Accounts);
        Assert.True(configuration.Callers.AllowMd5);
        Assert.False(configuration.Station.Incoming.HasTone);
        Assert.Equal(configuration.Callers, ConfigurationDouble.Read(text).Callers);
        Assert.NotEqual(configuration.Callers, ConfigurationDouble.Read(text.Replace("hose", "rake")).Callers);
    }

    [Fact]
    public void Callers_with_a_password_are_told_apart() =>
        Assert.Equal(
            [
                "test.toml:2: caller.password: missing; write password_file = \"/etc/intercom-agent/password\" or password = \"…\"",
                "test.toml:5: caller.user: a caller named \"a\" is above already",
                "test.toml:8: caller.user: \"b\"c\" holds a sign that a user name cannot have",
            ],
            ConfigurationDouble.Problems(
                "[incoming]\n[[caller]]\nuser = \"a\"\n[[caller]]\nuser = \"a\"\npassword = \"p\"\n[[caller]]\nuser = 'b\"c'\npassword = \"p\""));

    [Fact]
    public void A_button_of_a_panel_of_lines_needs_one() =>
        Assert.Equal(
            ["test.toml:1: button.line: missing; write line = \"GPIO17\""],
            ConfigurationDouble.Problems("[[button]]\ntargets = [\"sip:a@192.0.2.1\"]\n[panel]\nkind = \"gpio\""));

    [Fact]
    public void An_empty_file_is_a_station_that_lets_nobody_in()
    {
        AgentConfiguration configuration = ConfigurationDouble.Read("");

        Assert.Empty(configuration.Station.Buttons);
        Assert.Empty(configuration.Station.Codes.Codes);
        Assert.False(configuration.Station.Incoming.Answers);
        Assert.False(configuration.Media.AllowPlain);
        Assert.False(configuration.Media.AllowCbc);
        Assert.Equal(CertificateKind.EcdsaP256, configuration.CertificateKind);
    }

    [Fact]
    public void There_may_be_several_accounts_in_the_order_of_preference()
    {
        const string account = "[[sip.account]]\nuser = \"door\"\npassword = \"p\"\n";
        AgentConfiguration configuration = ConfigurationDouble.Read(
            $"{account}registrar = \"192.0.2.10\"\n{account}registrar = \"192.0.2.10\"\noutbound_proxy = \"192.0.2.12\"\naddress_of_record = \"4711@example.org\"");
        Assert.Equal(["192.0.2.10:5060", "192.0.2.12:5060"], configuration.Sip.Accounts.Select(read => read.Name));
        Assert.Equal([null, "4711@example.org"], configuration.Sip.Accounts.Select(read => read.AddressOfRecord));
    }

    [Fact]
    public void A_password_may_be_a_credential_that_the_service_manager_hands_over()
    {
        const string text = "[sip.account]\nregistrar = \"192.0.2.10\"\nuser = \"door\"\npassword_file = \"$CREDENTIALS_DIRECTORY/password\"";
        string folder = Directory.CreateTempSubdirectory("credentials").FullName;
        File.WriteAllText(Path.Combine(folder, "password"), "correct horse\n");

        AgentConfiguration? configuration = ConfigurationFile.Parse(text, "/nowhere", out _, folder);
        Assert.Equal("correct horse", configuration?.Sip.Accounts[0].Password.Reveal());

        // What the unit puts there when there is no password.
        File.WriteAllText(Path.Combine(folder, "password"), "\n");
        Assert.Null(ConfigurationFile.Parse(text, "/nowhere", out IReadOnlyList<ConfigurationProblem> problems, folder));
        Assert.Contains("expected the password alone", Assert.Single(problems).Describe("test.toml"));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("", "expected the password alone, on one line")]
    [InlineData("two\nlines\n", "expected the password alone, on one line")]
    [InlineData(null, "there is no such file")]
    public void A_password_file_that_holds_no_password_is_told(string? content, string complaint)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        if (content is not null)
        {
            File.WriteAllText(Path.Combine(folder, "password"), content);
        }

        AgentConfiguration? configuration = ConfigurationFile.Parse(
            "[sip.account]\nregistrar = \"192.0.2.10\"\nuser = \"door\"\npassword_file = \"password\"",
            folder,
            out IReadOnlyList<ConfigurationProblem> problems);

        Directory.Delete(folder, recursive: true);
        Assert.Null(configuration);
        Assert.Equal($"f:4: sip.account.password_file: \"password\": {complaint}", Assert.Single(problems).Describe("f"));
    }
}
