using System.Collections.Generic;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Tls;

/// <summary>What all TLS connections of an owner have in common.</summary>
public sealed record TlsSettings
{
    /// <summary>Where randoms and ephemeral keys come from.</summary>
    public required IRandomSource Random { get; init; }

    /// <summary>Whose word counts for a peer; null for nobody's.</summary>
    public TrustAnchors? Anchors { get; init; }

    /// <summary>
    /// The certificates that a server must have one of, whoever has signed it, whomever it is for and whether its days are over; none
    /// means that <see cref="Anchors"/> decide.
    /// </summary>
    public IReadOnlyList<CertificateFingerprint> Pinned { get; init; } = [];

    /// <summary>What we prove ourselves with; null for nothing, and then we are no server.</summary>
    public TlsIdentity? Identity { get; init; }

    /// <summary>
    /// Whether a client that proves nothing is refused. It can prove something only where there are <see cref="Anchors"/>.
    /// </summary>
    public bool DemandClientCertificate { get; init; }

    /// <summary>Whether TLS 1.3 is spoken; only a test that wants to see TLS 1.2 says no.</summary>
    internal bool AllowTls13 { get; init; } = true;
}
