using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Station;

/// <summary>What the station knows of one call that is alive.</summary>
/// <param name="Call">The call's name.</param>
/// <param name="Peer">The target that is called, or the caller's address.</param>
/// <param name="Due">When the station acts by itself: gives up ringing, answers, or reaches the call limit.</param>
/// <param name="Security">Whether the call that was placed must be encrypted, and what follows if the target will not have that.</param>
/// <param name="Secured">Whether its media are encrypted and the peer's fingerprint matched.</param>
/// <param name="ToldUnsecured">Whether a digit before that was told already.</param>
internal sealed record CallFacts(
    StationCall Call, string Peer, Instant Due, CallSecurity Security = CallSecurity.Secure, bool Secured = false,
    bool ToldUnsecured = false)
{
    /// <summary>Whether it came from outside, and neither side can hear the other yet.</summary>
    public bool IsUnheard { get; init; }

    /// <summary>How often the call was sent on before it came to this target.</summary>
    public int Hops { get; init; }

    /// <summary>Whom it was sent on to as well, the best first: they are called when nothing comes of this one.</summary>
    public IReadOnlyList<RingTarget> Alternatives { get; init; } = [];
}
