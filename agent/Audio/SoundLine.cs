using System;

namespace IntercomAgent.Audio;

/// <summary>Decoded sound in a row: what was played last, and what waits to be played.</summary>
internal sealed class SoundLine
{
    private readonly short[] _samples;
    private readonly int _next;
    private int _end;

    /// <summary>A line in which nothing waits, after silence.</summary>
    /// <param name="past">Samples that are kept after they were played.</param>
    /// <param name="capacity">Samples that can wait.</param>
    public SoundLine(int past, int capacity)
    {
        _samples = new short[past + capacity];
        _next = past;
        _end = past;
    }

    /// <summary>Samples that wait to be played.</summary>
    public int Waiting => _end - _next;

    /// <summary>Samples that are kept after they were played.</summary>
    public int Past => _next;

    /// <summary>All that there is up to the end of what waits, the oldest first.</summary>
    public ReadOnlySpan<short> All => _samples.AsSpan(0, _end);

    /// <summary>What waits; it may be changed.</summary>
    public Span<short> Upcoming => _samples.AsSpan(_next, Waiting);

    /// <summary>A stretch of the line.</summary>
    /// <param name="offset">Where it begins: so many samples after the next one that is played, or before it if negative.</param>
    /// <param name="length">Samples in it.</param>
    public ReadOnlySpan<short> At(int offset, int length) => _samples.AsSpan(_next + offset, length);

    /// <summary>Adds samples at the end; returns where they are to be written.</summary>
    public Span<short> Append(int length)
    {
        _end += length;
        return _samples.AsSpan(_end - length, length);
    }

    /// <summary>Plays the next samples, of which there are enough.</summary>
    public void Take(Span<short> sound)
    {
        Upcoming[..sound.Length].CopyTo(sound);
        _samples.AsSpan(sound.Length, _end - sound.Length).CopyTo(_samples);
        _end -= sound.Length;
    }

    /// <summary>Leaves out the samples that would be played next; or plays as many of the last ones again if negative.</summary>
    public void Skip(int samples)
    {
        _samples.AsSpan(_next + samples, Waiting - samples).CopyTo(_samples.AsSpan(_next));
        _end -= samples;
    }
}
