using System;
using System.IO;

namespace IntercomAgent.Tests.Bench.Peers;

/// <summary>A WAV file with a tone of 440 Hz: 8000 Hz, one channel, 16 bits.</summary>
internal static class ToneFile
{
    private const int SampleRate = 8000;
    private const double Frequency = 440;
    private const double Amplitude = 8000;

    public static byte[] Build(TimeSpan length)
    {
        int samples = (int)(length.TotalSeconds * SampleRate);
        int bytes = samples * sizeof(short);
        using MemoryStream file = new();
        using BinaryWriter writer = new(file);
        writer.Write("RIFF"u8);
        writer.Write(36 + bytes);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(SampleRate);
        writer.Write(SampleRate * sizeof(short));
        writer.Write((short)sizeof(short));
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(bytes);
        for (int index = 0; index < samples; index++)
        {
            writer.Write((short)(Amplitude * Math.Sin(2 * Math.PI * Frequency * index / SampleRate)));
        }

        writer.Flush();
        return file.ToArray();
    }
}
