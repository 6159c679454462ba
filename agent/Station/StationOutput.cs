using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Station;

/// <summary>What a station wants done, or tells. Its owner acts on each before it asks for the next.</summary>
/// <param name="Kind">Which of the outputs it is; it says which of the other members count.</param>
/// <param name="Call">The call that is meant, if one is.</param>
/// <param name="Text">
/// The target of <see cref="StationOutputKind.PlaceCall"/>, the caller of a call from outside, or who is meant in a
/// <see cref="StationOutputKind.Note"/>.
/// </param>
/// <param name="Reason">Why a call is cancelled, rejected or hung up.</param>
/// <param name="Fact">What a <see cref="StationOutputKind.Note"/> tells.</param>
/// <param name="Offer">How the voice of the call of <see cref="StationOutputKind.PlaceCall"/> shall be protected.</param>
/// <param name="WithTone">Whether a tone says that the microphone opens, as it does without a hand, for
/// <see cref="StationOutputKind.AnswerCall"/>.</param>
/// <param name="Other">
/// For <see cref="StationOutputKind.PlaceCall"/> the call whose peer has asked for it by a transfer, for
/// <see cref="StationOutputKind.HangUp"/> the one that takes its place; none when there is none.
/// </param>
/// <param name="Transfer">What has become of a transfer, for <see cref="StationOutputKind.ReportTransfer"/>.</param>
/// <param name="Outcome">How it failed, if it did.</param>
/// <param name="WakeAt">The moment of <see cref="StationOutputKind.Idle"/>.</param>
internal readonly record struct StationOutput(
    StationOutputKind Kind,
    StationCall Call = default,
    string Text = "",
    StationReason Reason = StationReason.None,
    StationFact Fact = StationFact.None,
    CallOffer Offer = CallOffer.Handshake,
    bool WithTone = false,
    StationCall Other = default,
    TransferProgress Transfer = TransferProgress.Refused,
    CallOutcome Outcome = CallOutcome.HungUp,
    Instant WakeAt = default);

/// <summary>The kinds of <see cref="StationOutput"/>, in the order of a call's life.</summary>
internal enum StationOutputKind
{
    /// <summary>Call <c>Text</c> under the name <c>Call</c>.</summary>
    PlaceCall,

    /// <summary>Tell the caller that it rings here (180); the answer follows later.</summary>
    RingCall,

    /// <summary>Answer the call from outside.</summary>
    AnswerCall,

    /// <summary>
    /// Refuse the call from outside, for <c>Reason</c>: <see cref="StationReason.Busy"/>, <see cref="StationReason.Declined"/>, or that it rang long
    /// enough.
    /// </summary>
    RejectCall,

    /// <summary>Take back the call that rings at a target, for <c>Reason</c>.</summary>
    CancelCall,

    /// <summary>End the call that was answered, for <c>Reason</c>. It may have ended already.</summary>
    HangUp,

    /// <summary>
    /// Tell the peer of <c>Call</c>, which may be over by now, what becomes of the transfer that it has asked for: <c>Transfer</c>.
    /// </summary>
    ReportTransfer,

    /// <summary>Energise the strike.</summary>
    OpenStrike,

    /// <summary>Let the strike go.</summary>
    CloseStrike,

    /// <summary>Nothing to do, a fact worth a line in the log.</summary>
    Note,

    /// <summary>Nothing more until the next input or until <c>WakeAt</c>.</summary>
    Idle,
}

/// <summary>Why the station cancels, rejects or hangs up.</summary>
internal enum StationReason
{
    /// <summary>No reason is called for.</summary>
    None,

    /// <summary>Another target answered first.</summary>
    AnsweredElsewhere,

    /// <summary>It was answered when the station had given it up already.</summary>
    AnsweredTooLate,

    /// <summary>The target, or the whole plan, has rung long enough.</summary>
    RingLimit,

    /// <summary>The button was pressed to hang up.</summary>
    HungUp,

    /// <summary>The button was pressed to ring, and nobody had heard the caller yet.</summary>
    VisitorRings,

    /// <summary>The call has lasted long enough.</summary>
    CallLimit,

    /// <summary>Another call has taken its place.</summary>
    Transferred,

    /// <summary>The station is engaged.</summary>
    Busy,

    /// <summary>The station does not take calls from this caller.</summary>
    Declined,

    /// <summary>The station does not answer this caller in the way that it demands: by itself, or by a person.</summary>
    AnswerMode,

    /// <summary>The station itself ends.</summary>
    StationEnded,
}

/// <summary>What becomes of a transfer.</summary>
internal enum TransferProgress
{
    /// <summary>It is not tried.</summary>
    Refused,

    /// <summary>It is tried.</summary>
    Begun,

    /// <summary>The target lets it ring.</summary>
    Ringing,

    /// <summary>The target has answered, and the call goes on there.</summary>
    Done,

    /// <summary>It came to nothing, for <c>Outcome</c>.</summary>
    Failed,
}

/// <summary>What a <see cref="StationOutputKind.Note"/> tells.</summary>
internal enum StationFact
{
    /// <summary>Nothing: the output is no note.</summary>
    None,

    /// <summary>A button without a ring plan was pressed.</summary>
    ButtonUnknown,

    /// <summary>All targets rang, or were busy or declined; nobody answered.</summary>
    NobodyAnswered,

    /// <summary>No target could be reached at all: nothing rang anywhere.</summary>
    NobodyReachable,

    /// <summary>The code of <c>Text</c> was entered; without a <c>Call</c>, as for all entries, at the door's own keypad.</summary>
    CodeAccepted,

    /// <summary>The target takes no handshake, and may have its keys by signalling: it is called again.</summary>
    HandshakeRefused,

    /// <summary>The target will have no encryption, and its plan allows to call it again without.</summary>
    EncryptionRefused,

    /// <summary>An entry was no code.</summary>
    CodeWrong,

    /// <summary>The entry was one wrong entry too many: codes are locked for a time.</summary>
    CodesLocked,

    /// <summary>A digit came in a call that is not secured, and does not count; told once a call.</summary>
    DigitUnsecured,
}
