namespace IntercomAgent.Crypto.Dtls;

/// <summary>Which half of the handshake an endpoint plays; SDP's <c>setup</c> attribute decides (RFC 5763 section 5).</summary>
public enum DtlsRole
{
    /// <summary>Sends the ClientHello: <c>a=setup:active</c>.</summary>
    Client,

    /// <summary>Waits for the ClientHello: <c>a=setup:passive</c>.</summary>
    Server,
}
