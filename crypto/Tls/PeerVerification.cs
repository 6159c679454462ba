using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Certificates;
using Org.BouncyCastle.Tls;

namespace IntercomAgent.Crypto.Tls;

/// <summary>Whether the peer is who it should be, and who that is.</summary>
/// <param name="settings">Whom we trust.</param>
/// <param name="name">Of a server, the name or address that was asked for; null for any.</param>
/// <param name="unixTime">The present in seconds since 1970.</param>
internal sealed class PeerVerification(TlsSettings settings, string? name, long unixTime)
{
    /// <summary>What is wrong with the peer's certificate, in words for a person; null when nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whom the peer has proven to be; null when it has proven nothing.</summary>
    public CertificateNames? Names { get; private set; }

    /// <summary>Judges a server (RFC 5922 section 7.3); throws the alert that refuses it.</summary>
    public void VerifyServer(Certificate chain)
    {
        List<byte[]> certificates = Encoded(chain);
        CertificateNames? names = certificates.Count == 0 ? null : PathCertificate.TryRead(certificates[0])?.Names;
        CertificateVerdict verdict = JudgeServer(certificates, names);
        if (verdict != CertificateVerdict.Trusted)
        {
            Refuse(verdict, names);
        }

        Names = names;
    }

    /// <summary>Judges a client (section 7.4): who proves nothing is refused only where something is demanded.</summary>
    public void VerifyClient(Certificate chain)
    {
        List<byte[]> certificates = Encoded(chain);
        CertificateVerdict verdict = settings.Anchors is null
            ? CertificateVerdict.UnknownAuthority
            : CertificatePath.Verify(certificates, settings.Anchors, CertificatePurpose.Client, unixTime);
        if (verdict == CertificateVerdict.Trusted)
        {
            Names = PathCertificate.TryRead(certificates[0])!.Names;
        }
        else if (settings.DemandClientCertificate && certificates.Count == 0)
        {
            Problem = "it has no certificate";
            throw new TlsFatalAlert(AlertDescription.certificate_required);
        }
        else if (settings.DemandClientCertificate)
        {
            Refuse(verdict, PathCertificate.TryRead(certificates[0])?.Names);
        }
    }

    private CertificateVerdict JudgeServer(List<byte[]> certificates, CertificateNames? names)
    {
        if (names is null)
        {
            return CertificateVerdict.Unreadable;
        }

        if (settings.Pinned.Count > 0)
        {
            bool isPinned = settings.Pinned.Any(pinned => pinned.Matches(certificates[0]));
            return isPinned ? CertificateVerdict.Trusted : CertificateVerdict.NotPinned;
        }

        // The name first: it costs nothing.
        return name is not null && !names.Contains(name) ? CertificateVerdict.WrongName
            : settings.Anchors is null ? CertificateVerdict.UnknownAuthority
            : CertificatePath.Verify(certificates, settings.Anchors, CertificatePurpose.Server, unixTime);
    }

    private void Refuse(CertificateVerdict verdict, CertificateNames? names)
    {
        Problem = verdict switch
        {
            CertificateVerdict.Unreadable => "its certificate cannot be read",
            CertificateVerdict.UnknownAuthority => "nobody whom we trust vouches for its certificate",
            CertificateVerdict.Expired => "its certificate has expired",
            CertificateVerdict.NotYetValid => "its certificate is not valid yet, or the clock here is wrong",
            CertificateVerdict.WrongPurpose => "its certificate is for another purpose",
            CertificateVerdict.UnsupportedKey => "its certificate has a key of a kind or length that is not accepted",
            CertificateVerdict.UnknownExtension => "its certificate, or one above it, has a critical extension that is not known",
            CertificateVerdict.NotPinned => "its certificate is not the pinned one",
            CertificateVerdict.WrongName => $"its certificate is for {names}, not for {name}",
            CertificateVerdict.Trusted => null,
        };
        throw new TlsFatalAlert(HandshakeRules.AlertOf(verdict));
    }

    private static List<byte[]> Encoded(Certificate chain) => [.. chain.GetCertificateList().Select(static one => one.GetEncoded())];
}
