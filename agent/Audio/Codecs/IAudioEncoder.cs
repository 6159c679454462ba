using System;

namespace IntercomAgent.Audio.Codecs;

/// <summary>One direction of one call: samples at the codec's rate become payloads. Disposing it may be asked twice.</summary>
internal interface IAudioEncoder : IDisposable
{
    /// <summary>
    /// Encodes a packet's worth of samples; returns the payload's length. 0: nobody speaks, and nothing needs to be sent.
    /// </summary>
    /// <param name="samples">As many as <see cref="CodecFacts.PacketSamples"/> says.</param>
    /// <param name="payload">Room for <see cref="CodecFacts.LongestPayload"/>.</param>
    int Encode(ReadOnlySpan<short> samples, Span<byte> payload);

    /// <summary>The peer has reported which share of our packets it has lost lately, 0 to 1.</summary>
    void ReportLoss(double lossFraction);
}
