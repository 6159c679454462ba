using System.Collections.Generic;
using Org.BouncyCastle.Tls;

namespace IntercomAgent.Tests.Bench.Handshakes;

/// <summary>BouncyCastle as server, with a certificate of the client's.</summary>
internal sealed class BouncyCastleServer(BouncyCastleEnd end) : DefaultTlsServer(end.Crypto)
{
    public override CertificateRequest GetCertificateRequest() => new(
        [ClientCertificateType.ecdsa_sign], TlsUtilities.GetDefaultSupportedSignatureAlgorithms(m_context), null);

    public override void NotifyClientCertificate(Certificate clientCertificate)
    {
        if (clientCertificate.IsEmpty)
        {
            throw new TlsFatalAlert(AlertDescription.handshake_failure);
        }
    }

    public override IDictionary<int, byte[]> GetServerExtensions()
    {
        IDictionary<int, byte[]> extensions = base.GetServerExtensions() ?? new Dictionary<int, byte[]>();
        TlsSrtpUtilities.AddUseSrtpExtension(extensions, end.Srtp);
        return extensions;
    }

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        BouncyCastleEnd.Export(m_context);
    }

    public override int GetHandshakeTimeoutMillis() => BouncyCastleEnd.Patience;

    public override int[] GetSupportedGroups() => end.Groups;

    protected override TlsCredentialedSigner GetECDsaSignerCredentials() => end.Sign(m_context);

    protected override int[] GetSupportedCipherSuites() => end.Suites;

    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();
}
