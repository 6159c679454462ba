using System;
using System.Diagnostics;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Configuration;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Media;

namespace IntercomAgent;

/// <summary>The devices that a configuration names, with the files that stand for some of them; disposing closes the files.</summary>
internal sealed class OpenDevices : IDisposable
{
    private readonly WavFileSink? _recording;

    private OpenDevices(StationDevices devices, WavFileSink? recording)
    {
        Devices = devices;
        _recording = recording;
    }

    /// <summary>The devices.</summary>
    public StationDevices Devices { get; }

    /// <summary>Opens the files; null, with a sentence for a person, when one cannot be opened.</summary>
    public static OpenDevices? Open(AgentConfiguration configuration, out string? problem)
    {
        AudioConfiguration audio = configuration.Audio;
        DoorPanelSettings panel = PanelOf(configuration.Panel);
        int rate = configuration.Media.SampleRate;
        if (audio.Alsa is { } alsa)
        {
            problem = null;
            return new OpenDevices(new StationDevices(SettingsOf(alsa, rate, audio.Period), panel), recording: null);
        }

        if (OpenMicrophone(audio, ref rate, out problem) is not { } microphone)
        {
            return null;
        }

        WavFileSink? recording = null;
        if (audio.Loudspeaker is not null && (recording = WavFileSink.TryOpen(audio.Loudspeaker, rate, out problem)) is null)
        {
            return null;
        }

        IAudioSink loudspeaker = recording is null ? new DiscardSink() : recording;
        TimerAudioSettings sound = new(rate, PeriodAt(rate, audio.Period), microphone, loudspeaker) { Clock = audio.Clock };
        return new OpenDevices(new StationDevices(sound, panel), recording);
    }

    /// <summary>The panel that a configuration names.</summary>
    public static DoorPanelSettings PanelOf(PanelConfiguration panel) => panel.Kind switch
    {
        PanelKind.None => new NoPanelSettings(),
        PanelKind.StandardInput => new StandardInputPanelSettings(),
        PanelKind.Gpio => panel.Gpio,
    };

    /// <summary>Why the sound card that a configuration names cannot be used now; null when it can, or when none is named.</summary>
    public static string? FindSoundProblem(AgentConfiguration configuration) => configuration.Audio.Alsa is { } alsa
        ? SoundInventory.FindProblem(SettingsOf(alsa, configuration.Media.SampleRate, configuration.Audio.Period))
        : null;

    /// <inheritdoc/>
    public void Dispose() => _recording?.Dispose();

    /// <summary>What a sound card is opened with. One that is missing is waited for: a door without a voice still opens.</summary>
    /// <param name="alsa">Which card, and how.</param>
    /// <param name="rate">The rate that is best.</param>
    /// <param name="period">How long a period is.</param>
    public static AlsaAudioSettings SettingsOf(AlsaConfiguration alsa, int rate, TimeSpan period) => new(rate, PeriodAt(rate, period))
    {
        CaptureDevice = alsa.CaptureDevice,
        PlaybackDevice = alsa.PlaybackDevice,
        CaptureChannel = alsa.CaptureChannel,
        WaitsForDevice = true,
        OnlyRate = alsa.Rate,
        VolumePercent = alsa.VolumePercent,
        GainPercent = alsa.GainPercent,
        VolumeControl = alsa.VolumeControl,
        GainControl = alsa.GainControl,
    };

    private static int PeriodAt(int rate, TimeSpan period) => (int)(rate * period.TotalSeconds);

    /// <param name="audio">What stands for the microphone.</param>
    /// <param name="rate">The rate that is best; a file's own where that is lower, and the calls' lowest at least.</param>
    /// <param name="problem">What is wrong.</param>
    private static IAudioSource? OpenMicrophone(AudioConfiguration audio, ref int rate, out string? problem)
    {
        problem = null;
        return audio.Kind switch
        {
            AudioKind.Silence => new SilenceSource(),
            AudioKind.Tone => new ToneSource(audio.ToneHertz, rate),
            AudioKind.File => OpenFile(audio.Microphone!, ref rate, out problem), // The configuration is checked: it names a file.
            AudioKind.Alsa => throw new UnreachableException("A sound card is its own microphone."),
        };
    }

    private static WavFileSource? OpenFile(string path, ref int rate, out string? problem)
    {
        foreach (int lower in CodecFacts.SampleRates)
        {
            int candidate = int.Min(lower, rate);
            if (WavFileSource.TryOpen(path, candidate, repeat: true, out problem) is { } source)
            {
                rate = candidate;
                return source;
            }
        }

        // What the lowest rate lacks, every other one lacks as well.
        return WavFileSource.TryOpen(path, AudioStream.SampleRate, repeat: true, out problem);
    }
}
