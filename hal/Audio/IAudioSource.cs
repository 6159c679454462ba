using System;

namespace IntercomAgent.Hal.Audio;

/// <summary>Where captured sound comes from when there is no microphone: a file, a tone, silence.</summary>
public interface IAudioSource
{
    /// <summary>Fills the whole destination with the next samples; past the end it gives silence.</summary>
    void Read(Span<short> samples);
}

/// <summary>Where played sound goes when there is no loudspeaker: a recording, or nowhere.</summary>
public interface IAudioSink
{
    /// <summary>Takes the next samples. It must not block.</summary>
    void Write(ReadOnlySpan<short> samples);
}
