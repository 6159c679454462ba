using System;

namespace IntercomAgent.Audio;

/// <summary>Adds voices.</summary>
internal static class Mixer
{
    /// <summary>Adds a voice to a mix of the same length. What is too loud is clipped, not wrapped around.</summary>
    public static void Add(ReadOnlySpan<short> voice, Span<short> mix)
    {
        for (int index = 0; index < voice.Length; index++)
        {
            mix[index] = (short)int.Clamp(mix[index] + voice[index], short.MinValue, short.MaxValue);
        }
    }
}
