namespace IntercomAgent.Crypto.Srtp;

/// <summary>What became of a received packet. Only an accepted one has changed anything.</summary>
public enum SrtpVerdict
{
    /// <summary>Authentic, new and decrypted.</summary>
    Accepted,

    /// <summary>No RTP or RTCP packet of version 2, or too short to be protected.</summary>
    Malformed,

    /// <summary>Taken already.</summary>
    Replayed,

    /// <summary>Older than the replay window reaches: it may have been taken already.</summary>
    TooOld,

    /// <summary>The tag is not the right one: forged, damaged, or protected with another key.</summary>
    NotAuthentic,

    /// <summary>A new source, and no room for it.</summary>
    TooManySources,

    /// <summary>The source has used up the indices of this key.</summary>
    KeyExhausted,

    /// <summary>The receiver was disposed.</summary>
    Ended,
}
