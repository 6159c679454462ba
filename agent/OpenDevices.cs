using System;
using System.Diagnostics;
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
        int period = PeriodOf(audio);
        if (audio.Alsa is { } alsa)
        {
            problem = null;
            return new OpenDevices(new StationDevices(SettingsOf(alsa, period), panel), recording: null);
        }

        if (OpenMicrophone(audio, out problem) is not { } microphone)
        {
            return null;
        }

        WavFileSink? recording = null;
        if (audio.Loudspeaker is not null
            && (recording = WavFileSink.TryOpen(audio.Loudspeaker, AudioStream.SampleRate, out problem)) is null)
        {
            return null;
        }

        IAudioSink loudspeaker = recording is null ? new DiscardSink() : recording;
        TimerAudioSettings sound = new(AudioStream.SampleRate, period, microphone, loudspeaker) { Clock = audio.Clock };
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
        ? SoundInventory.FindProblem(SettingsOf(alsa, PeriodOf(configuration.Audio)))
        : null;

    /// <inheritdoc/>
    public void Dispose() => _recording?.Dispose();

    /// <summary>What a sound card is opened with. One that is missing is waited for: a door without a voice still opens.</summary>
    /// <param name="alsa">Which card, and how.</param>
    /// <param name="period">Samples in a period at the rate of the media path.</param>
    public static AlsaAudioSettings SettingsOf(AlsaConfiguration alsa, int period) => new(AudioStream.SampleRate, period)
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

    private static int PeriodOf(AudioConfiguration audio) => (int)(AudioStream.SampleRate * audio.Period.TotalSeconds);

    private static IAudioSource? OpenMicrophone(AudioConfiguration audio, out string? problem)
    {
        problem = null;
        return audio.Kind switch
        {
            AudioKind.Silence => new SilenceSource(),
            AudioKind.Tone => new ToneSource(audio.ToneHertz, AudioStream.SampleRate),

            // The configuration is checked: a file is named when it is wanted.
            AudioKind.File => WavFileSource.TryOpen(audio.Microphone!, AudioStream.SampleRate, repeat: true, out problem),
            AudioKind.Alsa => throw new UnreachableException("A sound card is its own microphone."),
        };
    }
}
