using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>What an endpoint's owner decides.</summary>
public sealed record DtlsSettings
{
    /// <summary>The smallest <see cref="MaximumDatagram"/>: room for a record of each kind that is not cut into fragments.</summary>
    public const int MinimumMaximumDatagram = 128;

    /// <summary>The largest <see cref="MaximumDatagram"/>: a jumbo frame.</summary>
    public const int MaximumMaximumDatagram = 9000;

    /// <summary>The cipher suites with authenticated encryption, the preferred ones first: all that a peer of this decade needs.</summary>
    public static IReadOnlyList<DtlsCipherSuite> UsualCipherSuites { get; } =
    [
        DtlsCipherSuite.EcdheEcdsaAes128GcmSha256,
        DtlsCipherSuite.EcdheRsaAes128GcmSha256,
        DtlsCipherSuite.EcdheEcdsaAes256GcmSha384,
        DtlsCipherSuite.EcdheRsaAes256GcmSha384,
        DtlsCipherSuite.EcdheEcdsaChaCha20Poly1305Sha256,
        DtlsCipherSuite.EcdheRsaChaCha20Poly1305Sha256,
    ];

    /// <summary>The same, and after them the suites with CBC and SHA-1 that RFC 9325 section 4.2 advises against, for old peers.</summary>
    public static IReadOnlyList<DtlsCipherSuite> CipherSuitesWithCbc { get; } =
        [.. UsualCipherSuites, DtlsCipherSuite.EcdheEcdsaAes128CbcSha, DtlsCipherSuite.EcdheRsaAes128CbcSha];

    /// <summary>Who we are.</summary>
    public required DtlsIdentity Identity { get; init; }

    /// <summary>The SRTP profiles that we accept, the preferred ones first.</summary>
    public required IReadOnlyList<SrtpProfile> SrtpProfiles { get; init; }

    /// <summary>Where randoms, cookies' secrets and ephemeral keys come from.</summary>
    public required IRandomSource Random { get; init; }

    /// <summary>
    /// The cipher suites that we accept, the preferred ones first. As a server only those count that fit the key of our certificate.
    /// </summary>
    public IReadOnlyList<DtlsCipherSuite> CipherSuites { get; init; } = UsualCipherSuites;

    /// <summary>The curves for the key exchange, the preferred ones first. X25519 comes first: it costs a board the least.</summary>
    internal IReadOnlyList<NamedGroup> Groups { get; init; } = [NamedGroup.X25519, NamedGroup.Secp256r1, NamedGroup.Secp384r1];

    /// <summary>
    /// The largest datagram that is sent, in bytes of UDP payload. 1200 passes every path of IPv6 and leaves room for tunnels.
    /// </summary>
    public int MaximumDatagram { get; init; } = 1200;

    /// <summary>
    /// How long a flight waits for an answer while no round trip was measured. RFC 9147 section 5.8.2 recommends these 400 ms for
    /// DTLS-SRTP: longer than a round trip that lets people talk, with the peer's public-key operations in it.
    /// </summary>
    public TimeSpan FirstTimeout { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How long a handshake may take from its first message; then it fails.</summary>
    public TimeSpan HandshakeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a peer without a common SRTP profile is refused.</summary>
    public bool RequireSrtp { get; init; } = true;
}
