using System;

namespace IntercomAgent.Audio.Codecs;

/// <summary>One direction of one call: payloads, in the order of their time, become samples at the codec's rate.</summary>
internal interface IAudioDecoder : IDisposable
{
    /// <summary>How many samples a payload holds; 0 when it is none. Nothing is decoded.</summary>
    int CountSamples(ReadOnlySpan<byte> payload);

    /// <summary>Decodes a payload; returns how many samples it gave: 0 when it is none, or when they do not fit.</summary>
    int Decode(ReadOnlySpan<byte> payload, Span<short> samples);

    /// <summary>
    /// Makes up what is lost. False when the codec cannot: samples that follow are then decoded as if nothing had been lost.
    /// </summary>
    /// <param name="next">The payload that follows right after what is lost, where it is there: it may repeat it.</param>
    /// <param name="samples">Where as much goes as is lost: a whole number of 2.5 ms.</param>
    bool TryConceal(ReadOnlySpan<byte> next, Span<short> samples);
}
