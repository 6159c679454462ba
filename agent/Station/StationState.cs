namespace IntercomAgent.Station;

/// <summary>What a station is busy with, in the order of a visit.</summary>
internal enum StationState
{
    /// <summary>It waits for a button or a call.</summary>
    Quiet,

    /// <summary>A button was pressed: the targets of its ring plan ring.</summary>
    Ringing,

    /// <summary>A call from outside rings here.</summary>
    Alerting,

    /// <summary>One call is answered.</summary>
    Talking,

    /// <summary>The station's life is over: input is counted and dropped.</summary>
    Ended,
}

/// <summary>How a call came to its end, as its signalling saw it.</summary>
internal enum CallOutcome
{
    /// <summary>The other side hung up, or took its call back.</summary>
    HungUp,

    /// <summary>The target is busy.</summary>
    Busy,

    /// <summary>Somebody declined.</summary>
    Declined,

    /// <summary>It rang and nobody came.</summary>
    NoAnswer,

    /// <summary>The target could not be reached.</summary>
    Unreachable,

    /// <summary>The target does not take what the call offers.</summary>
    NotAcceptable,

    /// <summary>The same, and it may be offered keys that signalling carries.</summary>
    HandshakeNotAcceptable,

    /// <summary>The call broke: a failed handshake, silence, an error of signalling.</summary>
    Failed,
}
