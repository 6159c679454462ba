using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Configuration;

/// <summary>Whom SIP over TLS trusts, and what it proves itself with: the contents of the files, checked.</summary>
internal sealed record TlsConfiguration
{
    /// <summary>The certificates of the authorities whose word counts, in PEM; null where pinned certificates are all that counts.</summary>
    public required string? Authorities { get; init; }

    /// <summary>The fingerprints of the certificates that a server must have one of; none means that the authorities decide.</summary>
    public required IReadOnlyList<string> Pinned { get; init; }

    /// <summary>Our own certificates in PEM; null for none.</summary>
    public required string? Certificate { get; init; }

    /// <summary>The key to it in PEM; null for none.</summary>
    public required Secret? Key { get; init; }

    /// <summary>The port at which connections are taken, where there is a certificate.</summary>
    public required ushort ListenPort { get; init; }

    /// <summary>Whether who connects must have a certificate that an authority vouches for.</summary>
    public required bool DemandClientCertificate { get; init; }

    /// <summary>The authorities.</summary>
    public TrustAnchors? ReadAuthorities() => Authorities is null ? null : TrustAnchors.TryReadPem(Authorities, out _);

    /// <summary>The pinned certificates' fingerprints.</summary>
    public IEnumerable<CertificateFingerprint> ReadPinned() => Pinned.Select(TlsSchema.ReadFingerprint).OfType<CertificateFingerprint>();

    /// <summary>What we prove ourselves with; null for nothing.</summary>
    public TlsIdentity? ReadIdentity() => Certificate is null || Key is null ? null : TlsIdentity.TryReadPem(Certificate, Key.Reveal(), out _);

    /// <summary>
    /// What speaks against our key, for a person; null when nothing does. A signature of TLS is one step of the loop, whose time grows with
    /// the third power of an RSA key's length.
    /// </summary>
    public string? FindKeyAdvice() => ReadIdentity()?.RsaBits is > 2048 and int bits
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"RSA with {bits} bits holds the audio up at every TLS handshake, several times as long as 2048; P-256 does not, and is as strong")
        : null;

    /// <summary>Whether both say the same, whichever list they say it with.</summary>
    public bool Equals(TlsConfiguration? other) => other is not null
        && (Authorities, Certificate, ListenPort, DemandClientCertificate)
            == (other.Authorities, other.Certificate, other.ListenPort, other.DemandClientCertificate)
        && Equals(Key, other.Key)
        && Pinned.SequenceEqual(other.Pinned);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Authorities, Certificate, ListenPort);
}
