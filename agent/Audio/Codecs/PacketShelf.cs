using System;
using IntercomAgent.Rtp;

namespace IntercomAgent.Audio.Codecs;

/// <summary>
/// Keeps whole packets, for codecs whose payload cannot be cut by time. In the jitter buffer's ring, which has a place for each octet of
/// G.711, a packet's number stands at every place of its time; here is what it stands for.
/// </summary>
internal sealed class PacketShelf
{
    /// <summary>Bytes of a payload, at most: what a datagram on the usual network holds.</summary>
    public const int LongestPayload = 1500;

    // The ring holds half a second: 32 kB at the highest bit rate of Opus, in 205 packets of its shortest frames.
    private const int Room = 65_536;
    private const int Numbers = 256;

    private readonly byte[] _bytes = new byte[Room];
    private readonly Entry[] _entries = new Entry[Numbers];
    private long _written;
    private byte _next;

    /// <summary>Keeps a payload; returns its number.</summary>
    /// <param name="payload">1 to <see cref="LongestPayload"/> bytes.</param>
    /// <param name="begins">When its sound begins, by the ring's clock.</param>
    public byte Put(ReadOnlySpan<byte> payload, RtpTimestamp begins)
    {
        int place = (int)(_written % Room);
        if (place + payload.Length > Room)
        {
            _written += Room - place;
            place = 0;
        }

        payload.CopyTo(_bytes.AsSpan(place));
        byte number = _next++;
        _entries[number] = new Entry(_written, payload.Length, begins);
        _written += payload.Length;
        return number;
    }

    /// <summary>The payload of a number; empty when it is gone.</summary>
    public ReadOnlySpan<byte> Get(byte number, out RtpTimestamp begins)
    {
        Entry entry = _entries[number];
        begins = entry.Begins;
        return _written - entry.Written <= Room ? _bytes.AsSpan((int)(entry.Written % Room), entry.Length) : [];
    }

    private readonly record struct Entry(long Written, int Length, RtpTimestamp Begins);
}
