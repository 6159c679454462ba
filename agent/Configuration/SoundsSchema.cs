using System;
using IntercomAgent.Hal.Audio;

namespace IntercomAgent.Configuration;

/// <summary>What a configuration file may say in <c>[sounds]</c>. The files that it names are read.</summary>
/// <param name="sounds">The section.</param>
/// <param name="inFolder">Makes a path absolute.</param>
internal sealed class SoundsSchema(ConfigurationSection sounds, Func<string, string> inFolder)
{
    /// <summary>Whoever has something longer to say keeps a visitor waiting, and the board's memory.</summary>
    private const int MaximumSeconds = 15;

    /// <summary>The longest of those at 48 kHz in stereo, and a header.</summary>
    private const int MaximumBytes = (MaximumSeconds * 48_000 * 4) + 4096;

    private const int LowestRate = 8000;
    private const int HighestRate = 48_000;

    /// <summary>Reads the section.</summary>
    /// <param name="hasLoudspeaker">Whether somebody hears them: only then they are on without a word.</param>
    public SoundsConfiguration Read(bool hasLoudspeaker)
    {
        SoundChoice otherwise = hasLoudspeaker ? SoundChoice.Standard : SoundChoice.Off;
        return new SoundsConfiguration
        {
            Pressed = ReadChoice("pressed", otherwise),
            Ringing = ReadChoice("ringing", otherwise),
            Unanswered = ReadChoice("unanswered", otherwise),
            Opened = ReadChoice("opened", otherwise),
        };
    }

    private SoundChoice ReadChoice(string key, SoundChoice otherwise)
    {
        string text = sounds.Text(key, otherwise.Text);
        if (text == SoundChoice.Standard.Text)
        {
            return SoundChoice.Standard;
        }

        return text == SoundChoice.Off.Text ? SoundChoice.Off : ReadFile(key, inFolder(text));
    }

    private SoundChoice ReadFile(string key, string path)
    {
        short[]? samples = WavFileSource.TryRead(path, MaximumBytes, out int sampleRate, out string? problem);
        problem ??= sampleRate is < LowestRate or > HighestRate
            ? $"cannot use {path}: it has {sampleRate} samples a second; expected {LowestRate} to {HighestRate}"
            : samples!.Length > MaximumSeconds * sampleRate ? $"cannot use {path}: it is longer than {MaximumSeconds} seconds" : null;
        if (problem is null)
        {
            return new SoundChoice(path) { Samples = samples, SampleRate = sampleRate };
        }

        sounds.Report(key, $"{problem}; expected \"standard\", \"off\" or a WAV file");
        return SoundChoice.Off;
    }
}
