using System;

namespace IntercomAgent.Audio;

/// <summary>Makes sound of payload.</summary>
internal interface IPayloadDecoder
{
    /// <summary>Decodes payload, which is given in the order in which it was sent, with gaps.</summary>
    /// <param name="payloadType">Its type; silence if that is no longer agreed on.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="samples">Where the sound goes: as many samples for each octet as there are in 1/8000 of a second.</param>
    void Decode(byte payloadType, ReadOnlySpan<byte> payload, Span<short> samples);
}
