using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Math;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>A certificate that was issued by an authority (RFC 5280), as far as the verification of a path needs it.</summary>
internal sealed class PathCertificate
{
    private const byte SequenceTag = 0x30;

    // RFC 5924 section 3: for a SIP domain, whichever side it is on.
    private static readonly DerObjectIdentifier SipDomain = new("1.3.6.1.5.5.7.3.20");

    // The rest says where to learn more, or is not critical. Policies may be anything, since none is demanded of a path.
    private static readonly DerObjectIdentifier[] KnownExtensions =
    [
        X509Extensions.BasicConstraints, X509Extensions.KeyUsage, X509Extensions.ExtendedKeyUsage,
        X509Extensions.SubjectAlternativeName, X509Extensions.CertificatePolicies,
    ];

    private readonly X509CertificateStructure _certificate;
    private readonly byte[] _encoded;
    private readonly Range _signed;
    private readonly BasicConstraints? _constraints;
    private readonly byte[]? _keyUsage;
    private readonly IList<DerObjectIdentifier>? _purposes;

    private PathCertificate(byte[] encoded, Range signed)
    {
        _encoded = encoded;
        _signed = signed;
        _certificate = X509CertificateStructure.GetInstance(encoded);
        X509Extensions? extensions = _certificate.Extensions;
        _constraints = extensions is null ? null : BasicConstraints.FromExtensions(extensions);
        _keyUsage = extensions is null ? null : KeyUsage.FromExtensions(extensions)?.GetBytes();
        _purposes = extensions is null ? null : ExtendedKeyUsage.FromExtensions(extensions)?.GetAllUsages();
        HasUnknownExtension = extensions?.GetCriticalExtensionOids().Any(static oid => !KnownExtensions.Contains(oid)) == true;
        NotBefore = UnixTime(_certificate.StartDate);
        NotAfter = UnixTime(_certificate.EndDate);
        Names = CertificateNames.Read(_certificate);
    }

    /// <summary>The certificate in DER.</summary>
    public ReadOnlySpan<byte> Encoded => _encoded;

    /// <summary>The first moment at which it holds, in seconds since 1970.</summary>
    public long NotBefore { get; }

    /// <summary>The last moment at which it holds, in seconds since 1970.</summary>
    public long NotAfter { get; }

    /// <summary>Whether it has a critical extension that we do not know: then it must not be used (RFC 5280 section 4.2).</summary>
    public bool HasUnknownExtension { get; }

    /// <summary>Whom it is for.</summary>
    public CertificateNames Names { get; }

    /// <summary>The key; null if it is none that we accept. Read anew at each call.</summary>
    public PeerPublicKey? ReadKey() => PeerPublicKey.TryRead(_encoded);

    /// <summary>A certificate in DER; null if it is none.</summary>
    public static PathCertificate? TryRead(ReadOnlySpan<byte> encoded)
    {
        if (!TryFindSigned(encoded, out Range signed))
        {
            return null;
        }

        try
        {
            return new PathCertificate(encoded.ToArray(), signed);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // BouncyCastle's decoder says "this is no certificate" with whatever exception the broken part leads to.
            return null;
        }
    }

    /// <summary>
    /// Whether it may vouch for others (RFC 5280 section 6.1.4, k to n) with that many authorities between it and the last.
    /// </summary>
    public bool MayIssue(int authoritiesBelow) =>
        _constraints?.IsCA() == true
        && (_constraints.PathLenConstraint is not { } longest || longest.CompareTo(BigInteger.ValueOf(authoritiesBelow)) >= 0)
        && (_keyUsage is null || (_keyUsage[0] & KeyUsage.KeyCertSign) != 0);

