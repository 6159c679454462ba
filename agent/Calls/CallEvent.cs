using System.Collections.Generic;
using IntercomAgent.Sip;

namespace IntercomAgent.Calls;

/// <summary>What has happened to a call.</summary>
/// <param name="Kind">Which of the events it is; it says which of the other members count.</param>
/// <param name="Call">The call that is meant.</param>
/// <param name="Caller">Who calls, for <see cref="CallEventKind.TurnedAway"/> and <see cref="CallEventKind.Incoming"/>; else null.</param>
/// <param name="Sender">The address of who sent a text, for <see cref="CallEventKind.Text"/>; else null.</param>
/// <param name="Digit">The key that was pressed at the other end, for <see cref="CallEventKind.Digit"/>.</param>
/// <param name="Status">
/// The SIP status that ended the call, for <see cref="CallEventKind.Ended"/>; 0 when it was hung up after it had been answered.
/// </param>
/// <param name="Problem">What went wrong, in words for a person; null when nothing did.</param>
/// <param name="Report">What the call came to so far, for <see cref="CallEventKind.Secured"/> and <see cref="CallEventKind.Ended"/>.</param>
/// <param name="MovedTo">
/// The URIs that the target says it is now at, the best first, for <see cref="CallEventKind.Ended"/>; else null.
/// </param>
/// <param name="MayOfferKeys">
/// Whether the call offered a handshake, and might offer keys in the signalling instead, for <see cref="CallEventKind.Ended"/>.
/// </param>
/// <param name="Target">The URI to which the peer transfers the call, for <see cref="CallEventKind.TransferAsked"/>; else null.</param>
/// <param name="IsOpen">Whether both sides hear each other from now on, for <see cref="CallEventKind.Answered"/>; else it is to be secured first.</param>
internal readonly record struct CallEvent(
    CallEventKind Kind, SipCall Call, SipCaller? Caller = null, string? Sender = null, char Digit = '\0', int Status = 0, string? Problem = null,
    CallReport? Report = null, IReadOnlyList<string>? MovedTo = null, bool MayOfferKeys = false, string? Target = null,
    bool IsOpen = false);

/// <summary>What has become of the registration with one account.</summary>
/// <param name="Status">The registrar's refusal; 0 when it knows us.</param>
/// <param name="Problem">Why it does not know us, in words for a person; null when it does.</param>
/// <param name="Account">What a person calls the account.</param>
internal readonly record struct RegistrationEvent(int Status, string? Problem, string Account);

/// <summary>The kinds of <see cref="CallEvent"/>, in the order of a call's life.</summary>
internal enum CallEventKind
{
    /// <summary>Somebody sent a text, <see cref="CallEvent.Problem"/>, which nobody here reads.</summary>
    Text,

    /// <summary>Somebody calls, and is refused before it comes to a call, for <see cref="CallEvent.Problem"/>.</summary>
    TurnedAway,

    /// <summary>Somebody calls.</summary>
    Incoming,

    /// <summary>It rings at the target.</summary>
    Ringing,

    /// <summary>The call is answered.</summary>
    Answered,

    /// <summary>Its media are encrypted: the peer's fingerprint matched, or signalling brought the keys.</summary>
    Secured,

    /// <summary>A key was pressed at the other end.</summary>
    Digit,

    /// <summary>The peer wants the call to go on with <see cref="CallEvent.Target"/>: it waits to hear whether it does.</summary>
    TransferAsked,

    /// <summary>The call is over, whoever ended it; the last event of a call.</summary>
    Ended,
}
