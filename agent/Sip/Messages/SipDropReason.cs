namespace IntercomAgent.Sip;

/// <summary>Why a datagram had no effect, or none but an error response.</summary>
internal enum SipDropReason
{
    /// <summary>Nothing but line ends: a peer keeps its NAT open (RFC 5626 section 3.5.1).</summary>
    KeepAlive,

    /// <summary>Longer than <see cref="SipLimits.ReceivedMessage"/>.</summary>
    TooLong,

    /// <summary>The first line is neither a Request-Line nor a Status-Line.</summary>
    NotSip,

    /// <summary>SIP, but not version 2.0.</summary>
    Version,

    /// <summary>A header line has no name or the header has no end.</summary>
    HeaderSyntax,

    /// <summary>More than <see cref="SipLimits.Headers"/> header lines.</summary>
    TooManyHeaders,

    /// <summary>Via, From, To, Call-ID or CSeq is missing; without Via there is nobody to be told.</summary>
    MissingHeader,

    /// <summary>A Via cannot be read, or there are more than <see cref="SipLimits.Vias"/>.</summary>
    Via,

    /// <summary>From or To cannot be read, or a Contact where one is needed.</summary>
    Address,

    /// <summary>Call-ID appears twice or is empty.</summary>
    CallId,

    /// <summary>CSeq cannot be read or names another method than the first line.</summary>
    CSeq,

    /// <summary>Content-Length is no number, contradicts itself or exceeds the datagram.</summary>
    ContentLength,

    /// <summary>A response whose topmost Via is not ours.</summary>
    ForeignResponse,

    /// <summary>A response to nothing that is being asked.</summary>
    StrayResponse,

    /// <summary>An ACK for no response of ours.</summary>
    StrayAck,

    /// <summary>A request beyond <see cref="SipLimits.ServerTransactions"/>.</summary>
    TooManyTransactions,

    /// <summary>Not a reason: how many there are.</summary>
    Count,
}
