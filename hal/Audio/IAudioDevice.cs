using System;

namespace IntercomAgent.Hal.Audio;

/// <summary>A microphone and a loudspeaker that share one clock. Samples are 16-bit linear, one channel.</summary>
public interface IAudioDevice : IDisposable
{
    /// <summary>Samples a second.</summary>
    int SampleRate { get; }

    /// <summary>Samples in one period of the clock.</summary>
    int PeriodSamples { get; }

    /// <summary>
    /// Takes the next captured period when its time has come; false when none is due. Each period taken must be answered by one
    /// <see cref="Play"/>. <paramref name="captured"/> holds <see cref="PeriodSamples"/> samples.
    /// </summary>
    bool TryCapture(Span<short> captured);

    /// <summary>Plays one period of <see cref="PeriodSamples"/> samples.</summary>
    void Play(ReadOnlySpan<short> period);

    /// <summary>How late the loop was for the worst period so far, in nanoseconds after the moment at which it was due.</summary>
    long WorstLateness { get; }

    /// <summary>Periods that were skipped because the loop came too late to serve them.</summary>
    long SkippedPeriods { get; }
}
