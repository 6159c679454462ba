using System;
using System.Buffers.Binary;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace IntercomAgent.Tests.Interop;

/// <summary>Speech in files: 8000 samples a second, 16 bits, one channel, as RIFF WAVE.</summary>
public static class WaveFile
{
    /// <summary>Samples a second.</summary>
    public const int SampleRate = 8000;

    private const int HeaderSize = 44;

    /// <summary>Reads the samples of a file.</summary>
    /// <exception cref="InvalidDataException">The file is something else.</exception>
    public static short[] Read(string path)
    {
        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        if (file.Length < 12 || !file[8..12].SequenceEqual("WAVE"u8))
        {
            throw new InvalidDataException($"{path} is no wave file.");
        }

        bool isSpeech = false;
        for (ReadOnlySpan<byte> rest = file[12..]; rest.Length >= 8;)
        {
            int length = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]), (uint)(rest.Length - 8));
            ReadOnlySpan<byte> body = rest.Slice(8, length);
            if (rest[..4].SequenceEqual("fmt "u8))
            {
                isSpeech = body is [1, 0, 1, 0, 0x40, 0x1F, 0, 0, _, _, _, _, _, _, 16, 0, ..];
            }
            else if (rest[..4].SequenceEqual("data"u8) && isSpeech)
            {
                return MemoryMarshal.Cast<byte, short>(body[..(length & ~1)]).ToArray();
            }

            rest = rest[Math.Min(rest.Length, 8 + length + (length & 1))..];
        }

        throw new InvalidDataException($"{path} holds no linear speech of one channel at 8 kHz.");
    }

    /// <summary>Writes samples to a file.</summary>
    public static void Write(string path, ReadOnlySpan<short> samples)
    {
        using BinaryWriter writer = new(File.Create(path), Encoding.ASCII);
        int length = samples.Length * sizeof(short);
        writer.Write("RIFF"u8);
        writer.Write(length + HeaderSize - 8);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(SampleRate);
        writer.Write(SampleRate * sizeof(short));
        writer.Write((short)sizeof(short));
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(length);
        writer.Write(MemoryMarshal.AsBytes(samples));
    }
}
