using System;
using IntercomAgent.Rtp;

namespace IntercomAgent.Audio;

/// <summary>What a jitter buffer has for a stretch of time.</summary>
internal enum JitterVerdict
{
    /// <summary>Nobody speaks: no packet has come yet, or the talk spurt is over. Play silence.</summary>
    Silence,

    /// <summary>Payload.</summary>
    Frame,

    /// <summary>Something should be here and is not. Conceal it.</summary>
    Missing,

    /// <summary>
    /// What comes next does not continue what was played last. The payload, if there is any, would have: it takes no time, and is to be
    /// faded out into what comes next.
    /// </summary>
    Leap,
}

/// <summary>
/// Turns packets that come when the network pleases into a period of payload at each tick of the audio clock.
/// It knows no other clock than the periods it plays, so that whichever of the sender's, the network's and the loudspeaker's clocks
/// drifts looks the same to it: it says by how much, and who plays a few octets more or less than a period makes up for it. In the same
/// way it says by how much the delay is too long or too short, and who plays takes more or less, a voice's own period at a time.
/// </summary>
internal interface IJitterBuffer
{
    /// <summary>How long the payload waits in the buffer, on average.</summary>
    TimeSpan Delay { get; }

    /// <summary>Octets that wait to be played now, with the holes between them.</summary>
    int Depth { get; }

    /// <summary>What the buffer has counted since it was made.</summary>
    JitterCounters Counters { get; }

    /// <summary>By how many millionths more than a period should be played in each, since the sender's clock is faster than ours.</summary>
    double Correction { get; }

    /// <summary>By how many octets the delay should be shorter; negative when it should be longer, 0 when it is about right.</summary>
    int Excess { get; }

    /// <summary>Takes a copy of one packet's payload.</summary>
    /// <param name="sequence">The packet's number.</param>
    /// <param name="timestamp">When the first octet was sampled.</param>
    /// <param name="marker">Whether the packet begins a talk spurt.</param>
    /// <param name="payloadType">The payload's type, 0 to 127.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="elapsed">How long ago the last period began, in octets.</param>
    void Receive(
        SequenceNumber sequence, RtpTimestamp timestamp, bool marker, byte payloadType, ReadOnlySpan<byte> payload, int elapsed);

    /// <summary>A packet has come in which the sender says that it sends no sound, as one with a telephone event (RFC 4733).</summary>
    /// <param name="sequence">The packet's number.</param>
    /// <param name="timestamp">When the pause begins.</param>
    /// <param name="length">How long it is so far, in octets.</param>
    void ReceivePause(SequenceNumber sequence, RtpTimestamp timestamp, int length);

    /// <summary>A period begins.</summary>
    void Begin();

    /// <summary>Octets of payload that could be taken now without a break, at most <paramref name="limit"/>.</summary>
    int Ready(int limit);

    /// <summary>Gives what comes next; to be called until the stretches are as long as what is lacking.</summary>
    /// <param name="payload">Where payload goes: as long as what is lacking.</param>
    /// <param name="payloadType">The payload's type, if there is any.</param>
    /// <param name="length">Octets in the stretch: at least one and at most what is lacking; a leap may have none.</param>
    JitterVerdict Play(Span<byte> payload, out byte payloadType, out int length);

    /// <summary>The timestamp of the first octet of the payload that was given last.</summary>
    RtpTimestamp Given { get; }

    /// <summary>What comes after what was just said to be missing.</summary>
    JitterGap Gap { get; }

    /// <summary>
    /// What was taken is played in so much less time, since a piece of it was left out; or in so much more if negative.
    /// </summary>
    void Shorten(int octets);

    /// <summary>What the period that has begun plays is complete; so many octets of what was taken are left for the next one.</summary>
    void End(int left);

    /// <summary>Forgets all packets and measurements, as when the source changes. The counters stay.</summary>
    void Reset();
}
