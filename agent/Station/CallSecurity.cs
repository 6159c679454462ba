namespace IntercomAgent.Station;

/// <summary>Whether the voice of a call must be encrypted.</summary>
internal enum CallSecurity
{
    /// <summary>It must; else there is no call.</summary>
    Secure,

    /// <summary>It is, unless the other side refuses that: then it is called again, and need not encrypt.</summary>
    PreferSecure,

    /// <summary>It need not. The other side may still take the encryption that is offered (RFC 8643).</summary>
    AllowPlain,
}
