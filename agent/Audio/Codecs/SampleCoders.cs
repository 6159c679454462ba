using System;

namespace IntercomAgent.Audio.Codecs;

/// <summary>Encodes each sample by itself.</summary>
internal delegate void SampleEncoding(ReadOnlySpan<short> samples, Span<byte> encoded);

/// <summary>Decodes each sample by itself.</summary>
internal delegate void SampleDecoding(ReadOnlySpan<byte> encoded, Span<short> samples);

/// <summary>The encoder of a codec that knows nothing but the sample in hand: G.711 and L16.</summary>
/// <param name="encode">What makes bytes of samples.</param>
/// <param name="sampleBytes">Bytes of a sample.</param>
internal sealed class SampleEncoder(SampleEncoding encode, int sampleBytes) : IAudioEncoder
{
    /// <inheritdoc/>
    public int Encode(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        encode(samples, payload);
        return samples.Length * sampleBytes;
    }

    /// <inheritdoc/>
    public void ReportLoss(double lossFraction)
    {
        // Nothing can be spared or repeated.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // There is nothing to free.
    }
}

/// <summary>The decoder of such a codec.</summary>
/// <param name="decode">What makes samples of bytes.</param>
/// <param name="sampleBytes">Bytes of a sample.</param>
internal sealed class SampleDecoder(SampleDecoding decode, int sampleBytes) : IAudioDecoder
{
    /// <inheritdoc/>
    public int CountSamples(ReadOnlySpan<byte> payload) => payload.Length / sampleBytes;

    /// <inheritdoc/>
    public int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        int count = CountSamples(payload);
        if (count > samples.Length)
        {
            return 0;
        }

        decode(payload, samples);
        return count;
    }

    /// <inheritdoc/>
    public bool TryConceal(ReadOnlySpan<byte> next, Span<short> samples) => false;

    /// <inheritdoc/>
    public void Dispose()
    {
        // There is nothing to free.
    }
}
