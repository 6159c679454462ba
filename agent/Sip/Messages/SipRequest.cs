using System;
using System.Collections.Generic;

namespace IntercomAgent.Sip;

/// <summary>A request of ours in its parts, so that the ACK, the CANCEL and the repetition with credentials can be made from it.</summary>
internal sealed record SipRequest
{
    /// <summary>The method.</summary>
    public required SipMethod Method { get; init; }

    /// <summary>The Request-URI.</summary>
    public required byte[] RequestUri { get; init; }

    /// <summary>The branch of our Via.</summary>
    public required byte[] Branch { get; init; }

    /// <summary>By what it travels: our Via says so.</summary>
    public SipTransport Transport { get; init; }

    /// <summary>
    /// What our Via says of us, which belongs to the branch: ACK and CANCEL repeat it even if our address has changed. Null until it is
    /// sent for the first time.
    /// </summary>
    public byte[]? SentBy { get; init; }

    /// <summary>The values of Route in order.</summary>
    public IReadOnlyList<byte[]> Routes { get; init; } = [];

    /// <summary>From with its tag.</summary>
    public required byte[] From { get; init; }

    /// <summary>To, with its tag in a dialog.</summary>
    public required byte[] To { get; init; }

    /// <summary>Call-ID.</summary>
    public required byte[] CallId { get; init; }

    /// <summary>The number in CSeq.</summary>
    public required int Sequence { get; init; }

    /// <summary>Credentials: whole header lines.</summary>
    public byte[] Authorization { get; init; } = [];

    /// <summary>How many challenges the request has been repeated for.</summary>
    public int Challenges { get; init; }

    /// <summary>Further header lines, each with its line end.</summary>
    public byte[] Fields { get; init; } = [];

    /// <summary>The media type of the body.</summary>
    public byte[] ContentType { get; init; } = [];

    /// <summary>The body.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>
    /// The ACK for a final response other than 2xx (RFC 3261 section 17.1.1.3): of the same transaction, with the response's To.
    /// </summary>
    public SipRequest Acknowledge(byte[] to) =>
        WithoutContent() with { Method = SipMethod.Ack, To = to, Authorization = [] };

    /// <summary>What names this request and whom it is from and for, and its credentials, which the ACK for a 2xx repeats.</summary>
    public SipRequest WithoutContent() => this with { Fields = [], ContentType = [], Body = [] };

    /// <summary>An INVITE that was accepted, with no more than its late answers need: what their dialogs are made from.</summary>
    /// <param name="from">From with its tag.</param>
    /// <param name="sequence">The number in CSeq.</param>
    /// <param name="authorization">Credentials, which the ACK repeats.</param>
    public static SipRequest Accepted(ReadOnlySpan<byte> from, int sequence, byte[] authorization) => new()
    {
        Method = SipMethod.Invite,
        RequestUri = [],
        Branch = [],
        From = from.ToArray(),
        To = [],
        CallId = [],
        Sequence = sequence,
        Authorization = authorization,
    };

    /// <summary>The CANCEL for this INVITE (RFC 3261 section 9.1), with further header lines such as Reason.</summary>
    public SipRequest Cancel(byte[] fields) =>
        WithoutContent() with { Method = SipMethod.Cancel, Fields = fields, Authorization = [] };
}
