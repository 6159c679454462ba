using System.Collections.Generic;
using IntercomAgent.Audio;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Srtp;

namespace IntercomAgent.Sdp;

/// <summary>What the agent offers and accepts; the same for all calls.</summary>
internal sealed record SdpSettings
{
    /// <summary>The codecs, the best first; at least one.</summary>
    public required IReadOnlyList<AudioCodec> Codecs { get; init; }

    /// <summary>
    /// Whether plain RTP is accepted, in an offer of the peer's or in the answer to one of ours that leaves it to the peer to encrypt.
    /// </summary>
    public required bool AllowPlain { get; init; }

    /// <summary>
    /// Where the keys come from that our first offer asks for; <see cref="MediaKeying.None"/> leaves it to the peer to encrypt (RFC 8643
    /// section 3.1): the offer names RTP/AVP, and our fingerprint.
    /// </summary>
    public MediaKeying Offers { get; init; } = MediaKeying.Dtls;

    /// <summary>What protects media whose keys come in the signalling, the best first.</summary>
    public IReadOnlyList<SrtpProfile> CryptoSuites { get; init; } = [];

    /// <summary>The fingerprint of our certificate.</summary>
    public required CertificateFingerprint Fingerprint { get; init; }

    /// <summary>Milliseconds of audio in the packets that we ask for; a peer may send others.</summary>
    public int PacketMilliseconds { get; init; } = 20;
}
