using System;

namespace IntercomAgent.Sip;

/// <summary>
/// A view of a request or a response whose mandatory fields have been read (RFC 3261 sections 7 and 8.1.1). It borrows the bytes that
/// it was read from.
/// </summary>
internal readonly ref struct SipMessage
{
    /// <summary>The status of a response, 100 to 699; 0 for a request.</summary>
    public int Status { get; init; }

    /// <summary>The reason phrase of a response.</summary>
    public ReadOnlySpan<byte> ReasonPhrase { get; init; }

    /// <summary>The method of a request; of a response, the method that CSeq names.</summary>
    public SipMethod Method { get; init; }

    /// <summary>The Request-URI of a request.</summary>
    public ReadOnlySpan<byte> RequestUri { get; init; }

    /// <summary>All header fields.</summary>
    public SipHeaders Headers { get; init; }

    /// <summary>The topmost Via.</summary>
    public SipVia Via { get; init; }

    /// <summary>From.</summary>
    public NameAddress From { get; init; }

    /// <summary>To.</summary>
    public NameAddress To { get; init; }

    /// <summary>Call-ID.</summary>
    public ReadOnlySpan<byte> CallId { get; init; }

    /// <summary>The number in CSeq.</summary>
    public int CSeq { get; init; }

    /// <summary>The body, cut to Content-Length.</summary>
    public ReadOnlySpan<byte> Body { get; init; }

    /// <summary>Whether this is a request.</summary>
    public bool IsRequest => Status == 0;

    /// <summary>The body if it is a session description, else empty.</summary>
    public ReadOnlySpan<byte> SessionDescription => HasContentType("application/sdp"u8) ? Body : default;

    /// <summary>Whether the body's media type is this one, parameters aside.</summary>
    public bool HasContentType(ReadOnlySpan<byte> mediaType)
    {
        ReadOnlySpan<byte> value = Headers.Find(SipHeaderName.ContentType);
        int parameters = value.IndexOf((byte)';');
        return SipGrammar.EqualsIgnoreCase(SipGrammar.Trim(parameters < 0 ? value : value[..parameters]), mediaType);
    }

    /// <summary>
    /// Reads the first Contact; false when there is none that a request could be sent to, or it is too long to be repeated.
    /// </summary>
    public bool TryReadContact(out NameAddress contact)
    {
        foreach (ReadOnlySpan<byte> value in Headers.Values(SipHeaderName.Contact))
        {
            return NameAddress.TryRead(value, out contact)
                && SipUri.TryRead(contact.Uri, out _)
                && contact.Uri.Length <= SipLimits.TargetUri;
        }

        contact = default;
        return false;
    }
}
