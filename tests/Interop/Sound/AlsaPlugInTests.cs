using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using IntercomAgent.Tests.Interop.Agent;
using Xunit;

namespace IntercomAgent.Tests.Interop.Sound;

/// <summary>
/// The agent's commands with the real libasound and no card: an ALSA configuration of the test's own, whose plug-ins capture from files and
/// play into files. These have no clock, so that the agent's own is the pace.
/// </summary>
public sealed class AlsaPlugInTests : IDisposable
{
    private const double Amplitude = 8000;

    private readonly string _folder = Directory.CreateTempSubdirectory("alsa-").FullName;

    [Fact]
    public void At_every_rate_what_the_microphone_heard_is_played_a_second_later()
    {
        int[] rates = [8000, 16_000, 32_000, 44_100, 48_000];
        List<PeerProcess> trials = [];
        foreach (int rate in rates)
        {
            // Silence first: until it is clear that there is no clock, periods are skipped.
            File.WriteAllBytes(Samples($"ears-{rate}"), MemoryMarshal.AsBytes<short>([.. new short[2 * rate], .. Tone(440, rate, seconds: 3)]));
            string alsa = Alsa($"{FileIn("ears", Samples($"ears-{rate}"))}\n{FileOut("mouth", Samples($"mouth-{rate}"))}", rate);
            string configuration = Audio($"capture_device = \"ears\"\nplayback_device = \"mouth\"\nrate = {Text(rate)}", rate);
            trials.Add(Start(alsa, "test", "echo", "--seconds", "5", "--config", configuration));
        }

        foreach ((int rate, PeerProcess trial) in rates.Zip(trials))
        {
            Assert.Equal((0, ""), (trial.WaitForEnd(Limits.Event), trial.Errors));
            Assert.Contains("heard [######  ] -15 dB, peak -12 dB      played [######  ] -15 dB, peak -12 dB", trial.StandardOutput, StringComparison.Ordinal);
            trial.Dispose();
            AssertIsTone(440, Read(Samples($"mouth-{rate}")), rate, channels: 1);
        }
    }

    [Fact]
    public void Without_a_microphone_the_loudspeaker_is_opened_at_the_rate_and_with_the_channels_that_the_plug_in_has_behind_it()
    {
        string plug = $$"""
            {{FileOut("mouth", Samples("mouth"))}}
            pcm.speaker { type plug slave { pcm "mouth" format S16_LE rate 44100 channels 2 } }
            """;
        string configuration = Audio("capture_device = \"none\"\nplayback_device = \"speaker\"");
        using PeerProcess trial = Start(Alsa(plug), "test", "speaker", "--seconds", "3", "--config", configuration);

        Assert.Equal((0, ""), (trial.WaitForEnd(Limits.Event), trial.Errors));
        AssertIsTone(1000, Read(Samples("mouth")), 44_100, channels: 2, seconds: 0.8);
    }

