using System;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IntercomAgent.Hal.Audio;

/// <summary>
/// Records what is played as a WAV file. Samples are gathered and handed to the kernel's page cache in large pieces, each followed by
/// a header that is right for what is there: a crash leaves a readable file that lacks the last piece at most.
/// </summary>
public sealed class WavFileSink : IAudioSink, IDisposable
{
    /// <summary>The longest recording: one that was forgotten must not fill a memory card. An hour at 8 kHz is 58 MB.</summary>
    public const int MaximumSeconds = 3600;

    /// <summary>Bytes in a piece: two seconds at 8 kHz, and far below what the page cache takes within a millisecond.</summary>
    private const int PieceBytes = 32 * 1024;

    private readonly string _path;
    private readonly int _sampleRate;
    private readonly SafeFileHandle _file;
    private readonly byte[] _piece = new byte[PieceBytes];
    private readonly byte[] _header = new byte[WavFormat.HeaderSize];
    private int _used;
    private int _written;
    private bool _closed;

    private WavFileSink(string path, int sampleRate, SafeFileHandle file)
    {
        _path = path;
        _sampleRate = sampleRate;
        _file = file;
    }

    /// <summary>Why the recording has ended early, for a person: a full disk. Null when it has not.</summary>
    public string? Problem { get; private set; }

    private long MaximumBytes => (long)MaximumSeconds * _sampleRate * sizeof(short);

    /// <summary>
    /// Makes the file, or empties it when it was there. Failure gives null and a sentence that names the file and the cause.
    /// </summary>
    public static WavFileSink? TryOpen(string path, int sampleRate, out string? problem)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read);
            WavFileSink sink = new(path, sampleRate, file);
            sink.WriteHeader();
            problem = null;
            return sink;
        }
        catch (Exception failure) when (SoundFile.IsRefusal(failure))
        {
            file?.Dispose();
            problem = SoundFile.Sentence("record to", path, failure);
            return null;
        }
    }

    /// <summary>Takes the next samples; beyond <see cref="MaximumSeconds"/>, or after a <see cref="Problem"/>, they are dropped.</summary>
    public void Write(ReadOnlySpan<short> samples)
    {
        ObjectDisposedException.ThrowIf(_closed, this);

        // The boards are little-endian, as WAV files are.
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(samples);
        while (!bytes.IsEmpty && Problem is null && _written + _used < MaximumBytes)
        {
            int count = (int)Math.Min(Math.Min(bytes.Length, PieceBytes - _used), MaximumBytes - _written - _used);
            bytes[..count].CopyTo(_piece.AsSpan(_used));
            _used += count;
            bytes = bytes[count..];
            if (_used == PieceBytes)
            {
                WritePiece();
            }
        }
    }

    /// <summary>Writes what is left and closes the file. May be asked twice.</summary>
    public void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            if (Problem is null)
            {
                WritePiece();
            }

            _file.Dispose();
        }
    }

    private void WritePiece()
    {
        try
        {
            RandomAccess.Write(_file, _piece.AsSpan(0, _used), WavFormat.HeaderSize + (long)_written);
            _written += _used;
            _used = 0;
            WriteHeader();
        }
        catch (Exception failure) when (SoundFile.IsRefusal(failure))
        {
            Problem = SoundFile.Sentence("record to", _path, failure);
        }
    }

    private void WriteHeader()
    {
        WavFormat.WriteHeader(_header, _sampleRate, _written);
        RandomAccess.Write(_file, _header, 0);
    }
}
