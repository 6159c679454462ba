using System;

namespace IntercomAgent.Sip;

/// <summary>The header fields that the engine reads, or writes with a value of its own.</summary>
internal enum SipHeaderName
{
    Via,
    From,
    To,
    CallId,
    CSeq,
    Contact,
    Route,
    RecordRoute,
    ContentLength,
    ContentType,
    ContentEncoding,
    MaxForwards,
    Require,
    Supported,
    Allow,
    Expires,
    MinExpires,
    Reason,
    RetryAfter,
    WwwAuthenticate,
    ProxyAuthenticate,
    Authorization,
    ProxyAuthorization,
    UserAgent,
    InfoPackage,
    PAssertedIdentity,
    CallInfo,
    AlertInfo,
    AnswerMode,
    PrivAnswerMode,
    Accept,
    RSeq,
    RAck,
    SessionExpires,
    MinSE,
    Event,
    ServiceRoute,
    FlowTimer,
    AuthenticationInfo,
    ProxyAuthenticationInfo,
    ReferTo,
    ReferSub,
    ReferredBy,
    Replaces,
    Join,
}

/// <summary>
/// A view of a message's header fields. Fields are looked up by scanning: a message has about fifteen lines and is asked for a dozen
/// of them, which costs less than an index would.
/// </summary>
/// <param name="lines">All header lines, each with its line end, without the empty line that closes the header.</param>
internal readonly ref struct SipHeaders(ReadOnlySpan<byte> lines)
{
    private readonly ReadOnlySpan<byte> _lines = lines;

    /// <summary>All header lines as they came.</summary>
    public ReadOnlySpan<byte> Lines => _lines;

    /// <summary>
    /// Takes the next header line, folded lines together. False at the end, and also when a line has no name or no end:
    /// then <paramref name="rest"/> is not empty.
    /// </summary>
    public static bool TryTakeLine(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        int colon = rest.IndexOf((byte)':');
        if (colon < 0 || !SipGrammar.IsToken(name = rest[..colon].TrimEnd(" \t"u8)))
        {
            return false;
        }

        int end = colon + 1;
        while (true)
        {
            int lineEnd = rest[end..].IndexOf("\r\n"u8);
            if (lineEnd < 0)
            {
                return false;
            }

            end += lineEnd + 2;
            if (end == rest.Length || rest[end] is not ((byte)' ' or (byte)'\t'))
            {
                break;
            }
        }

        value = SipGrammar.Trim(rest[(colon + 1)..end]);
        rest = rest[end..];
        return true;
    }

    /// <summary>Whether a name on the wire, long or compact, is this header field's (RFC 3261 section 7.3.3).</summary>
    public static bool Matches(SipHeaderName header, ReadOnlySpan<byte> name) =>
        SipGrammar.EqualsIgnoreCase(name, Name(header)) || (name.Length == 1 && (name[0] | 0x20) == Compact(header));

    /// <summary>The long name of a header field.</summary>
    public static ReadOnlySpan<byte> Name(SipHeaderName header) => header switch
    {
        SipHeaderName.Via => "Via"u8,
        SipHeaderName.From => "From"u8,
        SipHeaderName.To => "To"u8,
        SipHeaderName.CallId => "Call-ID"u8,
        SipHeaderName.CSeq => "CSeq"u8,
        SipHeaderName.Contact => "Contact"u8,
        SipHeaderName.Route => "Route"u8,
        SipHeaderName.RecordRoute => "Record-Route"u8,
        SipHeaderName.ContentLength => "Content-Length"u8,
        SipHeaderName.ContentType => "Content-Type"u8,
        SipHeaderName.ContentEncoding => "Content-Encoding"u8,
        SipHeaderName.MaxForwards => "Max-Forwards"u8,
        SipHeaderName.Require => "Require"u8,
        SipHeaderName.Supported => "Supported"u8,
        SipHeaderName.Allow => "Allow"u8,
        SipHeaderName.Expires => "Expires"u8,
        SipHeaderName.MinExpires => "Min-Expires"u8,
        SipHeaderName.Reason => "Reason"u8,
        SipHeaderName.RetryAfter => "Retry-After"u8,
        SipHeaderName.WwwAuthenticate => "WWW-Authenticate"u8,
        SipHeaderName.ProxyAuthenticate => "Proxy-Authenticate"u8,
        SipHeaderName.Authorization => "Authorization"u8,
        SipHeaderName.ProxyAuthorization => "Proxy-Authorization"u8,
        SipHeaderName.UserAgent => "User-Agent"u8,
        SipHeaderName.InfoPackage => "Info-Package"u8,
        SipHeaderName.PAssertedIdentity => "P-Asserted-Identity"u8,
        SipHeaderName.CallInfo => "Call-Info"u8,
        SipHeaderName.AlertInfo => "Alert-Info"u8,
        SipHeaderName.AnswerMode => "Answer-Mode"u8,
        SipHeaderName.PrivAnswerMode => "Priv-Answer-Mode"u8,
        SipHeaderName.Accept => "Accept"u8,
        SipHeaderName.RSeq => "RSeq"u8,
        SipHeaderName.RAck => "RAck"u8,
        SipHeaderName.SessionExpires => "Session-Expires"u8,
        SipHeaderName.MinSE => "Min-SE"u8,
        SipHeaderName.Event => "Event"u8,
        SipHeaderName.ServiceRoute => "Service-Route"u8,
        SipHeaderName.FlowTimer => "Flow-Timer"u8,
        SipHeaderName.AuthenticationInfo => "Authentication-Info"u8,
        SipHeaderName.ProxyAuthenticationInfo => "Proxy-Authentication-Info"u8,
        SipHeaderName.ReferTo => "Refer-To"u8,
        SipHeaderName.ReferSub => "Refer-Sub"u8,
        SipHeaderName.ReferredBy => "Referred-By"u8,
        SipHeaderName.Replaces => "Replaces"u8,
        SipHeaderName.Join => "Join"u8,
    };

    /// <summary>Finds the first field of a name; its value is without white space around it and may be empty.</summary>
    public bool TryFind(SipHeaderName header, out ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> rest = _lines;
        while (TryTakeLine(ref rest, out ReadOnlySpan<byte> name, out value))
        {
            if (Matches(header, name))
            {
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>The first field of a name; empty when there is none.</summary>
    public ReadOnlySpan<byte> Find(SipHeaderName header) => TryFind(header, out ReadOnlySpan<byte> value) ? value : default;

    /// <summary>Whether a list of tokens, as Require, Supported and Allow are, names this one.</summary>
    public bool Lists(SipHeaderName header, ReadOnlySpan<byte> token)
    {
        foreach (ReadOnlySpan<byte> value in Values(header))
        {
            if (SipGrammar.EqualsIgnoreCase(value, token))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The number in the first field of a name; false when there is no such field or no number in it.</summary>
    public bool TryFindNumber(SipHeaderName header, out int number)
    {
        // Retry-After may carry a comment or a parameter behind its number.
        ReadOnlySpan<byte> value = Find(header);
        int end = value.IndexOfAny(" ;("u8);
        return SipGrammar.TryReadNumber(end < 0 ? value : value[..end], out number);
    }

    /// <summary>All values of a name in order: of every field, each element of a comma-separated list.</summary>
    public SipHeaderValues Values(SipHeaderName header) => new(_lines, header, isList: true);

    /// <summary>All fields of a name in order, each one whole: challenges contain commas.</summary>
    public SipHeaderValues Fields(SipHeaderName header) => new(_lines, header, isList: false);

    private static int Compact(SipHeaderName header) => header switch
    {
        SipHeaderName.Via => 'v',
        SipHeaderName.From => 'f',
        SipHeaderName.To => 't',
        SipHeaderName.CallId => 'i',
        SipHeaderName.Contact => 'm',
        SipHeaderName.ContentLength => 'l',
        SipHeaderName.ContentType => 'c',
        SipHeaderName.ContentEncoding => 'e',
        SipHeaderName.Supported => 'k',
        SipHeaderName.SessionExpires => 'x',
        SipHeaderName.Event => 'o',
        SipHeaderName.ReferTo => 'r',
        SipHeaderName.ReferredBy => 'b',
        _ => 0,
    };
}

/// <summary>Walks over the values of one header field, wherever they stand in the header.</summary>
internal ref struct SipHeaderValues(ReadOnlySpan<byte> lines, SipHeaderName header, bool isList)
{
    private ReadOnlySpan<byte> _lines = lines;
    private ReadOnlySpan<byte> _elements;

    /// <summary>The value at which the walk stands.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>The walk itself, for <c>foreach</c>.</summary>
    public readonly SipHeaderValues GetEnumerator() => this;

    /// <summary>Goes on to the next value; false at the end.</summary>
    public bool MoveNext()
    {
        while (true)
        {
            if (isList && SipGrammar.TryTakeElement(ref _elements, out ReadOnlySpan<byte> element))
            {
                if (!element.IsEmpty)
                {
                    Current = element;
                    return true;
                }

                continue;
            }

            if (!SipHeaders.TryTakeLine(ref _lines, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
            {
                return false;
            }

            if (!SipHeaders.Matches(header, name))
            {
                continue;
            }

            if (!isList)
            {
                Current = value;
                return true;
            }

            _elements = value;
        }
    }
}
