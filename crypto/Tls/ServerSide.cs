using System.Collections.Generic;
using Org.BouncyCastle.Tls;

namespace IntercomAgent.Crypto.Tls;

/// <summary>The decisions of a server in BouncyCastle's protocol.</summary>
/// <param name="settings">What the owner decides.</param>
/// <param name="crypto">What the protocol computes with.</param>
/// <param name="verification">Who judges the client.</param>
internal sealed class ServerSide(TlsSettings settings, OwnTlsCrypto crypto, PeerVerification verification) : AbstractTlsServer(crypto)
{
    /// <summary>Whether the handshake is complete.</summary>
    public bool IsComplete { get; private set; }

    /// <inheritdoc/>
    public override TlsCredentials GetCredentials() =>
        (settings.Identity is null
            ? null
            : OwnCredentials.Choose(settings.Identity, m_context.SecurityParameters.ClientSigAlgs, settings.Random, m_context))
        ?? throw new TlsFatalAlert(AlertDescription.handshake_failure);

    /// <summary>Asks for a certificate only where one could be verified.</summary>
    public override CertificateRequest? GetCertificateRequest() => settings.Anchors is null
        ? null
        : m_context.SecurityParameters.NegotiatedVersion.Equals(ProtocolVersion.TLSv13)
            ? new CertificateRequest([], HandshakeRules.Signatures, null, null)
            : new CertificateRequest([ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign], HandshakeRules.Signatures, null);

    /// <inheritdoc/>
    public override void NotifyClientCertificate(Certificate clientCertificate) => verification.VerifyClient(clientCertificate);

    /// <inheritdoc/>
    public override void NotifyHandshakeComplete() => IsComplete = true;

    /// <inheritdoc/>
    public override TlsKeyExchangeFactory GetKeyExchangeFactory() => HandshakeRules.KeyExchanges;

    /// <inheritdoc/>
    public override int GetMaxCertificateChainLength() => Certificates.CertificatePath.MaximumLength;

    /// <inheritdoc/>
    public override int GetMaxHandshakeMessageSize() => HandshakeRules.MaximumMessage;

    /// <inheritdoc/>
    public override int[] GetSupportedGroups() => HandshakeRules.Groups;

    /// <inheritdoc/>
    public override bool ShouldCheckSigAlgOfPeerCerts() => false;

    /// <inheritdoc/>
    protected override ProtocolVersion[] GetSupportedVersions() => HandshakeRules.Versions(settings);

    /// <inheritdoc/>
    protected override int[] GetSupportedCipherSuites() => HandshakeRules.CipherSuites;

    /// <inheritdoc/>
    protected override bool AllowCertificateStatus() => false;

    /// <summary>A suite of TLS 1.2 names the kind of key that signs.</summary>
    protected override bool SelectCipherSuite(int cipherSuite)
    {
        int keyExchange = TlsUtilities.GetKeyExchangeAlgorithm(cipherSuite);
        bool isEcdsa = settings.Identity?.Key.Kind == Certificates.CertificateKind.EcdsaP256;
        bool fits = keyExchange is not (KeyExchangeAlgorithm.ECDHE_ECDSA or KeyExchangeAlgorithm.ECDHE_RSA)
            || keyExchange == (isEcdsa ? KeyExchangeAlgorithm.ECDHE_ECDSA : KeyExchangeAlgorithm.ECDHE_RSA);
        return fits && base.SelectCipherSuite(cipherSuite);
    }

    /// <summary>The first of the client's curves that we have.</summary>
    protected override int SelectECDH(int minimumCurveBits)
    {
        int[] offered = m_context.SecurityParameters.ClientSupportedGroups ?? HandshakeRules.Groups;
        foreach (int group in HandshakeRules.Groups)
        {
            if (((ICollection<int>)offered).Contains(group))
            {
                return group;
            }
        }

        throw new TlsFatalAlert(AlertDescription.handshake_failure);
    }
}
