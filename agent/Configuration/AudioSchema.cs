using System;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;

namespace IntercomAgent.Configuration;

/// <summary>What a configuration file may say in <c>[audio]</c>.</summary>
/// <param name="audio">The section.</param>
/// <param name="lines">The lines that something uses.</param>
/// <param name="inFolder">Makes a path absolute.</param>
internal sealed class AudioSchema(ConfigurationSection audio, LineUses lines, Func<string, string> inFolder)
{
    /// <summary>Reads the section.</summary>
    public AudioConfiguration Read()
    {
        AudioKind kind = audio.Choice("kind", AudioKind.Silence,
            ("silence", AudioKind.Silence), ("tone", AudioKind.Tone), ("file", AudioKind.File), ("alsa", AudioKind.Alsa));
        string? microphone = audio.OptionalText("microphone");
        string? loudspeaker = audio.OptionalText("loudspeaker");
        if (kind == AudioKind.File && !audio.Has("microphone"))
        {
            audio.Report("microphone", "missing; kind = \"file\" needs microphone = \"speech.wav\"");
        }
        else if (kind != AudioKind.File && audio.Has("microphone"))
        {
            audio.Report("microphone", "given, but only kind = \"file\" captures from a file");
        }

        int period = audio.WholeNumber("period_ms", 10, 20, otherwise: 20);
        if (period is not (10 or 20))
        {
            audio.Report("period_ms", $"{period} does not divide a packet of 20 ms; expected 10 or 20");
        }

        return new AudioConfiguration
        {
            Kind = kind,
            Microphone = microphone is null ? null : inFolder(microphone),
            Loudspeaker = loudspeaker is null ? null : inFolder(loudspeaker),
            ToneHertz = audio.WholeNumber("tone_hertz", 50, 3400, otherwise: 425),
            Period = TimeSpan.FromMilliseconds(period),
            Clock = ReadClock(kind, period),
            Alsa = ReadAlsa(kind),
        };
    }

    private LineClock? ReadClock(AudioKind kind, int period)
    {
        bool isLine = audio.Choice("clock", false, ("timer", false), ("gpio", true));
        int? hertz = audio.OptionalWholeNumber("clock_hertz", 1000 / period, LineClock.MaximumEdgesPerSecond);
        if (!isLine)
        {
            _ = audio.OptionalText("clock_line"); // A key that is known, whether or not it is given.
        }

        string[] keys = ["clock_line", "clock_hertz"];
        foreach (string key in isLine ? [] : keys.Where(audio.Has))
        {
            audio.Report(key, "given, but only clock = \"gpio\" counts the edges of a line");
        }

        if (kind == AudioKind.Alsa && audio.Has("clock"))
        {
            audio.Report("clock", "given, but with kind = \"alsa\" the sound card is the clock");
        }

        LineAddress? line = isLine ? lines.Read(audio, "clock_line") : null;
        if (isLine && hertz is null)
        {
            audio.Report("clock_hertz", "missing; write clock_hertz = 50, the rising edges of the line in a second");
        }
        else if (isLine && hertz * period % 1000 != 0)
        {
            string right = $"expected a multiple of {1000 / period}";
            audio.Report("clock_hertz", $"{hertz} edges a second do not divide periods of {period} ms; {right}");
        }

        return line is null || hertz is null ? null : new LineClock(line, hertz.Value);
    }

    private VoiceSettings ReadVoice() => new()
    {
        Echo = audio.Choice("echo", EchoControl.Cancel,
            ("cancel", EchoControl.Cancel), ("half-duplex", EchoControl.Switch), ("off", EchoControl.Off)),
        NoiseSuppression = audio.WholeNumber("noise_suppression_db", 0, 40, otherwise: 12),
        AutomaticGain = audio.Switch("automatic_gain", otherwise: true),
        WindFilter = audio.Switch("wind_filter", otherwise: true),
    };

    private AlsaConfiguration? ReadAlsa(AudioKind kind)
    {
        string? device = audio.OptionalText("device");
        AlsaConfiguration alsa = new()
        {
            CaptureDevice = Half("capture_device"),
            PlaybackDevice = Half("playback_device"),
            CaptureChannel = audio.Choice("capture_channel", CaptureChannel.Both,
                ("both", CaptureChannel.Both), ("left", CaptureChannel.Left), ("right", CaptureChannel.Right)),
            Rate = audio.OptionalWholeNumber("rate", 8000, 48_000),
            VolumePercent = audio.OptionalWholeNumber("volume_percent", 0, 100),
            GainPercent = audio.OptionalWholeNumber("gain_percent", 0, 100),
            VolumeControl = audio.OptionalText("volume_control"),
            GainControl = audio.OptionalText("gain_control"),
            Voice = ReadVoice(),
        };
        string[] keys =
        [
            "device", "capture_device", "playback_device", "capture_channel", "rate", "volume_percent", "gain_percent", "volume_control",
            "gain_control", "echo", "noise_suppression_db", "automatic_gain", "wind_filter",
        ];
        foreach (string key in kind == AudioKind.Alsa ? [] : keys.Where(audio.Has))
        {
            audio.Report(key, "given, but only kind = \"alsa\" uses a sound card");
        }

        if (kind == AudioKind.Alsa && alsa is { CaptureDevice: null, PlaybackDevice: null })
        {
            audio.Report("capture_device", "neither a microphone nor a loudspeaker is left; expected one at least");
        }

        if (alsa.Rate is not (null or 8000 or 16_000 or 32_000 or 44_100 or 48_000))
        {
            audio.Report("rate", $"{alsa.Rate} is no rate of sound cards; expected 8000, 16000, 32000, 44100 or 48000");
        }

        // Without one of them there is no echo.
        VoiceSettings voice = alsa is { CaptureDevice: not null, PlaybackDevice: not null } ? alsa.Voice : alsa.Voice with { Echo = EchoControl.Off };
        return kind == AudioKind.Alsa ? alsa with { Voice = voice } : null;

        string? Half(string key) => audio.Text(key, device ?? "default") is not "none" and string name ? name : null;
    }
}
