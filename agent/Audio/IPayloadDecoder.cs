using System;
using IntercomAgent.Rtp;

namespace IntercomAgent.Audio;

/// <summary>Makes sound of payload.</summary>
internal interface IPayloadDecoder
{
    /// <summary>Decodes payload, which is given in the order in which it was sent, with gaps.</summary>
    /// <param name="payloadType">Its type; silence if that is no longer agreed on.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="at">The timestamp of its first octet.</param>
    /// <param name="samples">Where the sound goes: as many samples for each octet as there are in 1/8000 of a second.</param>
    void Decode(byte payloadType, ReadOnlySpan<byte> payload, RtpTimestamp at, Span<short> samples);

    /// <summary>Makes up what is missing, as the codec knows best; false when it does not.</summary>
    /// <param name="gap">What comes after.</param>
    /// <param name="samples">Where the sound goes.</param>
    bool TryConceal(in JitterGap gap, Span<short> samples) => false;

    /// <summary>What it has made up beyond what was asked for: how the sound would go on.</summary>
    ReadOnlySpan<short> Continuation => [];
}
