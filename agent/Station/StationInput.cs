using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Station;

/// <summary>One step of a station's life.</summary>
/// <param name="Happening">What has happened.</param>
/// <param name="Now">When.</param>
/// <param name="Call">The call that it happened to, if to one.</param>
/// <param name="Button">The button that was pressed, counted from 0.</param>
/// <param name="Caller">Who calls.</param>
/// <param name="Outcome">How a call has ended.</param>
/// <param name="MovedTo">The addresses at which the target says it is now, the best first; null when it says none.</param>
/// <param name="Target">The address to which the peer transfers the call; null when it does not.</param>
internal readonly record struct StationInput(
    Happening Happening,
    Instant Now,
    StationCall Call = default,
    int Button = 0,
    Caller? Caller = null,
    CallOutcome Outcome = CallOutcome.HungUp,
    IReadOnlyList<string>? MovedTo = null,
    string? Target = null);

/// <summary>What can happen to a station.</summary>
internal enum Happening
{
    /// <summary>A button was pressed that counts.</summary>
    ButtonPressed,

    /// <summary>The handset was lifted.</summary>
    HookLifted,

    /// <summary>The handset was put down.</summary>
    HookPutDown,

    /// <summary>Somebody calls.</summary>
    CallOffered,

    /// <summary>The target of a call that was placed lets it ring.</summary>
    CallRinging,

    /// <summary>A call that was placed is answered, or the caller knows of our answer.</summary>
    CallAnswered,

    /// <summary>The peer of the call wants it to go on with somebody else.</summary>
    TransferAsked,

    /// <summary>The time of a call is over: its target's, the caller's, or that of a call that is up.</summary>
    CallDue,

    /// <summary>A call is over, whoever ended it.</summary>
    CallEnded,

    /// <summary>It has rung for long enough, over all targets.</summary>
    RingLimitReached,

    /// <summary>The station ends.</summary>
    End,
}
