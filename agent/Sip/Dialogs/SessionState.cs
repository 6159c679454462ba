using System;
using static IntercomAgent.Sip.SessionActions;
using static IntercomAgent.Sip.SessionState;

namespace IntercomAgent.Sip;

/// <summary>Where a call stands: first as caller, then as callee, then together (RFC 3261 sections 9, 13 and 15).</summary>
internal enum SessionState
{
    /// <summary>A server is looked for that our INVITE can go to, or it waits for our offer.</summary>
    Locating,

    /// <summary>Our INVITE is out; nothing came back.</summary>
    Calling,

    /// <summary>A provisional response came.</summary>
    Proceeding,

    /// <summary>We ended it before any response came: the CANCEL has to wait for one.</summary>
    Withdrawn,

    /// <summary>The CANCEL is out; the final response to the INVITE is awaited.</summary>
    Cancelling,

    /// <summary>The peer's INVITE awaits our decision.</summary>
    Offered,

    /// <summary>Our 2xx is out, over and over; the ACK is awaited.</summary>
    Accepted,

    /// <summary>Both sides know that the call is up.</summary>
    Established,

    /// <summary>We ended it before the ACK came: the BYE has to wait for it.</summary>
    Leaving,

    /// <summary>Our BYE is out; its response is awaited.</summary>
    Terminating,

    /// <summary>Over.</summary>
    Terminated,
}

/// <summary>What happens to a call.</summary>
internal enum SessionInput
{
    /// <summary>Our INVITE goes out to the server that was found.</summary>
    Sent,

    /// <summary>The server failed, and the call goes on to the next one.</summary>
    ServerFailure,

    /// <summary>A provisional response to our INVITE.</summary>
    Provisional,

    /// <summary>Our INVITE was challenged and is repeated with credentials.</summary>
    Challenged,

    /// <summary>A 2xx to our INVITE.</summary>
    Success,

    /// <summary>Another final response to our INVITE, or none in time.</summary>
    Failure,

    /// <summary>We accept the peer's INVITE.</summary>
    Accept,

    /// <summary>The ACK for our 2xx.</summary>
    Ack,

    /// <summary>No ACK in time.</summary>
    AckMissing,

    /// <summary>The peer no longer knows the dialog.</summary>
    Lost,

    /// <summary>CANCEL or BYE from the peer.</summary>
    PeerEnds,

    /// <summary>We end it.</summary>
    End,

    /// <summary>The final response to our BYE, or none in time.</summary>
    ByeAnswered,

    /// <summary>No final response came within 64*T1 of our CANCEL.</summary>
    Abandoned,
}

/// <summary>What a step of a call brings about.</summary>
[Flags]
internal enum SessionActions
{
    None = 0,

    /// <summary>Cancel our INVITE.</summary>
    SendCancel = 1,

    /// <summary>Send BYE.</summary>
    SendBye = 2,

    /// <summary>Give the peer's INVITE a final response other than 2xx.</summary>
    SendRefusal = 4,

    /// <summary>Tell that the call is over.</summary>
    TellEnded = 8,
}

/// <summary>The state machine of a call.</summary>
internal static class SessionTransitions
{
    /// <summary>Every transition there is.</summary>
    public static (SessionState State, SessionActions Actions) Next(SessionState state, SessionInput input) => (state, input) switch
    {
        (Locating, SessionInput.Sent) => (Calling, None),
        (Locating, SessionInput.Failure or SessionInput.End) => (Terminated, TellEnded),
        (Calling or Proceeding, SessionInput.ServerFailure) => (Locating, None),
        (Calling or Proceeding, SessionInput.Provisional) => (Proceeding, None),
        (Calling or Proceeding, SessionInput.Challenged) => (Calling, None),
        (Calling or Proceeding, SessionInput.Success) => (Established, None),
        (Calling or Proceeding, SessionInput.Failure) => (Terminated, TellEnded),

        // RFC 3261 section 9.1: no CANCEL before a provisional response; a 2xx that crosses it is acknowledged and ended by BYE.
        (Calling, SessionInput.End) => (Withdrawn, TellEnded),
        (Proceeding, SessionInput.End) => (Cancelling, SendCancel | TellEnded),
        (Withdrawn, SessionInput.Provisional) => (Cancelling, SendCancel),
        (Withdrawn or Cancelling, SessionInput.Success) => (Terminating, SendBye),
        (Withdrawn or Cancelling, SessionInput.Failure) => (Terminated, None),
        (Cancelling, SessionInput.Abandoned) => (Terminated, None),

        (Offered, SessionInput.Accept) => (Accepted, None),
        (Offered, SessionInput.End or SessionInput.PeerEnds) => (Terminated, SendRefusal | TellEnded),
        (Accepted, SessionInput.Ack) => (Established, None),

        // RFC 3261 section 15: the callee sends no BYE before the ACK, or before it has waited for it long enough.
        (Accepted, SessionInput.End) => (Leaving, TellEnded),
        (Accepted or Established, SessionInput.AckMissing) => (Terminating, SendBye | TellEnded),
        (Leaving, SessionInput.Ack or SessionInput.AckMissing) => (Terminating, SendBye),

        (Established, SessionInput.End or SessionInput.Lost) => (Terminating, SendBye | TellEnded),
        (Accepted or Established, SessionInput.PeerEnds) => (Terminated, TellEnded),
        (Leaving or Terminating, SessionInput.PeerEnds) => (Terminated, None),
        (Terminating, SessionInput.ByeAnswered) => (Terminated, None),
        _ => (state, None),
    };
}
