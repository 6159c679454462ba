using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Text;
using IntercomAgent.Hal.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Hal;

public sealed class WavFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("intercom-agent-wav").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_recorded_is_played_back()
    {
        string path = Path.Combine(_folder, "round.wav");
        short[] samples = [.. Enumerable.Range(0, 50_001).Select(index => (short)(index * 7))];
        WavFileSink sink = WavFileSink.TryOpen(path, 8000, out string? problem)!;
        Assert.Null(problem);
        for (int start = 0; start < samples.Length; start += 160)
        {
            sink.Write(samples.AsSpan(start, Math.Min(160, samples.Length - start)));
        }

        sink.Dispose();
        sink.Dispose();

        Assert.Equal(samples, ReadAll(path, 8000));
        Assert.Equal(WavFormat.HeaderSize + (2 * samples.Length), new FileInfo(path).Length);
    }

    [Fact]
    public void A_recording_can_be_read_before_it_is_closed_as_after_a_crash()
    {
        string path = Path.Combine(_folder, "crash.wav");
        using WavFileSink sink = WavFileSink.TryOpen(path, 8000, out _)!;
        for (int second = 0; second < 5; second++)
        {
            sink.Write(new short[8000]);
        }

        byte[] file = File.ReadAllBytes(path);

        Assert.True(WavFormat.TryParse(file, out WavFormat format, out _));
        Assert.Equal(file.Length - WavFormat.HeaderSize, format.DataLength);
        Assert.Equal(BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(4)), file.Length - 8);
        Assert.InRange(format.DataLength, 48_000, 80_000);
    }

    [Fact]
    public void A_recording_ends_at_its_longest()
    {
        string path = Path.Combine(_folder, "long.wav");
        WavFileSink sink = WavFileSink.TryOpen(path, 10, out _)!;
        sink.Write(new short[(10 * WavFileSink.MaximumSeconds) + 1]);
        sink.Write(new short[1]);
        sink.Dispose();

        Assert.Equal(10 * WavFileSink.MaximumSeconds, ReadAll(path, 10).Length);
    }

    [Fact]
    public void A_full_disk_ends_the_recording_with_a_sentence()
    {
        Assert.Null(WavFileSink.TryOpen("/dev/full", 8000, out string? problem));
        Assert.Equal("cannot record to /dev/full: no space left on device", problem);
    }

    [Fact]
    public void Recording_makes_no_garbage()
    {
        using WavFileSink sink = WavFileSink.TryOpen(Path.Combine(_folder, "garbage.wav"), 8000, out _)!;
        short[] period = new short[160];
        for (int warm = 0; warm < 200; warm++)
        {
            sink.Write(period);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int count = 0; count < 1000; count++)
        {
            sink.Write(period);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Past_the_end_there_is_silence_or_the_beginning()
    {
        string path = Write("short.wav", Wav(8000, 1, [1, 2, 3]));
        short[] samples = new short[8];

        WavFileSource.TryOpen(path, 8000, repeat: false, out _)!.Read(samples);
        Assert.Equal([1, 2, 3, 0, 0, 0, 0, 0], samples);

        WavFileSource.TryOpen(path, 8000, repeat: true, out _)!.Read(samples);
        Assert.Equal([1, 2, 3, 1, 2, 3, 1, 2], samples);
    }

    [Fact]
    public void Two_channels_are_mixed_into_one()
    {
        string path = Write("stereo.wav", Wav(8000, 2, [100, 200, -32768, -32768, 32767, 32767]));

        Assert.Equal([150, -32768, 32767], ReadAll(path, 8000));
    }

    [Theory]
    [InlineData(16_000)]
    [InlineData(48_000)]
    public void A_higher_rate_is_lowered(int rate)
    {
        string path = Write("high.wav", Wav(rate, 1, [.. Enumerable.Repeat((short)1000, rate)]));

        short[] samples = ReadAll(path, 8000);

        Assert.Equal(8000, samples.Length);
        Assert.All(samples[100..^100], sample => Assert.InRange(sample, 999, 1001));
    }

    [Fact]
    public void Other_chunks_are_stepped_over_and_an_extensible_format_is_understood()
    {
        byte[] plain = Wav(8000, 1, [5, 6]);
        byte[] file = [.. plain[..12], .. "LIST"u8, 3, 0, 0, 0, 1, 2, 3, 0, .. Extensible(plain), .. plain[36..]];

        Assert.Equal([5, 6], ReadAll(Write("chunks.wav", file), 8000));
    }

    [Fact]
    public void What_is_wrong_is_told_in_words()
    {
        byte[] good = Wav(8000, 1, [1, 2, 3]);
        Assert.Equal("not a WAV file", Complaint([.. Encoding.ASCII.GetBytes("ID3 is something else altogether")]));
        Assert.Equal("it holds no sound", Complaint(Wav(8000, 1, [])));
        Assert.Equal("its sound is encoded (format 7); it must be 16-bit PCM", Complaint(Changed(good, 20, 7)));
        Assert.Equal("it has 24 bits a sample; it must have 16", Complaint(Changed(good, 34, 24)));
        Assert.Equal("it has 6 channels; it must have 1 or 2", Complaint(Changed(good, 22, 6)));
        Assert.Equal("it has 11025 samples a second; 8000 are wanted", Complaint(Wav(11_025, 1, [1, 2])));
        Assert.Equal("it has 4000 samples a second; 8000 are wanted", Complaint(Wav(4000, 1, [1, 2])));
        Assert.Null(WavFileSource.TryOpen(Path.Combine(_folder, "none.wav"), 8000, false, out string? problem));
        Assert.Equal($"cannot read {Path.Combine(_folder, "none.wav")}: no such file or directory", problem);
        Assert.Null(WavFileSource.TryOpen(_folder, 8000, false, out problem));
        Assert.Equal($"cannot read {_folder}: it is a folder", problem);
        Assert.Null(WavFileSink.TryOpen(Path.Combine(_folder, "no", "folder.wav"), 8000, out problem));
        Assert.Equal($"cannot record to {Path.Combine(_folder, "no", "folder.wav")}: no such file or directory", problem);
    }

    [Fact]
    public void Every_prefix_and_every_flipped_byte_is_read_or_refused()
    {
        byte[] plain = Wav(8000, 2, [1, 2, 3, 4]);
        byte[] file = [.. plain[..12], .. "LIST"u8, 3, 0, 0, 0, 1, 2, 3, 0, .. Extensible(plain), .. plain[36..]];
        for (int length = 0; length < file.Length; length++)
        {
            Check(file.AsSpan(0, length));
        }

        for (int index = 0; index < file.Length; index++)
        {
            foreach (byte flip in (byte[])[0x01, 0x80, 0xFF])
            {
                byte[] changed = (byte[])file.Clone();
                changed[index] ^= flip;
                Check(changed);
            }
        }
    }

    [Fact]
    public void Noise_behind_a_true_beginning_is_read_or_refused()
    {
        const int Seed = 20_260_701;
        Random random = new(Seed);
        byte[] plain = Wav(8000, 1, [1, 2, 3, 4]);
        for (int run = 0; run < 5000; run++)
        {
            byte[] noise = new byte[random.Next(80)];
            random.NextBytes(noise);
            byte[] file = [.. plain[..random.Next(plain.Length)], .. noise];
            Exception? thrown = Record.Exception(() => Check(file));
            Assert.True(thrown is null, $"seed {Seed}, run {run}: {thrown}");
        }
    }

    private static void Check(ReadOnlySpan<byte> file)
    {
        bool read = WavFormat.TryParse(file, out WavFormat format, out string? problem);
        Assert.Equal(read, problem is null);
        if (read)
        {
            Assert.InRange(format.Channels, 1, 2);
            Assert.True(format.SampleRate > 0);
            Assert.True(format.DataLength > 0);
            Assert.True(format.DataStart + format.DataLength <= file.Length);
        }
    }

    private static byte[] Wav(int rate, ushort channels, short[] samples)
    {
        byte[] file = new byte[WavFormat.HeaderSize + (2 * samples.Length)];
        WavFormat.WriteHeader(file, rate, 2 * samples.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(22), channels);
        for (int index = 0; index < samples.Length; index++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(WavFormat.HeaderSize + (2 * index)), samples[index]);
        }

        return file;
    }

    /// <summary>The format chunk of a plain file as WAVE_FORMAT_EXTENSIBLE.</summary>
    private static byte[] Extensible(byte[] plain) =>
    [
        .. "fmt "u8, 40, 0, 0, 0, 0xFE, 0xFF, .. plain[22..36], 22, 0, 16, 0, 3, 0, 0, 0,
        1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71,
    ];

    private static byte[] Changed(byte[] file, int index, byte value)
    {
        byte[] changed = (byte[])file.Clone();
        changed[index] = value;
        return changed;
    }

    private string Complaint(byte[] file)
    {
        string path = Write("bad.wav", file);
        Assert.Null(WavFileSource.TryOpen(path, 8000, repeat: false, out string? problem));
        string beginning = $"cannot use {path}: ";
        Assert.StartsWith(beginning, problem);
        return problem![beginning.Length..];
    }

    private static short[] ReadAll(string path, int rate)
    {
        WavFileSource? source = WavFileSource.TryOpen(path, rate, repeat: false, out string? problem);
        Assert.Null(problem);
        short[] samples = new short[source!.Length];
        source.Read(samples);
        return samples;
    }

    private string Write(string name, byte[] content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
