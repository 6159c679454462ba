namespace IntercomAgent.Crypto.Tls;

/// <summary>The sides of a TLS connection.</summary>
public enum TlsRole
{
    /// <summary>The side that has connected, and speaks first.</summary>
    Client,

    /// <summary>The other one, which proves who it is.</summary>
    Server,
}

/// <summary>Where a TLS connection stands.</summary>
public enum TlsState
{
    /// <summary>The handshake is not complete: nothing of what is to be protected goes out.</summary>
    Handshaking,

    /// <summary>Both sides may send.</summary>
    Connected,

    /// <summary>Over.</summary>
    Closed,
}
