using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

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

    /// <summary>
    /// Where a response of 301 or 302 says that its target is now: the URIs of its Contacts, the best first (RFC 3261 section 8.1.3.4), of
    /// those that are equally good in their order. At most <see cref="SipLimits.Redirections"/>.
    /// </summary>
    public IReadOnlyList<string> ReadContacts()
    {
        List<(string Uri, int Quality)> contacts = [];
        foreach (ReadOnlySpan<byte> value in Headers.Values(SipHeaderName.Contact))
        {
            if (contacts.Count < SipLimits.Redirections
                && NameAddress.TryRead(value, out NameAddress contact)
                && SipUri.TryRead(contact.Uri, out SipUri uri)
                && uri.Text.Length <= SipLimits.TargetUri)
            {
                _ = SipGrammar.TryFindParameter(contact.Parameters, "q"u8, out ReadOnlySpan<byte> quality);
                contacts.Add((Encoding.UTF8.GetString(uri.Text), SipGrammar.ReadQuality(quality)));
            }
        }

        return [.. contacts.OrderByDescending(static contact => contact.Quality).Select(static contact => contact.Uri)];
    }
}
