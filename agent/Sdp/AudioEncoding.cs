using System;
using System.Globalization;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;

namespace IntercomAgent.Sdp;

/// <summary>What <c>a=rtpmap</c> says of a payload type: <c>opus/48000/2</c> (RFC 8866 section 6.6).</summary>
/// <param name="Name">The encoding name, in lower case: names are the same in either.</param>
/// <param name="ClockRate">Ticks of the RTP clock in a second.</param>
/// <param name="Channels">The channels; one where nothing is said.</param>
internal readonly record struct AudioEncoding(string Name, int ClockRate, int Channels)
{
    private static readonly AudioCodec[] Codecs = Enum.GetValues<AudioCodec>();

    /// <summary>What a codec is called.</summary>
    public static AudioEncoding Of(AudioCodec codec)
    {
        CodecFacts facts = CodecFacts.Of(codec);
        return new AudioEncoding(facts.Name.ToLowerInvariant(), facts.ClockRate, facts.Channels);
    }

    /// <summary>What telephone events with that clock are called.</summary>
    public static AudioEncoding Events(int clockRate) => new(AudioFormats.EventName, clockRate, 1);

    /// <summary>Reads the value of an <c>a=rtpmap</c> after the payload type; null when it is malformed.</summary>
    public static AudioEncoding? Read(string text)
    {
        string[] parts = text.Split('/');
        return parts.Length is 2 or 3 && TryReadNumber(parts[1], out int clock) && TryReadNumber(parts.ElementAtOrDefault(2) ?? "1", out int channels)
            ? new AudioEncoding(parts[0].ToLowerInvariant(), clock, channels)
            : null;
    }

    /// <summary>What a payload type stands for without an <c>a=rtpmap</c> (RFC 3551 section 6); null for those that are not ours.</summary>
    public static AudioEncoding? OfStaticType(byte payloadType)
    {
        foreach (AudioCodec codec in Codecs)
        {
            if (payloadType < CodecFacts.FirstDynamicType && CodecFacts.Of(codec).PayloadType == payloadType)
            {
                return Of(codec);
            }
        }

        return null;
    }

    private static bool TryReadNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
