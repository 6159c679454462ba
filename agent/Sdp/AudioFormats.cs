using System;
using System.Collections.Generic;
using System.Globalization;
using IntercomAgent.Audio;

namespace IntercomAgent.Sdp;

/// <summary>Which of a peer's formats are ours.</summary>
internal static class AudioFormats
{
    /// <summary>The payload type of telephone events that we offer: dynamic, and the one that most telephones use.</summary>
    public const byte EventPayloadType = 101;

    /// <summary>The peer's formats that are ours, in the peer's order; RFC 3264 section 6.1 recommends to keep it.</summary>
    public static List<PayloadFormat> FindCommon(MediaDescription media, IReadOnlyList<AudioCodec> codecs)
    {
        List<PayloadFormat> common = [];
        foreach (byte payloadType in PayloadTypes(media))
        {
            foreach (AudioCodec codec in codecs)
            {
                if (IsEncoding(media, payloadType, EncodingName(codec)))
                {
                    common.Add(new PayloadFormat(payloadType, codec));
                }
            }
        }

        return common;
    }

    /// <summary>
    /// The payload type of telephone events on our codecs' clock (RFC 4733 section 2.1: events share the time stamps of their audio);
    /// null when there is none.
    /// </summary>
    public static byte? FindEvents(MediaDescription media)
    {
        foreach (byte payloadType in PayloadTypes(media))
        {
            if (IsEncoding(media, payloadType, "telephone-event"))
            {
                return payloadType;
            }
        }

        return null;
    }

    /// <summary>The encoding name for <c>a=rtpmap</c>; the clock of both codecs is 8000 Hz.</summary>
    public static string EncodingName(AudioCodec codec) => codec switch
    {
        AudioCodec.Pcmu => "PCMU",
        AudioCodec.Pcma => "PCMA",
    };

    /// <summary>The payload type that needs no <c>a=rtpmap</c> (RFC 3551 section 6).</summary>
    public static byte StaticPayloadType(AudioCodec codec) => codec switch
    {
        AudioCodec.Pcmu => 0,
        AudioCodec.Pcma => 8,
    };

    private static List<byte> PayloadTypes(MediaDescription media)
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

    private static bool IsEncoding(MediaDescription media, byte payloadType, string name)
    {
        string? encoding = media.Own.Encodings.GetValueOrDefault(payloadType) ?? payloadType switch
        {
            0 => "PCMU/8000",
            8 => "PCMA/8000",
            _ => null,
        };
        // RFC 8866 section 6.6: encoding names are the same in either case; a missing number of channels means one.
        return encoding is not null
            && encoding.StartsWith(name, StringComparison.OrdinalIgnoreCase)
            && encoding.AsSpan(name.Length) is "/8000" or "/8000/1";
    }
}
