using System;

namespace IntercomAgent.Commands;

/// <summary>What is tried of a sound device: it answers each period, and says what came of it.</summary>
internal interface ISoundTrial
{
    /// <summary>What a person should do, in a line.</summary>
    string Invitation { get; }

    /// <summary>Takes what the microphone has heard in a period, and says what the loudspeaker plays.</summary>
    void Answer(ReadOnlySpan<short> captured, Span<short> played);

    /// <summary>The levels since the last time, in a line.</summary>
    string TakeLevels();

    /// <summary>What is wrong, now that the trial is over; null when nothing is.</summary>
    string? Fault { get; }
}
