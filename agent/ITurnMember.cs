using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Loop;

namespace IntercomAgent;

/// <summary>Whoever lives on the <see cref="TurnLoop"/>: a station with its ports and engines.</summary>
internal interface ITurnMember
{
    /// <summary>The moment at which it wants to be advanced; <see cref="Instant.Never"/> when no timer of its runs.</summary>
    Instant WakeAt { get; }

    /// <summary>Whether an expensive piece of work waits for a turn that has time for it.</summary>
    bool HasWork { get; }

    /// <summary>Serves one of its ports that is ready.</summary>
    void Serve(Readiness port, Instant now);

    /// <summary>Lets due timers fire and sends what came of this turn.</summary>
    void Advance(Instant now);

    /// <summary>Does one expensive piece of work, such as a public-key operation.</summary>
    void Work(Instant now);
}
