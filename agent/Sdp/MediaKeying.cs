namespace IntercomAgent.Sdp;

/// <summary>Where the keys that protect a media line come from; the better way first.</summary>
internal enum MediaKeying
{
    /// <summary>From a DTLS handshake on the media's own way (RFC 5764).</summary>
    Dtls,

    /// <summary>From the signalling: <c>a=crypto</c> (RFC 4568).</summary>
    Signalling,

    /// <summary>There are none: plain RTP.</summary>
    None,

    /// <summary>The transport is not ours.</summary>
    Unknown,
}
