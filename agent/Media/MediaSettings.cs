using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Media;

/// <summary>What the media of all calls of a station have in common.</summary>
internal sealed record MediaSettings
{
    /// <summary>Our certificate and its key; owned by the station.</summary>
    public required DtlsIdentity Identity { get; init; }

    /// <summary>The protection profiles that are offered and accepted, the best first.</summary>
    public required IReadOnlyList<SrtpProfile> SrtpProfiles { get; init; }

    /// <summary>Whether the handshake may agree on a cipher suite with CBC, for old peers.</summary>
    public bool AllowCbc { get; init; }

    /// <summary>How long a peer that should send may be silent before it counts as gone.</summary>
    public required TimeSpan PeerGone { get; init; }

    /// <summary>Where identifiers, keys and jitter come from.</summary>
    public required IRandomSource Random { get; init; }

    /// <summary>Samples of 8 kHz that are played at once, a whole fraction of a packet: 5, 10 or 20 ms.</summary>
    public int PlayedSamples { get; init; } = AudioStream.PacketSamples;
}
