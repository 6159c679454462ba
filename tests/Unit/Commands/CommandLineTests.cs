using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using IntercomAgent.Commands;
using Xunit;

namespace IntercomAgent.Tests.Unit.Commands;

public sealed class CommandLineTests
{
    private static string Unit([CallerFilePath] string path = "") => Path.GetFullPath("..", Path.GetDirectoryName(path)!);

    private static (int Status, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int status = CommandLine.Run(arguments, new StandardStreams(output, error, ErrorIsTerminal: false));
        return (status, output.ToString(), error.ToString());
    }

    [Fact]
    public void Without_arguments_it_says_what_can_be_run_and_starts_nothing()
    {
        (int status, string output, string error) = Run();

        Assert.Equal(0, status);
        Assert.Equal("", error);
        Assert.Equal(Run("--help").Output, output);
        Assert.All(["demo", "run", "check-config", "version", "Begin with", "Exit status"], word => Assert.Contains(word, output));
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("run")]
    [InlineData("check-config")]
    [InlineData("devices")]
    [InlineData("test")]
    [InlineData("version")]
    public void Each_command_has_help(string command)
    {
        (int status, string output, string error) = Run(command, "--help");

        Assert.Equal((0, ""), (status, error));
        Assert.Contains($"{command} ", output);
        Assert.DoesNotContain("Exit status", output);
    }

    [Theory]
    [InlineData("intercom-agent: Unrecognized command or argument 'dmo'.\nDid you mean: demo\nTry: intercom-agent --help\n", "dmo")]
    [InlineData("intercom-agent: Unrecognized command or argument '--jsn'.\nDid you mean: --json\nTry: intercom-agent --help\n", "demo", "--jsn")]
    [InlineData("intercom-agent: Required argument 'FILE' missing for command: 'check-config'.\nTry: intercom-agent --help\n", "check-config")]
    [InlineData("intercom-agent: Required argument missing for option: '--config'.\nTry: intercom-agent --help\n", "run", "--config")]
    [InlineData("intercom-agent: '0' is no number of seconds from 1 to 3600.\nTry: intercom-agent --help\n", "test", "echo", "--seconds", "0")]
    [InlineData("intercom-agent: 'x' is no number of seconds from 1 to 3600.\nTry: intercom-agent --help\n", "test", "echo", "--seconds", "x")]
    [InlineData("intercom-agent: Unrecognized command or argument '@/etc/passwd'.\nTry: intercom-agent --help\n", "@/etc/passwd")]
    public void A_wrong_command_line_is_told_and_gives_status_2(string expected, params string[] arguments)
    {
        Assert.Equal((2, "", expected), Run(arguments));
    }

    [Fact]
    public void Version_says_which()
    {
        (int status, string output, string error) = Run("version");

        Assert.Equal((0, ""), (status, error));
        Assert.Matches(@"^intercom-agent \d+\.\d+\.\d+(\+[0-9a-f]{9})?\n$", output);
    }

    [Fact]
    public void Check_config_tells_what_a_valid_file_means()
    {
        string sample = Path.GetFullPath("../../systemd/intercom-agent.toml", Unit());

        Assert.Equal((0, $"""
            {sample}: valid
              listens on      0.0.0.0:5060
              registers with  nobody
              button 1 rings  sip:kitchen@192.0.2.20 and sip:upstairs@192.0.2.21:5062
              answers         nobody
              door codes      none
              codecs          OPUS, G722, PCMA, PCMU

            """, ""), Run("check-config", sample));
    }

    [Fact]
    public void Check_config_says_that_the_sound_card_is_missing_and_that_the_file_is_valid_all_the_same()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "[audio]\nkind = \"alsa\"\ndevice = \"hw:CARD=nowhere\"\n");
        (int status, string output, string error) = Run("check-config", file);
        File.Delete(file);

        Assert.Equal((0, ""), (status, error));
        Assert.StartsWith($"{file}: valid\n", output);
        Assert.Contains("\n  sound           not now: ", output);
    }

    [Theory]
    [InlineData("button")]
    [InlineData("strike")]
    [InlineData("speaker")]
    [InlineData("microphone")]
    [InlineData("echo")]
    public void Where_there_is_nothing_to_try_the_test_says_so(string part)
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "");
        (int status, string output, string error) = Run("test", part, "--config", file);
        File.Delete(file);

        Assert.Equal((1, ""), (status, output));
        Assert.StartsWith("intercom-agent: there is no", error);
    }

    [Theory]
    [InlineData("microphone", "capture_device", "there is no microphone to try: [audio] has capture_device = \"none\"")]
    [InlineData("echo", "capture_device", "there is no microphone to try: [audio] has capture_device = \"none\"")]
    [InlineData("speaker", "playback_device", "there is no loudspeaker to try: [audio] has playback_device = \"none\"")]
    [InlineData("echo", "playback_device", "there is no loudspeaker to try: [audio] has playback_device = \"none\"")]
    public void The_half_that_a_card_lacks_is_not_tried(string part, string lacking, string expected)
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, $"[audio]\nkind = \"alsa\"\ndevice = \"null\"\n{lacking} = \"none\"\n");
        (int status, string output, string error) = Run("test", part, "--config", file);
        File.Delete(file);

        Assert.Equal((1, "", $"intercom-agent: {expected}\n"), (status, output, error));
    }

    [Theory]
    [InlineData("check-config")]
    [InlineData("run", "--config")]
    public void A_wrong_file_is_told_and_gives_status_2(params string[] command)
    {
        string file = Path.Combine(Unit(), "Configuration/Expected/written-twice.toml");
        string[] expected = File.ReadAllLines(Path.ChangeExtension(file, ".txt"));

        (int status, string output, string error) = Run([.. command, file]);

        Assert.Equal((2, ""), (status, output));
        Assert.Equal(expected.Select(line => Path.GetDirectoryName(file) + "/" + line), error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_file_that_is_not_there_is_told_and_gives_status_2() =>
        Assert.Equal((2, "", "/nowhere.toml: there is no such file\n"), Run("check-config", "/nowhere.toml"));
}
