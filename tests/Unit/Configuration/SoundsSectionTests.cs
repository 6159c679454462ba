using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using IntercomAgent.Configuration;
using IntercomAgent.Hal.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Configuration;

public sealed class SoundsSectionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sounds").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("silence", "off")]
    [InlineData("alsa", "standard")]
    public void They_are_on_where_there_is_a_loudspeaker(string kind, string expected)
    {
        SoundsConfiguration sounds = ConfigurationDouble.Read($"[audio]\nkind = \"{kind}\"\n").Sounds;

        Assert.Equal([expected, expected, expected, expected], [sounds.Pressed.Text, sounds.Ringing.Text, sounds.Unanswered.Text, sounds.Opened.Text]);
    }

    [Fact]
    public void A_file_is_read_with_its_own_rate()
    {
        string path = Write("bell.wav", sampleRate: 44_100, samples: 100);
        SoundChoice pressed = ConfigurationDouble.Read($"[sounds]\npressed = \"{path}\"\n").Sounds.Pressed;

        Assert.Equal((path, 44_100, 100), (pressed.Text, pressed.SampleRate, pressed.Samples?.Length));
    }

    [Theory]
    [InlineData("none.wav", 0, 0, "cannot read")]
    [InlineData("slow.wav", 4000, 100, "it has 4000 samples a second; expected 8000 to 48000")]
    [InlineData("long.wav", 8000, 8000 * 16, "it is longer than 15 seconds")]
    [InlineData("large.wav", 48_000, 48_000 * 31, "it is longer than 2884096 bytes")]
    public void What_cannot_be_played_is_told_with_its_key(string name, int sampleRate, int samples, string expected)
    {
        string path = samples == 0 ? Path.Combine(_folder, name) : Write(name, sampleRate, samples);
        string file = Path.Combine(_folder, "agent.toml");
        File.WriteAllText(file, $"[sounds]\nopened = \"{path}\"\n");

        Assert.Null(ConfigurationFile.Load(file, out IReadOnlyList<ConfigurationProblem> problems));
        string told = Assert.Single(problems).Describe("agent.toml");
        Assert.StartsWith("agent.toml:2: sounds.opened: ", told, StringComparison.Ordinal);
        Assert.Contains(expected, told, StringComparison.Ordinal);
        Assert.EndsWith("expected \"standard\", \"off\" or a WAV file", told, StringComparison.Ordinal);
    }

    private string Write(string name, int sampleRate, int samples)
    {
        string path = Path.Combine(_folder, name);
        using WavFileSink sink = WavFileSink.TryOpen(path, sampleRate, out string? problem) ?? throw new InvalidDataException(problem);
        sink.Write([.. Enumerable.Repeat((short)1000, samples)]);
        return path;
    }
}
