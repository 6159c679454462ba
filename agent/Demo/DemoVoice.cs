using System;
using IntercomAgent.Hal.Audio;

namespace IntercomAgent.Demo;

/// <summary>A person who says one thing when it is time to, and is silent else.</summary>
/// <param name="speech">What is said.</param>
internal sealed class DemoVoice(short[] speech) : IAudioSource
{
    private int _next = speech.Length;

    /// <summary>Whether the person is speaking.</summary>
    public bool IsSpeaking => _next < speech.Length;

    /// <summary>Begins to speak.</summary>
    public void Speak() => _next = 0;

    /// <inheritdoc/>
    public void Read(Span<short> samples)
    {
        int count = int.Min(samples.Length, speech.Length - _next);
        speech.AsSpan(_next, count).CopyTo(samples);
        samples[count..].Clear();
        _next += count;
    }
}
