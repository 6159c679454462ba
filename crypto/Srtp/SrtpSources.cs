using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Srtp;

/// <summary>The bound on the sources of one context, in either direction.</summary>
internal static class SrtpSources
{
    /// <summary>
    /// A call has one voice each way, and its SSRC changes on a collision, with a transfer, or when a media server takes over: a
    /// few times. A source is never forgotten, since its packets could then be replayed or its key stream be used twice.
    /// </summary>
    public const int Maximum = 32;
}

/// <summary>What a receiver remembers of one source.</summary>
internal struct ReceivedSource
{
    /// <summary>Whose packets these are.</summary>
    public uint Ssrc;

    /// <summary>The SRTP indices; the highest holds ROC and s_l.</summary>
    public ReplayWindow Rtp;

    /// <summary>The SRTCP indices.</summary>
    public ReplayWindow Rtcp;
}

/// <summary>What a sender remembers of one source: which indices are used up. An index is never given out twice.</summary>
/// <param name="ssrc">Whose packets these are.</param>
/// <param name="lastIndex">The last SRTP index that was used, or -1.</param>
/// <param name="lastRtcpIndex">The last SRTCP index that was used, or -1.</param>
internal struct SentSource(uint ssrc, long lastIndex = -1, long lastRtcpIndex = -1)
{
    private long _lastIndex = lastIndex;
    private long _lastRtcpIndex = lastRtcpIndex;

    /// <summary>Whose packets these are.</summary>
    public readonly uint Ssrc => ssrc;

    /// <summary>The index of the next packet. False if it is not behind the last one, or the key is exhausted.</summary>
    public bool TryTakeIndex(ushort sequenceNumber, out long index)
    {
        index = _lastIndex < 0 ? sequenceNumber : PacketIndex.Estimate(_lastIndex, sequenceNumber);
        if (index <= _lastIndex || index > PacketIndex.Maximum)
        {
            return false;
        }

        _lastIndex = index;
        return true;
    }

    /// <summary>The next SRTCP index; the first is 0 (RFC 3711 section 3.4). False if the key is exhausted.</summary>
    public bool TryTakeRtcpIndex(out uint index)
    {
        index = 0;
        if (_lastRtcpIndex == RtcpLayout.MaximumIndex)
        {
            return false;
        }

        index = (uint)++_lastRtcpIndex;
        return true;
    }
}
