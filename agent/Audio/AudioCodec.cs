namespace IntercomAgent.Audio;

/// <summary>The audio codecs that the agent speaks (RFC 3551 section 4.5.14).</summary>
internal enum AudioCodec
{
    /// <summary>G.711 µ-law, RTP payload type 0.</summary>
    Pcmu,

    /// <summary>G.711 A-law, RTP payload type 8.</summary>
    Pcma,
}
