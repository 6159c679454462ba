using System;

namespace IntercomAgent.Audio.Codecs;

/// <summary>
/// The decoder of Opus, to 48 kHz and one channel, whatever the sender's rate and channels. It makes up for losses itself: from the packet
/// after them where that repeats what was lost, else from what came before. It allocates nothing after it was made.
/// </summary>
internal sealed unsafe class OpusDecoder : IAudioDecoder
{
    private const int Channels = 1;

    private readonly OpusDecoderHandle _decoder;

    /// <summary>A decoder that has heard nothing.</summary>
    public OpusDecoder()
    {
        _decoder = OpusLibrary.NewDecoder(CodecFacts.Opus.SampleRate, Channels, out int error);
        if (_decoder.IsInvalid)
        {
            throw new InvalidOperationException($"libopus made no decoder: error {error}.");
        }
    }

    /// <inheritdoc/>
    public int CountSamples(ReadOnlySpan<byte> payload)
    {
        fixed (byte* packet = payload)
        {
            return payload.IsEmpty ? 0 : int.Max(OpusLibrary.CountSamples(packet, payload.Length, CodecFacts.Opus.SampleRate), 0);
        }
    }

    /// <inheritdoc/>
    public int Decode(ReadOnlySpan<byte> payload, Span<short> samples) =>
        payload.IsEmpty ? 0 : int.Max(Decode(payload, samples, forward: 0), 0);

    /// <inheritdoc/>
    public bool TryConceal(ReadOnlySpan<byte> next, Span<short> samples) =>
        (!next.IsEmpty && Decode(next, samples, forward: 1) == samples.Length) || Decode([], samples, forward: 0) == samples.Length;

    /// <inheritdoc/>
    public void Dispose() => _decoder.Dispose();

    private int Decode(ReadOnlySpan<byte> payload, Span<short> samples, int forward)
    {
        fixed (byte* packet = payload)
        fixed (short* first = samples)
        {
            return OpusLibrary.Decode(_decoder, packet, payload.Length, first, samples.Length, forward);
        }
    }
}
