using System;
using System.Collections.Generic;
using System.Linq;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>
/// Verifies that an authority which we trust vouches for a peer (RFC 5280 section 6.1). There are no policies, name constraints and
/// revocation lists: an authority that constrains names says so critically, and is refused then.
/// <para>
/// The dates of the authorities that a person has named do not count (section 6.1.1 d: of an anchor only name and key are input): a door
/// that falls silent because of them helps nobody.
/// </para>
/// </summary>
internal sealed class CertificatePath
{
    /// <summary>Certificates of a peer that are looked at: more are in no chain of the public Internet.</summary>
    public const int MaximumLength = 8;

    // A hostile chain has many authorities of one name; each signature costs the loop a public-key operation.
    private const int MaximumSignatures = 8;

    private readonly TrustAnchors _anchors;
    private readonly List<PathCertificate> _others;
    private readonly long _unixTime;
    private int _signatures;
    private CertificateVerdict _worst = CertificateVerdict.UnknownAuthority;

    private CertificatePath(TrustAnchors anchors, List<PathCertificate> others, long unixTime)
    {
        _anchors = anchors;
        _others = others;
        _unixTime = unixTime;
    }

    /// <summary>
    /// No clock of a board was right that showed an earlier moment: this is when this verification was written, in seconds since 1970.
    /// </summary>
    public static long EarliestPossibleTime => 1_795_824_000;

    /// <summary>Verifies; an expensive operation, of as many signatures as the path is long.</summary>
    /// <param name="certificates">The peer's certificates in DER, its own first, the others in any order.</param>
    /// <param name="anchors">Whom we trust.</param>
    /// <param name="purpose">What the first is to prove.</param>
    /// <param name="unixTime">
    /// The present in seconds since 1970. A board without a clock of its own begins in the past until the network has told it the time,
    /// which it may not do before this connection is up. So a moment that is earlier than any possible says nothing: then nothing is
    /// found to be not yet valid, while what was over when the program was written is still found to be expired.
    /// </param>
    public static CertificateVerdict Verify(
        IReadOnlyList<byte[]> certificates, TrustAnchors anchors, CertificatePurpose purpose, long unixTime)
    {
        if (certificates.Count is 0 or > MaximumLength || PathCertificate.TryRead(certificates[0]) is not { } own)
        {
            return CertificateVerdict.Unreadable;
        }

        CertificateVerdict verdict = Judge(own, unixTime);
        if (verdict == CertificateVerdict.Trusted)
        {
            verdict = own.ReadKey() is null ? CertificateVerdict.UnsupportedKey
                : own.IsFor(purpose) ? CertificateVerdict.Trusted
                : CertificateVerdict.WrongPurpose;
        }

        if (verdict != CertificateVerdict.Trusted)
        {
            return verdict;
        }

        // Section 4.2: what stands behind the own one is help, and what of it cannot be read is none.
        List<PathCertificate> others =
            [.. certificates.Skip(1).Select(static one => PathCertificate.TryRead(one)).OfType<PathCertificate>()];
        CertificatePath path = new(anchors, others, unixTime);
        return path.IsTrusted(own, 0) ? CertificateVerdict.Trusted : path._worst;
    }

    private static CertificateVerdict Judge(PathCertificate certificate, long unixTime) =>
        certificate.HasUnknownExtension ? CertificateVerdict.UnknownExtension
        : Math.Max(unixTime, EarliestPossibleTime) > certificate.NotAfter ? CertificateVerdict.Expired
        : unixTime >= EarliestPossibleTime && unixTime < certificate.NotBefore ? CertificateVerdict.NotYetValid
        : CertificateVerdict.Trusted;

    private bool IsTrusted(PathCertificate certificate, int authoritiesBelow)
    {
        foreach (PathCertificate anchor in _anchors.Anchors)
        {
            // A PBX that has made its certificate itself is its own authority, and need not say that it is one.
            if (anchor.Encoded.SequenceEqual(certificate.Encoded)
                || (certificate.IsNamedAsIssuer(anchor) && anchor.MayIssue(authoritiesBelow) && IsSigned(certificate, anchor)))
            {
                return true;
            }
        }

        for (int index = 0; index < _others.Count; index++)
        {
            PathCertificate issuer = _others[index];
            if (!certificate.IsNamedAsIssuer(issuer) || !issuer.MayIssue(authoritiesBelow))
            {
                continue;
            }

            CertificateVerdict verdict = Judge(issuer, _unixTime);
            if (verdict != CertificateVerdict.Trusted)
            {
                _worst = verdict;
                continue;
            }

            _others.RemoveAt(index);
            bool isTrusted = IsSigned(certificate, issuer) && IsTrusted(issuer, authoritiesBelow + 1);
            _others.Insert(index, issuer);
            if (isTrusted)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsSigned(PathCertificate certificate, PathCertificate issuer) =>
        _signatures++ < MaximumSignatures && issuer.ReadKey() is { } key && certificate.IsSignedBy(key);
}
