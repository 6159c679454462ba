namespace IntercomAgent.Crypto.Dtls;

/// <summary>Where an endpoint is in its life.</summary>
public enum DtlsState
{
    /// <summary>The client has not been started; the server has seen no ClientHello that it trusts.</summary>
    New,

    /// <summary>The handshake runs.</summary>
    Handshaking,

    /// <summary>Both sides have proven that they hold the keys.</summary>
    Connected,

    /// <summary>Ended in order, by either side.</summary>
    Closed,

    /// <summary>Ended by a failure.</summary>
    Failed,
}
