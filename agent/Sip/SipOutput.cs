using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>The kinds of <see cref="SipOutput"/>, in the order of a call's life.</summary>
internal enum SipOutputKind
{
    /// <summary>Send <c>Datagram</c> to <c>To</c>.</summary>
    Send,

    /// <summary>
    /// Ask on the connection to <c>To</c> whether it lives (RFC 5626 section 4.4.1): it has to answer, and where there is none, that is a
    /// failure of it.
    /// </summary>
    Ping,

    /// <summary>
    /// Somebody calls: <c>Caller</c> says who, <c>Text</c> is the URI to show, <c>Name</c> the name, <c>Body</c> the offer or empty.
    /// </summary>
    Incoming,

    /// <summary>
    /// A server was found that the INVITE can go to: <c>To</c>. Make the offer for it, with an address that it leads to. It may come more
    /// than once, when a server fails and there is another one; the offer is made anew then, and what the former brought is void.
    /// </summary>
    Located,

    /// <summary>
    /// The caller made no offer, and our ringing has to bring ours: <see cref="SipEndpoint.RingWith"/> (RFC 3262 section 5).
    /// </summary>
    OfferWanted,

    /// <summary>The caller has answered the offer that our ringing brought: <c>Body</c> is its answer, and the call rings on.</summary>
    OfferAnswered,

    /// <summary>The called telephone rings (180).</summary>
    Ringing,

    /// <summary>
    /// A provisional response of <c>Status</c> brought the session description <c>Body</c>, ahead of the answer: of the branches of a
    /// fork, the first that does so is the one that is heard.
    /// </summary>
    Progress,

    /// <summary>
    /// A reliable provisional response of <c>Status</c> brought the answer <c>Body</c> (RFC 3262 section 5). From now on both sides may
    /// make another offer.
    /// </summary>
    EarlyAnswered,

    /// <summary>
    /// The called telephone answered; <c>Body</c> is its session description, which may be another one than was told before, of another
    /// branch of a fork. It is empty when what <see cref="EarlyAnswered"/> brought holds.
    /// </summary>
    Answered,

    /// <summary>
    /// The peer acknowledged our answer, to its call or to its new offer; <c>Body</c> is its own answer if the offer was ours.
    /// </summary>
    Confirmed,

    /// <summary>The peer wants to change the session: <c>Body</c> is its offer, or empty when it asks for ours. Accept or reject.</summary>
    Reoffered,

    /// <summary>The peer accepted our new offer; <c>Body</c> is its answer.</summary>
    ReofferAnswered,

    /// <summary>Our new offer came to nothing, with <c>Status</c>; the session stays as it was.</summary>
    ReofferFailed,

    /// <summary>
    /// The session has to be refreshed (RFC 4028 section 7.4): make the peer an offer of what holds. Where nobody does, the call ends.
    /// </summary>
    RefreshDue,

    /// <summary>An INFO in the call: <c>Text</c> is its media type, <c>Body</c> its content.</summary>
    Info,

    /// <summary>
    /// The peer wants the call transferred to the URI <c>Text</c> (REFER): say what becomes of it with
    /// <see cref="SipEndpoint.ReportReferral"/>, at once whether it is tried at all.
    /// </summary>
    Referred,

    /// <summary>
    /// The call is over: <c>Status</c> is the response that ended it or 0 for BYE, <c>Text</c> a reason for a person,
    /// <c>EndedBy</c> who ended it, and <c>MovedTo</c> the URIs that the target has moved to (301 or 302). It is the last output of a call.
    /// </summary>
    Ended,

    /// <summary>The registrar of the account <c>Name</c> knows us now.</summary>
    Registered,

    /// <summary>
    /// The registrar of the account <c>Name</c> does not know us, for <c>Status</c> and <c>Text</c>; it will be tried again.
    /// </summary>
    RegistrationFailed,

    /// <summary>Somebody sent a MESSAGE, which we do not take: <c>Text</c> is the sender's URI, <c>Body</c> the content.</summary>
    Message,

    /// <summary>The registrar or the proxy says that our configuration has changed (NOTIFY of check-sync).</summary>
    CheckSync,

    /// <summary>Nothing more until the next input or until <c>WakeAt</c>.</summary>
    Idle,
}

/// <summary>Who ended a call.</summary>
internal enum SipEnder
{
    /// <summary>The peer: BYE, CANCEL or a response.</summary>
    Peer,

    /// <summary>We ourselves.</summary>
    Us,

    /// <summary>Nobody: the network stayed silent, or a time ran out.</summary>
    Nobody,
}

/// <summary>One thing that an endpoint wants done, or tells. It borrows the buffer that was polled with.</summary>
internal readonly ref struct SipOutput
{
    /// <summary>Which of the outputs it is; it says which of the other members count.</summary>
    public SipOutputKind Kind { get; init; }

    /// <summary>The call that is meant, if one is.</summary>
    public SipCall Call { get; init; }

    /// <summary>Where the datagram goes, or could, or the connection leads.</summary>
    public SipHop To { get; init; }

    /// <summary>Who calls, for <see cref="SipOutputKind.Incoming"/>; else null.</summary>
    public SipCaller? Caller { get; init; }

    /// <summary>The message to send.</summary>
    public ReadOnlySpan<byte> Datagram { get; init; }

    /// <summary>The body that came with a message.</summary>
    public ReadOnlySpan<byte> Body { get; init; }

    /// <summary>A status, or 0.</summary>
    public int Status { get; init; }

    /// <summary>A URI, a media type or a reason, as the kind says.</summary>
    public string Text { get; init; }

    /// <summary>What the caller shows as its name, or what a person calls an account.</summary>
    public string Name { get; init; }

    /// <summary>The URIs that a target has moved to, the best first; null or empty when it has not.</summary>
    public IReadOnlyList<string>? MovedTo { get; init; }

    /// <summary>Who ended the call.</summary>
    public SipEnder EndedBy { get; init; }

    /// <summary>The moment of <see cref="SipOutputKind.Idle"/>.</summary>
    public Instant WakeAt { get; init; }
}
