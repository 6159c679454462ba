using System;
using IntercomAgent.Rtp;

namespace IntercomAgent.Audio;

/// <summary>
/// Half a second of payload in which each octet has its place by its RTP timestamp, so that packets of any length, in any order, join
/// by themselves. It is for codecs with one octet a sample. Each octet carries a tag: its payload type, or why there is none.
/// </summary>
internal sealed class PayloadRing
{
    /// <summary>
    /// Octets that the ring holds, 512 ms: the longest delay, the longest payload and room for a gap between them. A power of two, so
    /// that a timestamp's place stays the same where timestamps wrap around.
    /// </summary>
    public const int Capacity = 4096;

    /// <summary>The tag of a place for which nothing has come.</summary>
    public const byte Missing = 0xFF;

    /// <summary>The tag of a place for which the sender sent nothing, because nobody spoke.</summary>
    public const byte Silent = 0xFE;

    private readonly byte[] _octets = new byte[Capacity];
    private readonly byte[] _tags = new byte[Capacity];

    /// <summary>A ring in which everything is missing.</summary>
    public PayloadRing() => Clear();

    /// <summary>Makes everything missing.</summary>
    public void Clear() => Array.Fill(_tags, Missing);

    /// <summary>Stores octets with the payload type as their tag.</summary>
    public void Write(RtpTimestamp timestamp, ReadOnlySpan<byte> octets, byte payloadType)
    {
        int place = Place(timestamp);
        int first = int.Min(octets.Length, Capacity - place);
        octets[..first].CopyTo(_octets.AsSpan(place));
        octets[first..].CopyTo(_octets);
        Tag(timestamp, octets.Length, payloadType);
    }

    /// <summary>Copies octets out, whatever their tags are.</summary>
    public void Read(RtpTimestamp timestamp, Span<byte> octets)
    {
        int place = Place(timestamp);
        int first = int.Min(octets.Length, Capacity - place);
        _octets.AsSpan(place, first).CopyTo(octets);
        _octets.AsSpan(0, octets.Length - first).CopyTo(octets[first..]);
    }

    /// <summary>Gives a stretch of <paramref name="length"/> octets a tag.</summary>
    public void Tag(RtpTimestamp timestamp, int length, byte tag)
    {
        int place = Place(timestamp);
        int first = int.Min(length, Capacity - place);
        _tags.AsSpan(place, first).Fill(tag);
        _tags.AsSpan(0, length - first).Fill(tag);
    }

    /// <summary>How many octets from a timestamp on have the tag of the first, at most <paramref name="limit"/>.</summary>
    public int Run(RtpTimestamp timestamp, int limit, out byte tag)
    {
        int place = Place(timestamp);
        tag = _tags[place];
        int run = 0;
        while (run < limit && _tags[(place + run) % Capacity] == tag)
        {
            run++;
        }

        return run;
    }

    private static int Place(RtpTimestamp timestamp) => (int)(timestamp.Value % Capacity);
}
