using System;
using System.Buffers;
using System.Collections.Generic;

namespace IntercomAgent.Sip;

/// <summary>What a user agent server checks before it looks at what a request means (RFC 3261 section 8.2).</summary>
internal static class RequestInspection
{
    private static readonly SearchValues<byte> SchemeBytes =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-."u8);

    private static ReadOnlySpan<byte> SessionTypeLine => "Accept: application/sdp\r\n"u8;

    private static ReadOnlySpan<byte> DigitTypesLine => "Accept: application/dtmf-relay, application/dtmf\r\n"u8;

    /// <summary>What a 200 to OPTIONS says of us (section 11.2).</summary>
    /// <param name="transfers">Whether calls may be transferred.</param>
    public static byte[] Capabilities(bool transfers) =>
    [
        .. SipMethods.AllowLine(transfers), .. SessionTypeLine, .. "Accept-Encoding: identity\r\n"u8,
        .. SipOptions.FullSupportedLine(transfers),
    ];

    /// <summary>
    /// The status with which a request other than ACK and CANCEL is to be refused, and the header lines that say why; 0 when nothing
    /// speaks against it. Max-Forwards is for who forwards: at its destination a request may well have used it up (RFC 4475 section
    /// 3.3.11).
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="from">Where it came from: a SIPS URI is served only over TLS (RFC 3261 section 26.4.4).</param>
    /// <param name="transfers">Whether calls may be transferred.</param>
    /// <param name="fields">Header lines that belong to the response.</param>
    public static int Inspect(in SipMessage request, SipHop from, bool transfers, out byte[] fields)
    {
        fields = [];
        bool isUri = SipUri.TryRead(request.RequestUri, out SipUri uri);
        if (!isUri && IsBroken(request.RequestUri))
        {
            return 400;
        }

        if (request.Method is SipMethod.Register or SipMethod.Message or SipMethod.NotAllowed or SipMethod.Unknown
            || (request.Method == SipMethod.Refer && !transfers))
        {
            fields = SipMethods.AllowLine(transfers).ToArray();
            return request.Method == SipMethod.Unknown ? 501 : 405;
        }

        if (!isUri || uri.Scheme == SipScheme.Tel || (uri.Scheme == SipScheme.Sips && from.Transport != SipTransport.Tls))
        {
            return 416;
        }

        fields = Unsupported(request, transfers);
        if (fields.Length > 0)
        {
            return 420;
        }

        if (transfers && !MayReplace(request))
        {
            return 400;
        }

        if (request.Method is SipMethod.Invite or SipMethod.Update && SessionTimer.IsTooSmall(request))
        {
            fields = SessionTimer.MinimumLine;
            return 422;
        }

        return InspectContent(request, out fields);
    }

    /// <summary>The status for a request of which not all could be read.</summary>
    public static int StatusOfBroken(in SipMessage request, SipDropReason reason) => reason switch
    {
        SipDropReason.Version => 505,

        // RFC 4475 section 3.1.2.18: of a method that nobody knows yet, CSeq may mean something else.
        SipDropReason.CSeq when request.Method == SipMethod.Unknown => 501,
        _ => 400,
    };

    /// <summary>The Unsupported line with all options that are required and that we do not know; empty when there are none.</summary>
    private static byte[] Unsupported(in SipMessage request, bool transfers)
    {
        List<byte> line = [];
        foreach (ReadOnlySpan<byte> option in request.Headers.Values(SipHeaderName.Require))
        {
            if (SipGrammar.IsToken(option) && !SipOptions.IsKnown(option, transfers))
            {
                line.AddRange(line.Count == 0 ? "Unsupported: "u8 : ", "u8);
                line.AddRange(option);
            }
        }

        line.AddRange(line.Count == 0 ? default : "\r\n"u8);
        return [.. line];
    }

    /// <summary>
    /// RFC 3891 section 3: one call takes the place of one other, by the INVITE that makes it, and does not join it as well (RFC 3911).
    /// </summary>
    private static bool MayReplace(in SipMessage request)
    {
        int count = 0;
        foreach (ReadOnlySpan<byte> unused in request.Headers.Fields(SipHeaderName.Replaces))
        {
            count++;
        }

        return count == 0
            || (count == 1
                && request.Method == SipMethod.Invite
                && request.To.Tag.IsEmpty
                && !request.Headers.TryFind(SipHeaderName.Join, out _));
    }

