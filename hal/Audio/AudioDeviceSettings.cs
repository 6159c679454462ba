namespace IntercomAgent.Hal.Audio;

/// <summary>Which sound device to open: a closed set of kinds.</summary>
/// <param name="SampleRate">Samples a second, 8000 to 48000.</param>
/// <param name="PeriodSamples">Samples in one period; 160 at 8000 Hz is 20 ms.</param>
public abstract record AudioDeviceSettings(int SampleRate, int PeriodSamples);

/// <summary>
/// A device without hardware, driven by a timer: it captures from a source that the program gives it and plays into a sink of the
/// program's.
/// </summary>
/// <param name="SampleRate">Samples a second.</param>
/// <param name="PeriodSamples">Samples in one period.</param>
/// <param name="Microphone">What is captured.</param>
/// <param name="Loudspeaker">Where what is played goes.</param>
public sealed record TimerAudioSettings(int SampleRate, int PeriodSamples, IAudioSource Microphone, IAudioSink Loudspeaker)
    : AudioDeviceSettings(SampleRate, PeriodSamples);