    [Fact]
    public void What_one_process_plays_another_one_hears()
    {
        using (PeerProcess fifo = PeerProcess.Start("mkfifo", Samples("air")))
        {
            Assert.Equal(0, fifo.WaitForEnd(Limits.Event));
        }

        string alsa = Alsa($"{FileIn("ears", Samples("air"))}\n{FileOut("mouth", Samples("air"))}");
        using PeerProcess ear = Start(
            alsa, "test", "microphone", "--seconds", "4", "--config", Audio("capture_device = \"ears\"\nplayback_device = \"none\"", 1));
        using PeerProcess mouth = Start(
            alsa, "test", "speaker", "--seconds", "3", "--config", Audio("capture_device = \"none\"\nplayback_device = \"mouth\"", 2));

        Assert.Equal(0, mouth.WaitForEnd(Limits.Event));
        Assert.Equal(0, ear.WaitForEnd(Limits.Event));
        Assert.Contains("microphone [#######################       ] -15 dB, peak -12 dB", ear.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public void A_microphone_at_its_end_is_silent_and_a_control_that_there_is_not_is_told()
    {
        File.WriteAllBytes(Samples("ears"), []);
        string configuration = Audio(
            "device = \"ears\"\nplayback_device = \"none\"\nvolume_percent = 50\ngain_percent = 50\ngain_control = \"Micro\"");
        using PeerProcess trial = Start(
            Alsa(FileIn("ears", Samples("ears"))), "test", "microphone", "--seconds", "1", "--config", configuration);

        Assert.Equal(1, trial.WaitForEnd(Limits.Event));
        Assert.Equal(
            """
            intercom-agent: no volume control to set; the sound card has none
            intercom-agent: no gain control "Micro" to set; the sound card has none
            intercom-agent: the microphone gave nothing but silence: is it the right device, plugged in, its gain up?
            Try: intercom-agent devices
            """, trial.Errors);
    }

    [Theory]
    [InlineData("device = \"nowhere\"", "cannot capture from the sound device nowhere: no such ")]
    [InlineData("capture_device = \"none\"\nplayback_device = \"nowhere\"", "cannot play to the sound device nowhere: no such ")]
    [InlineData("device = \"eight\"", "the sound device eight has no rate of 8, 16, 32, 44.1 or 48 kHz in 16 bit with one or two channels")]
    public void A_device_that_cannot_be_used_says_why_and_what_to_try(string devices, string expected)
    {
        string bindings = string.Concat(Enumerable.Range(0, 8).Select(channel => $"bindings.{channel} {{ slave a channel {channel} }} "));
        string eight = $"pcm.eight {{ type multi slaves.a {{ pcm {{ type null }} channels 8 }} {bindings} }}";
        string configuration = Audio(devices);
        string part = devices.StartsWith("capture_device", StringComparison.Ordinal) ? "speaker" : "echo";
        using PeerProcess trial = Start(Alsa(eight), "test", part, "--config", configuration);
        Assert.Equal((1, ""), (trial.WaitForEnd(Limits.Event), trial.StandardOutput));
        Assert.StartsWith($"intercom-agent: {expected}", trial.Errors, StringComparison.Ordinal);
        Assert.EndsWith("Try: intercom-agent devices", trial.Errors, StringComparison.Ordinal);

        using PeerProcess check = Start(Alsa(eight), "check-config", configuration);
        Assert.Equal((0, ""), (check.WaitForEnd(Limits.Event), check.Errors));
        Assert.Contains($"  sound           not now: {expected}", check.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_lists_the_names_of_the_configuration_and_says_that_there_is_no_card()
    {
        string alsa = Alsa(FileOut("mouth", Samples("mouth")));
        using PeerProcess devices = Start(alsa, "devices");

        Assert.Equal((0, ""), (devices.WaitForEnd(Limits.Event), devices.Errors));
        Assert.Matches("^Names of ALSA's configuration: .*\\bnull\\b.*\\bmouth\\b.*\\.\n", devices.StandardOutput);
        if (!Directory.Exists("/dev/snd"))
        {
            Assert.Contains("Sound: this machine has no card that can be opened; ", devices.StandardOutput, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_the_library_the_commands_say_what_to_install()
    {
        string[] without = AgentProgram.WithoutLibrary("libasound.so.2");
        string configuration = Audio("device = \"null\"");
        string[][] commands = [["devices"], ["test", "echo", "--config", configuration], ["run", "--config", configuration]];
        foreach (string[] command in commands)
        {
            using PeerProcess process = PeerProcess.StartIn(
                _folder, without[0], [.. without[1..], AgentProgram.Path, .. command]);
            Assert.Equal(1, process.WaitForEnd(Limits.Event));
            Assert.Contains("intercom-agent: the ALSA library is missing: install libasound2", process.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_station_whose_card_is_missing_starts_and_takes_the_card_when_it_is_there()
    {
        string alsa = Alsa("");
        string configuration = Audio("device = \"later\"");
        File.AppendAllText(
            configuration, $"[sip]\naddress = \"127.0.0.1\"\nport = {Text(FreePorts.Next())}\n[identity]\nfile = \"identity.pem\"\n");
        using PeerProcess agent = Start(alsa, "run", "--config", configuration);
        _ = agent.WaitForLine("listens on", Limits.Event);
        string missing = agent.WaitForLine("it is waited for", Limits.Event);
        Assert.Contains("cannot capture from the sound device later: no such ", missing, StringComparison.Ordinal);
        Assert.Contains("; it is waited for", missing, StringComparison.Ordinal);

        string found = Alsa("pcm.later { type null }", 2);
        File.Move(found, alsa, overwrite: true);
        _ = agent.WaitForLine("the sound device is there", Limits.Event);
        agent.Send(ProcessSignal.Terminate);

        Assert.Equal(0, agent.WaitForEnd(Limits.End));
        _ = Assert.Single(agent.Output.Split('\n'), line => line.Contains("waited for", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private PeerProcess Start(string alsa, params string[] command) =>
        PeerProcess.StartIn(_folder, "env", [$"ALSA_CONFIG_PATH={alsa}", AgentProgram.Path, .. command]);

    private string Samples(string name) => Path.Combine(_folder, $"{name}.raw");

    /// <summary>Writes an ALSA configuration: the usual one, with these definitions.</summary>
    private string Alsa(string definitions, int number = 0)
    {
        string file = Path.Combine(_folder, $"asound-{Text(number)}.conf");
        File.WriteAllText(file, $"</usr/share/alsa/alsa.conf>\n{definitions}\n");
        return file;
    }

    private string Audio(string lines, int number = 0)
    {
        string file = Path.Combine(_folder, $"agent-{Text(number)}.toml");
        File.WriteAllText(file, $"[audio]\nkind = \"alsa\"\n{lines}\n");
        return file;
    }

    /// <summary>A PCM that captures what is in a file.</summary>
    private static string FileIn(string name, string samples) => $$"""
        pcm.{{name}} {
          type file
          slave.pcm { type null }
          file "/dev/null"
          infile "{{samples}}"
          format raw
        }
        """;

    /// <summary>A PCM that plays into a file.</summary>
    private static string FileOut(string name, string samples) => $$"""
        pcm.{{name}} {
          type file
          slave.pcm { type null }
          file "{{samples}}"
          format raw
          hint { show on description "A file" }
        }
        """;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static short[] Read(string file) => MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(file)).ToArray();

    private static short[] Tone(double hertz, int rate, int seconds) =>
        [.. Enumerable.Range(0, seconds * rate).Select(index => (short)Math.Round(Amplitude * Math.Sin(Math.Tau * hertz * index / rate)))];

    /// <summary>Where the sound begins, it is this tone and nothing else: the same on all channels, as loud, without a gap or a click.</summary>
    private static void AssertIsTone(double hertz, short[] samples, int rate, int channels, double seconds = 1)
    {
        short[] first = [.. samples.Where((_, index) => index % channels == 0)];
        Assert.All(Enumerable.Range(1, channels - 1), channel => Assert.Equal(first, samples.Where((_, index) => index % channels == channel)));

        // The beginning and the end of a tone are heard too: not here.
        int begin = Array.FindIndex(first, sample => Math.Abs(sample) > 100) + (rate / 20);
        int length = (int)(seconds * rate);
        Assert.InRange(begin, rate / 20, first.Length - length);
        double cosine = 0;
        double sine = 0;
        for (int index = begin; index < begin + length; index++)
        {
            cosine += 2.0 / length * first[index] * Math.Cos(Math.Tau * hertz * index / rate);
            sine += 2.0 / length * first[index] * Math.Sin(Math.Tau * hertz * index / rate);
        }

        double worst = Enumerable.Range(begin, length).Max(index => Math.Abs(
            first[index] - (cosine * Math.Cos(Math.Tau * hertz * index / rate)) - (sine * Math.Sin(Math.Tau * hertz * index / rate))));
        double level = Math.Sqrt((cosine * cosine) + (sine * sine));
        Assert.True(level is > 0.98 * Amplitude and < 1.03 * Amplitude && worst < 0.01 * Amplitude, $"at {rate} Hz: {level:F1}, {worst:F1} beside it");
    }
}
