using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sdp;

/// <summary>What identifies the DTLS association that offer and answer have agreed on (RFC 8842 section 3.1).</summary>
internal sealed record DtlsAssociation
{
    /// <summary>Whether we are the DTLS client.</summary>
    public required bool IsClient { get; init; }

    /// <summary>The set of the peer's fingerprints.</summary>
    public required IReadOnlyList<CertificateFingerprint> RemoteFingerprints { get; init; }

    /// <summary>The peer's <c>a=tls-id</c>, where it gives one.</summary>
    public required string? RemoteTlsId { get; init; }

    /// <summary>The peer's address and port; unspecified until a description names one.</summary>
    public required NetworkEndpoint Remote { get; init; }

    /// <summary>Whether a later description of the peer's, apart from the roles, leaves the association as it is.</summary>
    public bool IsKeptBy(MediaDescription media, NetworkEndpoint remote)
    {
        if (!RemoteFingerprints.ToHashSet().SetEquals(media.Fingerprints))
        {
            return false;
        }

        // RFC 8842 section 4: without tls-id, another transport address asks for a new association. That of a hold is no address.
        return media.Own.TlsId is { } tlsId
            ? tlsId == RemoteTlsId
            : remote.IsUnspecified || Remote.IsUnspecified || remote == Remote;
    }
}
