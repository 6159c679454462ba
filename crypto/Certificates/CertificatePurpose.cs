namespace IntercomAgent.Crypto.Certificates;

/// <summary>What a peer's certificate is to prove.</summary>
public enum CertificatePurpose
{
    /// <summary>That the peer, to which we have connected, is the server that it says.</summary>
    Server,

    /// <summary>That the peer, which has connected to us, is the client that it says.</summary>
    Client,
}
