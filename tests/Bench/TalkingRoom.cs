using System;
using IntercomAgent.Hal.Audio;

namespace IntercomAgent.Tests.Bench;

/// <summary>
/// Somebody talks without end before a microphone that hears the loudspeaker as well: what that says, a period later and a quarter as loud.
/// </summary>
/// <param name="speech">What is said, over and over.</param>
/// <param name="periodSamples">Samples of a period.</param>
internal sealed class TalkingRoom(short[] speech, int periodSamples) : IAudioSource, IAudioSink
{
    private readonly short[] _echo = new short[periodSamples];
    private int _next;
    private int _heard;

    /// <inheritdoc/>
    public void Read(Span<short> samples)
    {
        for (int index = 0; index < samples.Length; index++)
        {
            samples[index] = (short)int.Clamp(speech[_next] + (_echo[index] / 4), short.MinValue, short.MaxValue);
            _next = (_next + 1) % speech.Length;
        }
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<short> samples)
    {
        // A period, or one half of it after the other.
        samples.CopyTo(_echo.AsSpan(_heard));
        _heard = (_heard + samples.Length) % _echo.Length;
    }
}
