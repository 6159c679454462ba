using System;
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

        int period = (int)(AudioStream.SampleRate * audio.Period.TotalSeconds);
        IAudioSink loudspeaker = recording is null ? new DiscardSink() : recording;
        return new OpenDevices(
            new StationDevices(new TimerAudioSettings(AudioStream.SampleRate, period, microphone, loudspeaker), PanelOf(configuration.Panel)),
            recording);
    }

    /// <summary>The panel that a configuration names.</summary>
    public static DoorPanelSettings PanelOf(PanelConfiguration panel) => panel.Kind switch
    {
        PanelKind.None => new NoPanelSettings(),
        PanelKind.StandardInput => new StandardInputPanelSettings(),
        PanelKind.Gpio => panel.Gpio,
    };

    /// <inheritdoc/>
    public void Dispose() => _recording?.Dispose();

    private static IAudioSource? OpenMicrophone(AudioConfiguration audio, out string? problem)
    {
        problem = null;
        return audio.Kind switch
        {
            AudioKind.Silence => new SilenceSource(),
            AudioKind.Tone => new ToneSource(audio.ToneHertz, AudioStream.SampleRate),

            // The configuration is checked: a file is named when it is wanted.
            AudioKind.File => WavFileSource.TryOpen(audio.Microphone!, AudioStream.SampleRate, repeat: true, out problem),
        };
    }
}