    /// <summary>
    /// Whether its key may sign a handshake for this purpose. RFC 5924 section 4: that for SIP is as good as that for TLS.
    /// </summary>
    public bool IsFor(CertificatePurpose purpose)
    {
        KeyPurposeID tls = purpose == CertificatePurpose.Server ? KeyPurposeID.id_kp_serverAuth : KeyPurposeID.id_kp_clientAuth;
        return (_keyUsage is null || (_keyUsage[0] & KeyUsage.DigitalSignature) != 0)
            && (_purposes is null || _purposes.Any(Fits));

        bool Fits(DerObjectIdentifier one) => one.Equals(tls) || one.Equals(SipDomain) || one.Equals(KeyPurposeID.AnyExtendedKeyUsage);
    }

    /// <summary>Whether that one's subject is the issuer that is named here. It costs nothing, and proves nothing.</summary>
    public bool IsNamedAsIssuer(PathCertificate issuer) => _certificate.Issuer.Equivalent(issuer._certificate.Subject, inOrder: true);

    /// <summary>Whether this key has signed it; an expensive operation. SHA-1 counts as no signature.</summary>
    public bool IsSignedBy(PeerPublicKey issuer) =>
        _certificate.SignatureAlgorithm.Equals(_certificate.TbsCertificate.Signature)
        && FindScheme(_certificate.SignatureAlgorithm.Algorithm) is { } scheme
        && _certificate.Signature.PadBits == 0
        && issuer.Verify(scheme, _encoded.AsSpan(_signed), _certificate.GetSignatureOctets());

    private static SignatureScheme? FindScheme(DerObjectIdentifier algorithm) => algorithm switch
    {
        _ when algorithm.Equals(X9ObjectIdentifiers.ECDsaWithSha256) => SignatureScheme.EcdsaSecp256r1Sha256,
        _ when algorithm.Equals(X9ObjectIdentifiers.ECDsaWithSha384) => SignatureScheme.EcdsaSecp384r1Sha384,
        _ when algorithm.Equals(X9ObjectIdentifiers.ECDsaWithSha512) => SignatureScheme.EcdsaSecp521r1Sha512,
        _ when algorithm.Equals(PkcsObjectIdentifiers.Sha256WithRsaEncryption) => SignatureScheme.RsaPkcs1Sha256,
        _ when algorithm.Equals(PkcsObjectIdentifiers.Sha384WithRsaEncryption) => SignatureScheme.RsaPkcs1Sha384,
        _ when algorithm.Equals(PkcsObjectIdentifiers.Sha512WithRsaEncryption) => SignatureScheme.RsaPkcs1Sha512,
        _ => null,
    };

    // The signature is over the bytes as they came, whatever the decoder would make of them: the first element of the outer sequence.
    private static bool TryFindSigned(ReadOnlySpan<byte> encoded, out Range signed)
    {
        signed = default;
        WireReader outer = new(encoded);
        if (!TryReadLength(ref outer, out int length) || length != outer.Remaining)
        {
            return false;
        }

        int start = encoded.Length - outer.Remaining;
        if (!TryReadLength(ref outer, out length) || length > outer.Remaining)
        {
            return false;
        }

        signed = start..(encoded.Length - outer.Remaining + length);
        return true;
    }

    // The head of a sequence in DER (X.690 section 8.1.3): one byte, or how many bytes the length has and then these.
    private static bool TryReadLength(ref WireReader reader, out int length)
    {
        const byte ManyBytes = 0x80;
        length = 0;
        if (!reader.TryReadByte(out byte tag) || tag != SequenceTag || !reader.TryReadByte(out byte first))
        {
            return false;
        }

        if (first < ManyBytes)
        {
            length = first;
            return true;
        }

        // A certificate of 64 KiB or more does not fit into a handshake that we accept.
        int count = first - ManyBytes;
        if (count is < 1 or > 2 || !reader.TryTake(count, out ReadOnlySpan<byte> bytes))
        {
            return false;
        }

        length = count == 1 ? bytes[0] : (bytes[0] << 8) | bytes[1];
        return true;
    }

    private static long UnixTime(Time time) =>
        new DateTimeOffset(DateTime.SpecifyKind(time.ToDateTime(), DateTimeKind.Utc)).ToUnixTimeSeconds();
}
