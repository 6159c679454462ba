using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using IntercomAgent.Hal.Audio;

namespace IntercomAgent.Tests.Interop;

/// <summary>Speech in files: 8000 samples a second, 16 bits, one channel, as RIFF WAVE.</summary>
public static class WaveFile
{
    /// <summary>Samples a second.</summary>
    public const int SampleRate = 8000;

    private const int HeaderSize = 44;

    /// <summary>Reads the samples of a file; one of a higher rate, or of two channels, is made the same.</summary>
    /// <exception cref="InvalidDataException">The file is something else.</exception>
    public static short[] Read(string path) => WavFileSource.TryDecode(File.ReadAllBytes(path), SampleRate, out string? fault)
        ?? (fault == "it holds no sound" ? [] : throw new InvalidDataException($"{path}: {fault}"));

    /// <summary>Writes samples to a file.</summary>
    public static void Write(string path, ReadOnlySpan<short> samples, int sampleRate = SampleRate)
    {
        using BinaryWriter writer = new(File.Create(path), Encoding.ASCII);
        int length = samples.Length * sizeof(short);
        writer.Write("RIFF"u8);
        writer.Write(length + HeaderSize - 8);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(sampleRate);
        writer.Write(sampleRate * sizeof(short));
        writer.Write((short)sizeof(short));
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(length);
        writer.Write(MemoryMarshal.AsBytes(samples));
    }
}
