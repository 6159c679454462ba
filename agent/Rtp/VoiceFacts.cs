using System;

namespace IntercomAgent.Rtp;

/// <summary>What extended reports say of a voice that only those who play it know.</summary>
/// <param name="EndSystemDelay">What we add to the delay in both directions (RFC 3611 section 4.7.3).</param>
/// <param name="JitterNominal">How long sound waits in the jitter buffer.</param>
/// <param name="JitterMaximum">How long it may wait there.</param>
/// <param name="Configuration">How losses are made up, and whether the jitter buffer adapts (section 4.7.6).</param>
/// <param name="Impairment">The codec's; null when its voice is beyond the E-model.</param>
internal readonly record struct VoiceFacts(
    TimeSpan EndSystemDelay, TimeSpan JitterNominal, TimeSpan JitterMaximum, byte Configuration, CodecImpairment? Impairment);
