using System;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;

namespace IntercomAgent.Hal.Audio;

/// <summary>
/// A WAV file in place of a microphone. The whole file is read when it is opened, so that no disk is waited for in a call.
/// </summary>
public sealed class WavFileSource : IAudioSource
{
    /// <summary>The longest file: five minutes of stereo at 48 kHz, and no more memory than the smallest board can spare.</summary>
    public const int MaximumFileBytes = 64 * 1024 * 1024;

    /// <summary>The rates that are lowered are at most this many times the wanted one: 48 kHz to 8 kHz.</summary>
    private const int MaximumDecimation = 6;

    private readonly short[] _samples;
    private readonly bool _repeat;
    private int _next;

    private WavFileSource(short[] samples, bool repeat)
    {
        _samples = samples;
        _repeat = repeat;
    }

    /// <summary>Samples in the file, at the wanted rate.</summary>
    public int Length => _samples.Length;

    /// <summary>
    /// Opens a file of 16-bit PCM. Two channels are mixed into one; a rate that is a whole multiple of the wanted one is lowered.
    /// Failure gives null and a sentence that names the file and what is wrong.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="sampleRate">Samples a second that are wanted.</param>
    /// <param name="repeat">Whether the file begins anew after its end, instead of silence.</param>
    /// <param name="problem">What is wrong.</param>
    public static WavFileSource? TryOpen(string path, int sampleRate, bool repeat, out string? problem)
    {
        if (TryReadFile(path, MaximumFileBytes, out problem) is not { } file)
        {
            return null;
        }

        short[]? samples = TryDecode(file, sampleRate, out string? fault);
        problem = samples is null ? $"cannot use {path}: {fault}" : null;
        return samples is null ? null : new WavFileSource(samples, repeat);
    }

    /// <summary>
    /// Reads a whole file of 16-bit PCM, in one channel and at its own rate. Failure gives null and a sentence that names the file and what
    /// is wrong.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="maximumBytes">The longest file that is read.</param>
    /// <param name="sampleRate">Samples a second of it.</param>
    /// <param name="problem">What is wrong.</param>
    public static short[]? TryRead(string path, int maximumBytes, out int sampleRate, out string? problem)
    {
        sampleRate = 0;
        if (TryReadFile(path, maximumBytes, out problem) is not { } file)
        {
            return null;
        }

        short[]? samples = TryDecode(file, out sampleRate, out string? fault);
        problem = samples is null ? $"cannot use {path}: {fault}" : null;
        return samples;
    }

    /// <inheritdoc/>
    public void Read(Span<short> samples)
    {
        while (!samples.IsEmpty)
        {
            if (_next == _samples.Length)
            {
                if (!_repeat)
                {
                    samples.Clear();
                    return;
                }

                _next = 0;
            }

            int count = Math.Min(samples.Length, _samples.Length - _next);
            _samples.AsSpan(_next, count).CopyTo(samples);
            _next += count;
            samples = samples[count..];
        }
    }

    /// <summary>The samples of a WAV file that lies in memory, as <see cref="TryOpen"/> reads them; null and what is wrong with it.</summary>
    public static short[]? TryDecode(ReadOnlySpan<byte> file, int sampleRate, out string? fault)
    {
        if (TryDecode(file, out int ownRate, out fault) is not { } mono)
        {
            return null;
        }

        (int factor, int rest) = Math.DivRem(ownRate, sampleRate);
        if (rest != 0 || factor is < 1 or > MaximumDecimation)
        {
            fault = string.Create(CultureInfo.InvariantCulture, $"it has {ownRate} samples a second; {sampleRate} are wanted");
            return null;
        }

        short[] result = factor == 1 ? mono : Decimation.Reduce(mono, factor);
        fault = result.Length == 0 ? "it holds no sound" : null;
        return fault is null ? result : null;
    }

    private static byte[]? TryReadFile(string path, int maximumBytes, out string? problem)
    {
        try
        {
            bool isLong = new FileInfo(path) is { Exists: true } file && file.Length > maximumBytes;
            problem = isLong ? string.Create(CultureInfo.InvariantCulture, $"cannot use {path}: it is longer than {maximumBytes} bytes") : null;
            return isLong ? null : File.ReadAllBytes(path);
        }
        catch (Exception failure) when (SoundFile.IsRefusal(failure))
        {
            problem = SoundFile.Sentence("read", path, failure);
            return null;
        }
    }

    private static short[]? TryDecode(ReadOnlySpan<byte> file, out int sampleRate, out string? fault)
    {
        bool isWave = WavFormat.TryParse(file, out WavFormat format, out fault);
        sampleRate = format.SampleRate;
        if (!isWave)
        {
            return null;
        }

        // The boards are little-endian, as WAV files are.
        ReadOnlySpan<short> samples = MemoryMarshal.Cast<byte, short>(file.Slice(format.DataStart, format.DataLength));
        return format.Channels == 1 ? samples.ToArray() : MixDown(samples);
    }

    private static short[] MixDown(ReadOnlySpan<short> stereo)
    {
        short[] mono = new short[stereo.Length / 2];
        for (int index = 0; index < mono.Length; index++)
        {
            mono[index] = (short)((stereo[2 * index] + stereo[(2 * index) + 1]) / 2);
        }

        return mono;
    }
}
