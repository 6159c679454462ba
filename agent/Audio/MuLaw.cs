using System;
using System.Numerics;

namespace IntercomAgent.Audio;

/// <summary>
/// G.711 µ-law, which RTP calls PCMU: one octet a sample, 8000 samples a second (ITU-T G.711 section 3.3 and table 2).
/// Linear samples are 16 bits wide; the law has 14, so that its numbers appear here times four.
/// </summary>
internal static class MuLaw
{
    /// <summary>The octet that stands for a sample of zero.</summary>
    public const byte Silence = 0xFF;

    // The law's smallest segment starts 33 quarter steps below its first decision value, which makes all segments powers of two.
    private const int Bias = 33;

    // The greatest magnitude with the bias that has a code; louder samples are clipped to it.
    private const int Clip = 0x1FFF;

    private static readonly short[] Linear = BuildLinear();

    /// <summary>Encodes each sample into one octet. <paramref name="encoded"/> must be at least as long.</summary>
    public static void Encode(ReadOnlySpan<short> samples, Span<byte> encoded)
    {
        encoded = encoded[..samples.Length];
        for (int index = 0; index < encoded.Length; index++)
        {
            encoded[index] = Encode(samples[index]);
        }
    }

    /// <summary>Decodes each octet into one sample. <paramref name="samples"/> must be at least as long.</summary>
    public static void Decode(ReadOnlySpan<byte> encoded, Span<short> samples)
    {
        samples = samples[..encoded.Length];
        ReadOnlySpan<short> linear = Linear;
        for (int index = 0; index < samples.Length; index++)
        {
            samples[index] = linear[encoded[index]];
        }
    }

    /// <summary>The code of one sample.</summary>
    public static byte Encode(short sample)
    {
        // The ones' complement, as in ITU-T G.191, gives both signs cells of the same size.
        int magnitude = int.Min(((sample < 0 ? ~sample : sample) >> 2) + Bias, Clip);
        int segment = BitOperations.Log2((uint)magnitude) - 5;
        int code = (segment << 4) | ((magnitude >> (segment + 1)) & 0x0F);
        return (byte)(~code & (sample < 0 ? 0x7F : 0xFF));
    }

    /// <summary>The sample in the middle of a code's cell.</summary>
    public static short Decode(byte code) => Linear[code];

    private static short[] BuildLinear()
    {
        short[] linear = new short[256];
        for (int code = 0; code < linear.Length; code++)
        {
            int inverted = ~code;
            int segment = (inverted >> 4) & 0x07;
            int magnitude = ((((inverted & 0x0F) << 1) + Bias) << segment) - Bias;
            linear[code] = (short)((code < 0x80 ? -magnitude : magnitude) * 4);
        }

        return linear;
    }
}
