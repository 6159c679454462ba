using IntercomAgent.Hal.Gpio;

namespace IntercomAgent.Hal.Audio;

/// <summary>Which sound device to open: a closed set of kinds.</summary>
/// <param name="SampleRate">Samples a second, 8000 to 48000.</param>
/// <param name="PeriodSamples">Samples in one period; 160 at 8000 Hz is 20 ms.</param>
public abstract record AudioDeviceSettings(int SampleRate, int PeriodSamples);

/// <summary>
/// A device without hardware, driven by a timer or by the edges of a line: it captures from a source that the program gives it and plays
/// into a sink of the program's.
/// </summary>
/// <param name="SampleRate">Samples a second.</param>
/// <param name="PeriodSamples">Samples in one period.</param>
/// <param name="Microphone">What is captured.</param>
/// <param name="Loudspeaker">Where what is played goes.</param>
public sealed record TimerAudioSettings(int SampleRate, int PeriodSamples, IAudioSource Microphone, IAudioSink Loudspeaker)
    : AudioDeviceSettings(SampleRate, PeriodSamples)
{
    /// <summary>The line whose edges take the timer's place; null when the timer is the clock.</summary>
    public LineClock? Clock { get; init; }
}

/// <summary>
/// A line that carries the word clock of a codec, divided by hardware. Each rising edge wakes the loop, so it is one of 50 to 1000 edges
/// a second; a word clock itself, of 8 to 48 kHz, is not for a line that a program reads.
/// </summary>
/// <param name="Line">Where the clock is.</param>
/// <param name="EdgesPerSecond">
/// Its rising edges a second, by name: what the codec's crystal makes of them counts. A period has a whole number of them.
/// </param>
public sealed record LineClock(LineAddress Line, int EdgesPerSecond)
{
    /// <summary>Edges that may be counted in a second: each wakes the loop, and the slowest board has other things to do.</summary>
    public const int MaximumEdgesPerSecond = 1000;
}

/// <summary>
/// A sound card by ALSA. Rate and period are wishes: the device opens with what the card has, the period as long as was wished.
/// </summary>
/// <param name="SampleRate">The rate that is best for the program; the nearest that the card offers is taken.</param>
/// <param name="PeriodSamples">Samples in one period at that rate: 10 or 20 ms.</param>
public sealed record AlsaAudioSettings(int SampleRate, int PeriodSamples) : AudioDeviceSettings(SampleRate, PeriodSamples)
{
    /// <summary>The PCM that is captured from, <c>plughw:CARD=Codec</c>; null when there is no microphone.</summary>
    public required string? CaptureDevice { get; init; }

    /// <summary>The PCM that is played to; null when there is no loudspeaker.</summary>
    public required string? PlaybackDevice { get; init; }

    /// <summary>What is heard of a microphone with two channels.</summary>
    public CaptureChannel CaptureChannel { get; init; }

    /// <summary>Whether a device that cannot be opened now is waited for, with a timer in its place; else opening fails.</summary>
    public bool WaitsForDevice { get; init; }

    /// <summary>The only rate to open with; null takes what suits best.</summary>
    public int? OnlyRate { get; init; }

    /// <summary>The loudspeaker's volume, 0 to 100 percent as alsamixer shows it; null leaves it as it is.</summary>
    public int? VolumePercent { get; init; }

    /// <summary>The microphone's gain, 0 to 100 percent as alsamixer shows it; null leaves it as it is.</summary>
    public int? GainPercent { get; init; }

    /// <summary>The mixer control of the volume, <c>Speaker</c>; null takes the first of the usual names that there is.</summary>
    public string? VolumeControl { get; init; }

    /// <summary>The mixer control of the gain, <c>Mic</c>; null takes the first of the usual names that there is.</summary>
    public string? GainControl { get; init; }
}

/// <summary>What is heard of a microphone with two channels.</summary>
public enum CaptureChannel
{
    /// <summary>The mean of both.</summary>
    Both,

    /// <summary>The first one.</summary>
    Left,

    /// <summary>The second one.</summary>
    Right,
}
