using System;
using System.Numerics;

namespace IntercomAgent.Audio;

/// <summary>
/// G.711 A-law, which RTP calls PCMA: one octet a sample, 8000 samples a second (ITU-T G.711 section 3.2 and table 1).
/// Linear samples are 16 bits wide; the law has 13, so that its numbers appear here times eight.
/// </summary>
internal static class ALaw
{
    /// <summary>The octet of the smallest positive sample: A-law has none for zero.</summary>
    public const byte Silence = 0xD5;

    // ITU-T G.711 table 1a, note 2: the even bits are inverted on the line.
    private const int EvenBits = 0x55;

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
        int magnitude = (sample < 0 ? ~sample : sample) >> 4;

        // The two lowest segments have the same step, so that the lowest needs no leading bit.
        int segment = int.Max(BitOperations.Log2((uint)magnitude | 1) - 3, 0);
        int code = (segment << 4) | ((magnitude >> int.Max(segment - 1, 0)) & 0x0F);
        return (byte)((code | (sample < 0 ? 0 : 0x80)) ^ EvenBits);
    }

    /// <summary>The sample in the middle of a code's cell.</summary>
    public static short Decode(byte code) => Linear[code];

    private static short[] BuildLinear()
    {
        short[] linear = new short[256];
        for (int code = 0; code < linear.Length; code++)
        {
            int plain = code ^ EvenBits;
            int segment = (plain >> 4) & 0x07;
            int step = (plain & 0x0F) | (segment > 0 ? 0x10 : 0);
            int magnitude = ((step << 1) | 1) << int.Max(segment - 1, 0);
            linear[code] = (short)((plain < 0x80 ? -magnitude : magnitude) * 8);
        }

        return linear;
    }
}
