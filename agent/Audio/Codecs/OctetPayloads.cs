using System;
using IntercomAgent.Rtp;

namespace IntercomAgent.Audio.Codecs;

/// <summary>
/// Decodes payload that has one octet for each place of the jitter buffer's ring, and so can be cut anywhere: G.711 and G.722. The codecs
/// that share it have the same rate.
/// </summary>
/// <param name="formats">Says which codec a payload type stands for.</param>
internal sealed class OctetPayloads(ICodecTable formats) : IPayloadDecoder, IDisposable
{
    private readonly IAudioDecoder?[] _decoders = new IAudioDecoder?[CodecFacts.Count];

    /// <inheritdoc/>
    public void Decode(byte payloadType, ReadOnlySpan<byte> payload, RtpTimestamp at, Span<short> samples)
    {
        // The agreement may have changed while the packet waited in the buffer.
        if (formats.CodecOf(payloadType) is not { } codec || Decoder(codec).Decode(payload, samples) != samples.Length)
        {
            samples.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IAudioDecoder? decoder in _decoders)
        {
            decoder?.Dispose();
        }
    }

    private IAudioDecoder Decoder(AudioCodec codec) => _decoders[(int)codec] ??= AudioCoders.NewDecoder(codec);
}
