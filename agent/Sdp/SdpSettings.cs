using System.Collections.Generic;
using IntercomAgent.Audio;
using IntercomAgent.Crypto.Certificates;

namespace IntercomAgent.Sdp;

/// <summary>What the agent offers and accepts; the same for all calls.</summary>
internal sealed record SdpSettings
{
    /// <summary>The codecs, the best first; at least one.</summary>
    public required IReadOnlyList<AudioCodec> Codecs { get; init; }

    /// <summary>
    /// Whether plain RTP is accepted, in an offer of the peer's or in the answer to one of ours that <see cref="OffersPlain"/>.
    /// </summary>
    public required bool AllowPlain { get; init; }

    /// <summary>
    /// Whether our first offer leaves it to the peer to encrypt (RFC 8643 section 3.1): it names RTP/AVP, and our fingerprint. Else it
    /// names DTLS-SRTP alone.
    /// </summary>
    public bool OffersPlain { get; init; }

    /// <summary>The fingerprint of our certificate.</summary>
    public required CertificateFingerprint Fingerprint { get; init; }

    /// <summary>Milliseconds of audio in the packets that we ask for; a peer may send others.</summary>
    public int PacketMilliseconds { get; init; } = 20;
}
