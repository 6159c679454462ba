using System.Collections.Generic;
using Org.BouncyCastle.Tls;

namespace IntercomAgent.Tests.Bench.Handshakes;

/// <summary>BouncyCastle as client, with a certificate of its own.</summary>
internal sealed class BouncyCastleClient(BouncyCastleEnd end) : DefaultTlsClient(end.Crypto)
{
    public override TlsAuthentication GetAuthentication() => new Authentication(end, m_context);

    public override IDictionary<int, byte[]> GetClientExtensions()
    {
        IDictionary<int, byte[]> extensions = base.GetClientExtensions() ?? new Dictionary<int, byte[]>();
        TlsSrtpUtilities.AddUseSrtpExtension(extensions, end.Srtp);
        return extensions;
    }

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        BouncyCastleEnd.Export(m_context);
    }

    public override int GetHandshakeTimeoutMillis() => BouncyCastleEnd.Patience;

    protected override IList<int> GetSupportedGroups(IList<int> namedGroupRoles) => end.Groups;

    protected override int[] GetSupportedCipherSuites() => end.Suites;

    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

    private sealed class Authentication(BouncyCastleEnd end, TlsContext context) : TlsAuthentication
    {
        public void NotifyServerCertificate(TlsServerCertificate serverCertificate)
        {
            // Self-signed, like every certificate of DTLS-SRTP.
        }

        public TlsCredentials GetClientCredentials(CertificateRequest certificateRequest) => end.Sign(context);
    }
}
