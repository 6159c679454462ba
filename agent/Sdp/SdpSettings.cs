using System.Collections.Generic;
using IntercomAgent.Audio;
using IntercomAgent.Crypto.Certificates;

namespace IntercomAgent.Sdp;

/// <summary>What the agent offers and accepts; the same for all calls.</summary>
internal sealed record SdpSettings
{
    /// <summary>The codecs, the best first; at least one.</summary>
    public required IReadOnlyList<AudioCodec> Codecs { get; init; }

    /// <summary>Whether a peer's offer of plain RTP is accepted. Our own offers are encrypted in any case.</summary>
    public required bool AllowPlain { get; init; }

    /// <summary>The fingerprint of our certificate.</summary>
    public required CertificateFingerprint Fingerprint { get; init; }

    /// <summary>Milliseconds of audio in the packets that we ask for; a peer may send others.</summary>
    public int PacketMilliseconds { get; init; } = 20;
}
