using System;
using System.Buffers.Binary;

namespace IntercomAgent.Audio.Codecs;

/// <summary>Samples of 16 bits in network byte order (RFC 3551 section 4.5.11).</summary>
internal static class L16
{
    /// <summary>Bytes of a sample.</summary>
    public const int SampleBytes = sizeof(short);

    /// <summary>Writes each sample as two bytes. <paramref name="encoded"/> must be at least twice as long.</summary>
    public static void Encode(ReadOnlySpan<short> samples, Span<byte> encoded)
    {
        for (int index = 0; index < samples.Length; index++)
        {
            BinaryPrimitives.WriteInt16BigEndian(encoded[(index * SampleBytes)..], samples[index]);
        }
    }

    /// <summary>Reads each two bytes as a sample; a byte that is left over is none.</summary>
    public static void Decode(ReadOnlySpan<byte> encoded, Span<short> samples)
    {
        for (int index = 0; index < encoded.Length / SampleBytes; index++)
        {
            samples[index] = BinaryPrimitives.ReadInt16BigEndian(encoded[(index * SampleBytes)..]);
        }
    }
}
