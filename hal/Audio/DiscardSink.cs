using System;

namespace IntercomAgent.Hal.Audio;

/// <summary>A loudspeaker that nobody hears.</summary>
public sealed class DiscardSink : IAudioSink
{
    /// <inheritdoc/>
    public void Write(ReadOnlySpan<short> samples)
    {
    }
}
