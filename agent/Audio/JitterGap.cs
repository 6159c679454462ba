namespace IntercomAgent.Audio;

/// <summary>What a jitter buffer knows of what comes after something that is missing.</summary>
/// <param name="IsKnown">Whether payload is there that comes next.</param>
/// <param name="Places">How much more is missing before that, in the buffer's octets.</param>
/// <param name="Octet">Its first octet.</param>
internal readonly record struct JitterGap(bool IsKnown, int Places, byte Octet);
