namespace IntercomAgent.Audio;

/// <summary>The audio codecs that the agent speaks.</summary>
internal enum AudioCodec
{
    /// <summary>G.711 µ-law (RFC 3551 section 4.5.14).</summary>
    Pcmu,

    /// <summary>G.711 A-law.</summary>
    Pcma,

    /// <summary>G.722 at 64 kbit/s, a voice of 7 kHz (RFC 3551 section 4.5.2).</summary>
    G722,

    /// <summary>Samples as they are, 16,000 a second (RFC 3551 section 4.5.11): for tests, which then hear what was sent.</summary>
    L16,

    /// <summary>Opus (RFC 7587), where its library is installed.</summary>
    Opus,
}
