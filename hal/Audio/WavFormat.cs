using System;
using System.Buffers.Binary;
using System.Globalization;

namespace IntercomAgent.Hal.Audio;

/// <summary>Where the samples lie in a WAV file (a RIFF file of the form WAVE), and what they are: 16-bit PCM always.</summary>
/// <param name="SampleRate">Samples a second, each channel.</param>
/// <param name="Channels">1 or 2; samples of two channels alternate.</param>
/// <param name="DataStart">Bytes before the first sample.</param>
/// <param name="DataLength">Bytes of samples, whole ones only.</param>
internal readonly record struct WavFormat(int SampleRate, int Channels, int DataStart, int DataLength)
{
    /// <summary>The size of the header that <see cref="WriteHeader"/> writes.</summary>
    public const int HeaderSize = 44;

    private const int BytesPerSample = 2;
    private const int BitsPerSample = 16;
    private const int ChunkHeaderSize = 8;
    private const int FileHeaderSize = 12;
    private const int FormatSize = 16;

    /// <summary>WAVE_FORMAT_PCM.</summary>
    private const ushort PcmTag = 1;

    /// <summary>WAVE_FORMAT_EXTENSIBLE: the true tag begins the identifier of a longer format chunk.</summary>
    private const ushort ExtensibleTag = 0xFFFE;
    private const int ExtensibleSize = 40;
    private const int ExtensibleTagOffset = 24;

    /// <summary>
    /// Reads a file. False, with what is wrong for a person, when it is no WAV file or not of a kind that we play. A data chunk that
    /// claims more than there is, as after a crash while recording, is taken as far as it goes.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> file, out WavFormat format, out string? problem)
    {
        format = default;
        problem = null;
        if (file.Length < FileHeaderSize || !file.StartsWith("RIFF"u8) || !file[8..].StartsWith("WAVE"u8))
        {
            problem = "not a WAV file";
            return false;
        }

        int start = FileHeaderSize;
        while (file.Length - start >= ChunkHeaderSize)
        {
            ReadOnlySpan<byte> name = file.Slice(start, 4);
            uint claimed = BinaryPrimitives.ReadUInt32LittleEndian(file[(start + 4)..]);
            start += ChunkHeaderSize;
            int length = (int)Math.Min(claimed, (uint)(file.Length - start));
            if (name.SequenceEqual("fmt "u8))
            {
                if (!TryParseFormat(file.Slice(start, length), out format, out problem))
                {
                    return false;
                }
            }
            else if (name.SequenceEqual("data"u8) && format.Channels > 0)
            {
                format = format with { DataStart = start, DataLength = length - (length % (BytesPerSample * format.Channels)) };
                problem = format.DataLength == 0 ? "it holds no sound" : null;
                return problem is null;
            }

            // A chunk of an odd length is followed by a byte that fills it up.
            start = (int)Math.Min(start + (long)length + (claimed & 1), file.Length);
        }

        problem = "it holds no sound";
        return false;
    }

    /// <summary>Writes the header of a file with one channel of 16-bit PCM.</summary>
    /// <param name="destination">Room for <see cref="HeaderSize"/> bytes.</param>
    /// <param name="sampleRate">Samples a second.</param>
    /// <param name="dataLength">Bytes of samples that follow.</param>
    public static void WriteHeader(Span<byte> destination, int sampleRate, int dataLength)
    {
        "RIFF"u8.CopyTo(destination);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], HeaderSize - ChunkHeaderSize + dataLength);
        "WAVEfmt "u8.CopyTo(destination[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(destination[16..], FormatSize);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[20..], PcmTag);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(destination[24..], sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(destination[28..], sampleRate * BytesPerSample);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[32..], BytesPerSample);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[34..], BitsPerSample);
        "data"u8.CopyTo(destination[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(destination[40..], dataLength);
    }

    private static bool TryParseFormat(ReadOnlySpan<byte> chunk, out WavFormat format, out string? problem)
    {
        format = default;
        if (chunk.Length < FormatSize)
        {
            problem = "its format is cut off";
            return false;
        }

        ushort tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        if (tag == ExtensibleTag && chunk.Length >= ExtensibleSize)
        {
            tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk[ExtensibleTagOffset..]);
        }

        ushort channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        uint rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        ushort bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        problem = (tag, bits, channels, rate) switch
        {
            (not PcmTag, _, _, _) =>
                string.Create(CultureInfo.InvariantCulture, $"its sound is encoded (format {tag}); it must be 16-bit PCM"),
            (_, not BitsPerSample, _, _) => string.Create(CultureInfo.InvariantCulture, $"it has {bits} bits a sample; it must have 16"),
            (_, _, not (1 or 2), _) => string.Create(CultureInfo.InvariantCulture, $"it has {channels} channels; it must have 1 or 2"),
            (_, _, _, 0 or > int.MaxValue) => string.Create(CultureInfo.InvariantCulture, $"it has {rate} samples a second"),
            _ => null,
        };
        format = problem is null ? new WavFormat((int)rate, channels, 0, 0) : default;
        return problem is null;
    }
}
