using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using IntercomAgent.Configuration;
using Xunit;

namespace IntercomAgent.Tests.Unit.Configuration;

public sealed class ConfigurationProblemTests
{
    [Theory]
    [InlineData("wrong-values")]
    [InlineData("written-twice")]
    [InlineData("no-toml")]
    public void Tells_every_problem_with_its_line_its_key_and_what_would_be_right(string name)
    {
        string folder = Path.Combine(ConfigurationDouble.Folder(), "Expected");
        string[] expected = File.ReadAllLines(Path.Combine(folder, name + ".txt"));

        Assert.Equal(expected, ConfigurationDouble.Problems(File.ReadAllText(Path.Combine(folder, name + ".toml")), name + ".toml"));
    }

    [Theory]
    [InlineData("password = \"horse\"\npassword = \"horse\"")]
    [InlineData("password = horse")]
    [InlineData("password = \"horse")]
    [InlineData("password = 'horse\nhorse'")]
    [InlineData("password = [\"horse\"]")]
    [InlineData("password = \"horse\\u0007\"")]
    [InlineData("password = \"horse\"\npassword_file = \"x\"")]
    public void Never_quotes_a_password(string lines)
    {
        string[] problems = ConfigurationDouble.Problems($"[sip.account]\nregistrar = \"192.0.2.10\"\nuser = \"door\"\n{lines}\n");

        Assert.NotEmpty(problems);
        Assert.All(problems, problem => Assert.DoesNotContain("horse", problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("x = {a = 1, a = 2}", "test.toml:1: x.a: given twice; the first is on line 1")]
    [InlineData("sip = 3", "test.toml:1: sip: expected a section [sip], found a whole number")]
    [InlineData("[[sip]]", "test.toml:1: sip: expected a section [sip], found sections")]
    [InlineData("[sip]\naccount = true", "test.toml:2: sip.account: expected a section [sip.account], found true or false")]
    [InlineData("audio.period_ms = 13", "test.toml:1: audio.period_ms: 13 does not divide a packet of 20 ms; expected 10 or 20")]
    [InlineData("audio.clock = \"gpio\"", "test.toml:1: audio.clock_line: missing; write clock_line = \"GPIO17\"")]
    [InlineData("audio.clock = \"gpio\"", "test.toml:1: audio.clock_hertz: missing; write clock_hertz = 50, the rising edges of the line in a second")]
    [InlineData("[audio]\nclock = \"line\"", "test.toml:2: audio.clock: \"line\" is not known; expected one of \"timer\", \"gpio\"")]
    [InlineData("[audio]\nclock_line = \"GPIO26\"", "test.toml:2: audio.clock_line: given, but only clock = \"gpio\" counts the edges of a line")]
    [InlineData("[audio]\nclock_hertz = 50", "test.toml:2: audio.clock_hertz: given, but only clock = \"gpio\" counts the edges of a line")]
    [InlineData("[audio]\nkind = \"alsa\"\nclock = \"timer\"", "test.toml:3: audio.clock: given, but with kind = \"alsa\" the sound card is the clock")]
    [InlineData("[audio]\nclock = \"gpio\"\nclock_hertz = 75", "test.toml:3: audio.clock_hertz: 75 edges a second do not divide periods of 20 ms; expected a multiple of 50")]
    [InlineData("[audio]\nclock_hertz = 48000", "test.toml:2: audio.clock_hertz: 48000 is out of range; expected a whole number from 50 to 1000")]
    [InlineData("[audio]\nclock = \"gpio\"\nclock_line = \"GPIO7\"\n[panel.led]\nline = \"GPIO7\"", "test.toml:5: panel.led.line: the line \"GPIO7\" has another use already")]
    [InlineData("button = [1]", "test.toml:1: button: expected sections [[button]], found a list")]
    [InlineData("[button]", "test.toml:1: button: expected sections [[button]], found a section")]
    [InlineData(
        "[[sip.account]]\nregistrar = \"192.0.2.10\"\nuser = \"a\"\npassword = \"p\"\n[[sip.account]]\nregistrar = \"192.0.2.10:5060\"\nuser = \"b\"\npassword = \"p\"",
        "test.toml:6: sip.account.registrar: an account whose requests go to 192.0.2.10:5060 is above already")]
    [InlineData(
        "[sip.account]\nregistrar = \"192.0.2.10\"\nuser = \"a\"\npassword = \"p\"\naddress_of_record = \"sip:door@example.org\"",
        "test.toml:5: sip.account.address_of_record: \"sip:door@example.org\" is no address of a person; expected \"door@example.org\"")]
    [InlineData("[sip.port]", "test.toml:1: sip.port: expected a whole number from 1 to 65535, found a section")]
    [InlineData("\"a\\nb\" = 1", "test.toml:1: a?b: unknown key; known here: audio, button, caller, calls, code, dns, identity, incoming, keypad, log, media, panel, sip, sounds, strike")]
    public void Tells_where_the_form_is_wrong(string text, string problem) => Assert.Contains(problem, ConfigurationDouble.Problems(text));

    [Fact]
    public void Nesting_without_end_is_told()
    {
        Assert.Equal(["test.toml:1: not TOML: brackets are nested too deeply"], ConfigurationDouble.Problems("a = " + new string('[', 100_000)));
    }

    [Fact]
    public void A_file_that_is_not_there_is_told()
    {
        string missing = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString());

        Assert.Null(ConfigurationFile.Load(missing, out IReadOnlyList<ConfigurationProblem> problems));
        Assert.Equal($"{missing}: there is no such file", Assert.Single(problems).Describe(missing));
        Assert.Null(ConfigurationFile.Load(Path.GetTempPath(), out problems));
        Assert.Equal("/tmp: this is a folder, not a file", Assert.Single(problems).Describe("/tmp"));
    }

    [Fact]
    public void A_file_without_end_is_not_read()
    {
        Assert.Null(ConfigurationFile.Load("/dev/zero", out IReadOnlyList<ConfigurationProblem> problems));
        Assert.Equal("/dev/zero: the file is longer than 262144 characters", Assert.Single(problems).Describe("/dev/zero"));
    }

    [Fact]
    public void Cut_everywhere_it_never_throws()
    {
        string sample = Sample();
        for (int length = 0; length <= sample.Length; length++)
        {
            _ = ConfigurationDouble.Problems(sample[..length]);
        }
    }

    [Fact]
    public void With_any_character_changed_it_never_throws()
    {
        string sample = Sample();
        Random random = new(20);
        for (int index = 0; index < sample.Length; index++)
        {
            char[] changed = sample.ToCharArray();
            changed[index] = (char)random.Next(1, 256);
            _ = ConfigurationDouble.Problems(new string(changed));
        }
    }

    [Fact]
    public void Noise_never_throws()
    {
        const string signs = "[]{}=.,\"'#\n\\ -+_:019aeuxTZ\r\t\0é";
        for (int seed = 1; seed <= 3000; seed++)
        {
            Random random = new(seed);
            _ = ConfigurationDouble.Problems(string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => signs[random.Next(signs.Length)])));
        }
    }

    /// <summary>A file that uses every form of TOML that the sample has, without its comments.</summary>
    private static string Sample() => """
        sip.port = 5062
        [sip.account]
        registrar = "192.0.2.10"
        user = 'door'
        password = "correct \u0068orse"
        [media]
        codecs = [ "PCMA", # the better one
          "PCMU" ]
        [calls]
        button_rest_seconds = 2.5e-1
        button_hangs_up = true
        [[button]]
        targets = ["sip:house@192.0.2.20"]
        [[button]]
        targets = ["sip:house@example.org"]
        [incoming]
        code = 2026-01-01T00:00:00Z
        """;
}