    /// <summary>Whether what is no URI of ours is none of a scheme that we do not know either (RFC 3986 section 3.1).</summary>
    private static bool IsBroken(ReadOnlySpan<byte> uri)
    {
        int colon = uri.IndexOf((byte)':');
        return colon <= 0
            || uri.ContainsAny(" <>\""u8)
            || uri[..colon].ContainsAnyExcept(SchemeBytes)
            || SipGrammar.EqualsIgnoreCase(uri[..colon], "sip"u8)
            || SipGrammar.EqualsIgnoreCase(uri[..colon], "sips"u8);
    }

    /// <summary>
    /// Whether a NOTIFY is of an event of which PBXs tell without being asked: messages that wait (RFC 3842), and a configuration that has
    /// changed, which no RFC describes.
    /// </summary>
    private static bool IsKnownEvent(in SipMessage notify)
    {
        ReadOnlySpan<byte> name = EventOf(notify);
        return SipGrammar.EqualsIgnoreCase(name, "message-summary"u8) || IsCheckSync(notify);
    }

    /// <summary>Whether a NOTIFY asks us to look whether our configuration has changed.</summary>
    public static bool IsCheckSync(in SipMessage notify) => SipGrammar.EqualsIgnoreCase(EventOf(notify), "check-sync"u8);

    private static ReadOnlySpan<byte> EventOf(in SipMessage notify)
    {
        ReadOnlySpan<byte> value = notify.Headers.Find(SipHeaderName.Event);
        int end = value.IndexOf((byte)';');
        return SipGrammar.Trim(end < 0 ? value : value[..end]);
    }

    private static int InspectContent(in SipMessage request, out byte[] fields)
    {
        fields = [];
        if (request.Method == SipMethod.Notify && !IsKnownEvent(request))
        {
            // RFC 6665 section 7.2.1 wants it in a 489.
            fields = "Allow-Events: message-summary, check-sync\r\n"u8.ToArray();
            return 489;
        }

        if (request.Method == SipMethod.Info && request.Headers.TryFind(SipHeaderName.InfoPackage, out _))
        {
            // RFC 6086 section 4.2.2: we know no packages.
            fields = "Recv-Info: \r\n"u8.ToArray();
            return 469;
        }

        if (request.Method == SipMethod.Invite && !AcceptsSessionDescription(request.Headers))
        {
            fields = "Warning: 399 intercom-agent \"only application/sdp can be answered\"\r\n"u8.ToArray();
            return 406;
        }

        if (request.Body.IsEmpty || request.Method is not (SipMethod.Invite or SipMethod.Info or SipMethod.Update or SipMethod.Prack))
        {
            return 0;
        }

        ReadOnlySpan<byte> encoding = request.Headers.Find(SipHeaderName.ContentEncoding);
        if (!encoding.IsEmpty && !SipGrammar.EqualsIgnoreCase(encoding, "identity"u8))
        {
            fields = "Accept-Encoding: identity\r\n"u8.ToArray();
            return 415;
        }

        bool isSession = request.Method != SipMethod.Info;
        bool isKnown = isSession
            ? request.HasContentType("application/sdp"u8)
            : request.HasContentType(InfoDigits.RelayType) || request.HasContentType(InfoDigits.BareType);
        fields = isKnown ? [] : (isSession ? SessionTypeLine : DigitTypesLine).ToArray();
        return isKnown ? 0 : 415;
    }

    /// <summary>RFC 3261 section 20.1: without the field a session description is acceptable, with an empty one nothing is.</summary>
    private static bool AcceptsSessionDescription(SipHeaders headers)
    {
        bool isNamed = false;
        foreach (ReadOnlySpan<byte> value in headers.Values(SipHeaderName.Accept))
        {
            int parameters = value.IndexOf((byte)';');
            ReadOnlySpan<byte> range = SipGrammar.Trim(parameters < 0 ? value : value[..parameters]);
            isNamed |= SipGrammar.EqualsIgnoreCase(range, "application/sdp"u8)
                || SipGrammar.EqualsIgnoreCase(range, "application/*"u8)
                || range.SequenceEqual("*/*"u8);
        }

        return isNamed || !headers.TryFind(SipHeaderName.Accept, out _);
    }
}
