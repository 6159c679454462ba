using System;

namespace IntercomAgent.Hal.Audio;

/// <summary>A microphone that hears nothing.</summary>
public sealed class SilenceSource : IAudioSource
{
    /// <inheritdoc/>
    public void Read(Span<short> samples) => samples.Clear();
}
