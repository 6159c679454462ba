using System.Collections.Generic;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;

namespace IntercomAgent.Sdp;

/// <summary>
/// What the payload types of a session stand for, in what we receive: once said, that never changes (RFC 3264 section 8.3.2). Those of the
/// peer's offers are taken over, as section 6.1 recommends.
/// </summary>
internal sealed class PayloadTypes
{
    private const byte Last = 127;

    private readonly Dictionary<AudioEncoding, byte> _types = [];
    private readonly HashSet<byte> _taken = [];

    /// <summary>The type for a codec in an offer of ours.</summary>
    public byte For(AudioCodec codec) => For(AudioEncoding.Of(codec), CodecFacts.Of(codec).PayloadType);

    /// <summary>
    /// The type for telephone events with that clock: 101 is what most telephones use for the oldest one.
    /// </summary>
    public byte ForEvents(int clockRate) => For(AudioEncoding.Events(clockRate), clockRate == 8000 ? (byte)101 : (byte)100);

    /// <summary>Takes over what an offer of the peer's says.</summary>
    public void Learn(MediaDescription media)
    {
        foreach (byte payloadType in AudioFormats.PayloadTypes(media))
        {
            _ = _taken.Add(payloadType);
            if (AudioFormats.EncodingOf(media, payloadType) is { } encoding)
            {
                _types[encoding] = payloadType;
            }
        }
    }

    private byte For(AudioEncoding encoding, byte preferred)
    {
        if (_types.TryGetValue(encoding, out byte known))
        {
            return known;
        }

        byte chosen = preferred;
        for (byte free = CodecFacts.FirstDynamicType; !_taken.Add(chosen) && free <= Last; free++)
        {
            chosen = free;
        }

        _types[encoding] = chosen;
        return chosen;
    }
}
