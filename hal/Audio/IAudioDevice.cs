using System;

namespace IntercomAgent.Hal.Audio;

/// <summary>A microphone and a loudspeaker that share one clock. Samples are 16-bit linear, one channel.</summary>
public interface IAudioDevice : IDisposable
{
    /// <summary>
    /// Samples a second: the device's own rate, which need not be the one that was wished. It is another one, with a period that lasts as
    /// long, after a <see cref="TryCapture"/> that gave false because another device came into the place of a lost one.
    /// </summary>
    int SampleRate { get; }

    /// <summary>Samples in one period of the clock.</summary>
    int PeriodSamples { get; }

    /// <summary>
    /// Takes the next captured period when its time has come; false when none is due. Each period taken must be answered by a period that is
    /// played. <paramref name="captured"/> holds <see cref="PeriodSamples"/> samples.
    /// </summary>
    bool TryCapture(Span<short> captured);

    /// <summary>
    /// Plays a period of <see cref="PeriodSamples"/> samples, or one half of it, and half a period later the other; where
    /// <see cref="QueuedSamples"/> is not null, it may be some more or fewer, at most twice as many.
    /// </summary>
    void Play(ReadOnlySpan<short> sound);

    /// <summary>
    /// Whether periods come when the loudspeaker has room for them, as there is no microphone: they are then played as soon as they come.
    /// </summary>
    bool IsPacedByLoudspeaker => false;

    /// <summary>
    /// Samples that wait to be played, when the loudspeaker has a clock of its own, or when fewer would do: whoever plays brings them to
    /// <see cref="WantedSamples"/>, little by little. Null when microphone and loudspeaker share the clock and what waits is as it should
    /// be, or when they have no clock now.
    /// </summary>
    int? QueuedSamples => null;

    /// <summary>How many samples should wait, just before something is played, where <see cref="QueuedSamples"/> says how many do.</summary>
    int WantedSamples => 0;

    /// <summary>
    /// Samples that were given to <see cref="Play"/>, and not heard yet when the period ended that was captured last; asked before that is
    /// answered. 0 where nothing is known of it.
    /// </summary>
    int PlaybackLag => 0;

    /// <summary>
    /// Samples that had been captured after the period that was captured last, when it was taken: so long ago it ended. 0 where nothing is
    /// known of it.
    /// </summary>
    int CapturedSince => 0;

    /// <summary>How late the loop was for the worst period so far, in nanoseconds after the moment at which it was due.</summary>
    long WorstLateness { get; }

    /// <summary>Periods that were skipped because the loop came too late to serve them.</summary>
    long SkippedPeriods { get; }

    /// <summary>What the device has counted.</summary>
    AudioCounters Counters => default;

    /// <summary>Takes what has happened to the device and was not told yet; false when there is nothing.</summary>
    bool TryTakeIncident(out AudioIncident incident)
    {
        incident = default;
        return false;
    }
}
