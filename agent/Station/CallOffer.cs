namespace IntercomAgent.Station;

/// <summary>How the voice of a call that is placed shall be protected.</summary>
internal enum CallOffer
{
    /// <summary>By keys that the two ends agree on themselves.</summary>
    Handshake,

    /// <summary>By keys that signalling carries, over TLS: for a target that knows no other way.</summary>
    SignalledKeys,

    /// <summary>Not at all, if the target wants it so.</summary>
    Plain,
}
