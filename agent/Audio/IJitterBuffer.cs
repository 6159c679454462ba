using System;
using IntercomAgent.Rtp;

namespace IntercomAgent.Audio;

/// <summary>What a jitter buffer has for a period.</summary>
internal enum JitterVerdict
{
    /// <summary>Nobody speaks: no packet has come yet, or the talk spurt is over. Play silence.</summary>
    Silence,

    /// <summary>The period's payload.</summary>
    Frame,

    /// <summary>Something should be here and is not. Conceal it.</summary>
    Missing,
}

/// <summary>
/// Turns packets that come when the network pleases into one period of payload at each tick of the audio clock.
/// It knows no other clock than the periods it plays, so that whichever of the sender's, the network's and the loudspeaker's clocks
/// drifts looks the same to it.
/// </summary>
internal interface IJitterBuffer
{
    /// <summary>How long the payload waits in the buffer, on average.</summary>
    TimeSpan Delay { get; }

    /// <summary>What the buffer has counted since it was made.</summary>
    JitterCounters Counters { get; }

    /// <summary>Takes a copy of one packet's payload.</summary>
    /// <param name="sequence">The packet's number.</param>
    /// <param name="timestamp">When the first octet was sampled.</param>
    /// <param name="marker">Whether the packet begins a talk spurt.</param>
    /// <param name="payloadType">The payload's type, 0 to 127.</param>
    /// <param name="payload">The payload.</param>
    void Receive(SequenceNumber sequence, RtpTimestamp timestamp, bool marker, byte payloadType, ReadOnlySpan<byte> payload);

    /// <summary>Gives the next period; to be called once in each.</summary>
    /// <param name="period">Where the payload goes, at least a period long. Of no use unless the verdict is a frame.</param>
    /// <param name="payloadType">The payload's type if the verdict is a frame.</param>
    JitterVerdict Play(Span<byte> period, out byte payloadType);

    /// <summary>Forgets all packets and measurements, as when the source changes. The counters stay.</summary>
    void Reset();
}
