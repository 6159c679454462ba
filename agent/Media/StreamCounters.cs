using System;

namespace IntercomAgent.Media;

/// <summary>What went over the line of one call so far.</summary>
/// <param name="PacketsSent">RTP packets that were sent.</param>
/// <param name="PacketsReceived">Authentic RTP packets that came.</param>
/// <param name="PacketsLost">RTP packets of the peer that never came (RFC 3550 appendix A.3); duplicates can make it negative.</param>
/// <param name="Concealed">How much sound had to be made up.</param>
/// <param name="Delay">How long sound waits in the jitter buffer, on average.</param>
/// <param name="Waiting">How much sound waits in the jitter buffer now.</param>
/// <param name="RoundTrip">The round trip that RTCP measured; null before it did.</param>
/// <param name="HeardThere">How the peer hears us; null before it has reported.</param>
internal readonly record struct StreamCounters(
    long PacketsSent, long PacketsReceived, long PacketsLost, TimeSpan Concealed, TimeSpan Delay, TimeSpan Waiting,
    TimeSpan? RoundTrip, PeerHearing? HeardThere);
