using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;

namespace IntercomAgent.Sdp;

/// <summary>Which of a peer's formats are ours.</summary>
internal static class AudioFormats
{
    /// <summary>The encoding name of telephone events (RFC 4733 section 7.1.1).</summary>
    public const string EventName = "telephone-event";

    private const int OldestClock = 8000;

    /// <summary>The peer's formats that are ours, in the peer's order; RFC 3264 section 6.1 recommends to keep it.</summary>
    public static List<PayloadFormat> FindCommon(MediaDescription media, IReadOnlyList<AudioCodec> codecs)
    {
        List<PayloadFormat> common = [];
        foreach (byte payloadType in PayloadTypes(media))
        {
            AudioEncoding? encoding = EncodingOf(media, payloadType);
            foreach (AudioCodec codec in codecs)
            {
                if (encoding == AudioEncoding.Of(codec))
                {
                    common.Add(new PayloadFormat(payloadType, codec));
                }
            }
        }

        return common;
    }

    /// <summary>The peer's formats of telephone events, in the peer's order.</summary>
    public static List<EventFormat> FindEvents(MediaDescription media)
    {
        List<EventFormat> found = [];
        foreach (byte payloadType in PayloadTypes(media))
        {
            if (EncodingOf(media, payloadType) is { } encoding && encoding == AudioEncoding.Events(encoding.ClockRate))
            {
                found.Add(new EventFormat(payloadType, encoding.ClockRate));
            }
        }

        return found;
    }

    /// <summary>
    /// Of these, the one to use beside a codec: events share the time stamps of their audio (RFC 4733 section 2.1), and so its clock. Not
    /// every telephone that speaks Opus knows that; the keys of one that has them on the oldest clock alone are to count all the same.
    /// </summary>
    public static EventFormat? ChooseEvents(IReadOnlyList<EventFormat> events, AudioCodec codec)
    {
        int clock = CodecFacts.Of(codec).ClockRate;
        return events.Where(format => format.ClockRate == clock)
            .Concat(events.Where(format => format.ClockRate == OldestClock))
            .Cast<EventFormat?>().FirstOrDefault();
    }

    /// <summary>What Opus's receiver wishes; what holds where it says nothing, and for other codecs.</summary>
    public static OpusParameters OpusWishes(MediaDescription media, PayloadFormat format) =>
        format.Codec == AudioCodec.Opus && media.Own.Parameters.TryGetValue(format.PayloadType, out string? parameters)
            ? OpusParameters.Read(parameters)
            : OpusParameters.Default;

    /// <summary>What a payload type of the media line stands for; null when nobody says.</summary>
    public static AudioEncoding? EncodingOf(MediaDescription media, byte payloadType) =>
        media.Own.Encodings.TryGetValue(payloadType, out string? encoding)
            ? AudioEncoding.Read(encoding)
            : AudioEncoding.OfStaticType(payloadType);

    /// <summary>The payload types of the media line.</summary>
    public static List<byte> PayloadTypes(MediaDescription media)
    {
        List<byte> types = [];
        foreach (string format in media.Formats.Split(' '))
        {
            if (byte.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out byte payloadType) && payloadType < 128)
            {
                types.Add(payloadType);
            }
        }

        return types;
    }
}
