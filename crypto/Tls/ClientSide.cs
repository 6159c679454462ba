using System.Collections.Generic;
using System.Net;
using System.Text;
using Org.BouncyCastle.Tls;

namespace IntercomAgent.Crypto.Tls;

/// <summary>The decisions of a client in BouncyCastle's protocol.</summary>
/// <param name="settings">What the owner decides.</param>
/// <param name="crypto">What the protocol computes with.</param>
/// <param name="verification">Who judges the server.</param>
/// <param name="name">The name or address that is asked for; null for none.</param>
internal sealed class ClientSide(TlsSettings settings, OwnTlsCrypto crypto, PeerVerification verification, string? name)
    : AbstractTlsClient(crypto), TlsAuthentication
{
    /// <summary>Whether the handshake is complete.</summary>
    public bool IsComplete { get; private set; }

    /// <inheritdoc/>
    public override TlsAuthentication GetAuthentication() => this;

    /// <inheritdoc/>
    public void NotifyServerCertificate(TlsServerCertificate serverCertificate) => verification.VerifyServer(serverCertificate.Certificate);

    /// <inheritdoc/>
    public TlsCredentials? GetClientCredentials(CertificateRequest certificateRequest) => settings.Identity is null
        ? null
        : OwnCredentials.Choose(settings.Identity, certificateRequest.SupportedSignatureAlgorithms, settings.Random, m_context);

    /// <inheritdoc/>
    public override void NotifyHandshakeComplete() => IsComplete = true;

    /// <inheritdoc/>
    public override TlsKeyExchangeFactory GetKeyExchangeFactory() => HandshakeRules.KeyExchanges;

    /// <inheritdoc/>
    public override int GetMaxCertificateChainLength() => Certificates.CertificatePath.MaximumLength;

    /// <inheritdoc/>
    public override int GetMaxHandshakeMessageSize() => HandshakeRules.MaximumMessage;

    /// <inheritdoc/>
    public override bool ShouldCheckSigAlgOfPeerCerts() => false;

    /// <inheritdoc/>
    protected override ProtocolVersion[] GetSupportedVersions() => HandshakeRules.Versions(settings);

    /// <inheritdoc/>
    protected override int[] GetSupportedCipherSuites() => HandshakeRules.CipherSuites;

    /// <inheritdoc/>
    protected override IList<int> GetSupportedGroups(IList<int> namedGroupRoles) => HandshakeRules.Groups;

    /// <inheritdoc/>
    protected override IList<SignatureAndHashAlgorithm> GetSupportedSignatureAlgorithms() => HandshakeRules.Signatures;

    /// <summary>None: nobody looks at it (RFC 6066 section 8).</summary>
    protected override CertificateStatusRequest? GetCertificateStatusRequest() => null;

    /// <summary>RFC 6066 section 3: names only, no addresses.</summary>
    protected override IList<ServerName>? GetSniServerNames() => name is null || IPAddress.TryParse(name.Trim('[', ']'), out _)
        ? null
        : [new ServerName(NameType.host_name, Encoding.ASCII.GetBytes(name.TrimEnd('.')))];
}
