using System;

namespace IntercomAgent.Sip;

/// <summary>What a datagram turned out to be.</summary>
internal enum SipReading
{
    /// <summary>A message with all its mandatory fields.</summary>
    Message,

    /// <summary>A broken request of which enough can be read to answer it with an error.</summary>
    AnswerableRequest,

    /// <summary>Nothing that could be answered.</summary>
    Nothing,
}

/// <summary>Reads one message from one datagram (RFC 3261 sections 7 and 18.3). No input makes it throw.</summary>
internal static class SipMessageReader
{
    /// <summary>
    /// Reads a message. Of an <see cref="SipReading.AnswerableRequest"/> the header lines, the topmost Via and the method can be used;
    /// <paramref name="reason"/> says what is wrong.
    /// </summary>
    public static SipReading Read(ReadOnlySpan<byte> datagram, out SipMessage message, out SipDropReason reason)
    {
        message = default;
        ReadOnlySpan<byte> rest = datagram.TrimStart("\r\n\0"u8);
        reason = rest.IsEmpty ? SipDropReason.KeepAlive : SipDropReason.TooLong;
        if (rest.IsEmpty || datagram.Length > SipLimits.ReceivedMessage)
        {
            return SipReading.Nothing;
        }

        reason = SipDropReason.NotSip;
        int lineEnd = rest.IndexOf("\r\n"u8);
        if (lineEnd < 0 || !TryReadStartLine(rest[..lineEnd], out message, out bool versionKnown))
        {
            return SipReading.Nothing;
        }

        if (!TryFrame(rest[(lineEnd + 2)..], out ReadOnlySpan<byte> lines, out ReadOnlySpan<byte> body, out reason))
        {
            return SipReading.Nothing;
        }

        SipHeaders headers = new(lines);
        if (!HasMandatoryFields(headers))
        {
            reason = SipDropReason.MissingHeader;
            return SipReading.Nothing;
        }

        SipReading onError = message.IsRequest && message.Method != SipMethod.Ack ? SipReading.AnswerableRequest : SipReading.Nothing;
        if (!TryReadTopVia(headers, out SipVia via))
        {
            reason = SipDropReason.Via;
            return SipReading.Nothing;
        }

        bool complete = TryReadFields(message, headers, via, body, out message, out reason);
        if (complete && !versionKnown)
        {
            reason = SipDropReason.Version;
            return onError;
        }

        return complete ? SipReading.Message : onError;
    }

    private static bool TryReadStartLine(ReadOnlySpan<byte> line, out SipMessage message, out bool versionKnown)
    {
        message = default;
        versionKnown = true;
        if (line.StartsWith("SIP/2.0 "u8))
        {
            ReadOnlySpan<byte> status = line["SIP/2.0 ".Length..];
            if (status.Length < 3 || (status.Length > 3 && status[3] != ' ') || !SipGrammar.TryReadNumber(status[..3], out int code)
                || code is < 100 or > 699)
            {
                return false;
            }

            message = new SipMessage { Status = code, ReasonPhrase = status.Length > 4 ? status[4..] : default };
            return true;
        }

        // RFC 3261 section 7.1: one space between the three parts. A space within the URI is left to its reader, so that it gets a 400.
        int first = line.IndexOf((byte)' ');
        int last = line.LastIndexOf((byte)' ');
        if (first <= 0 || last <= first + 1 || !SipGrammar.IsToken(line[..first]) || !line[(last + 1)..].StartsWith("SIP/"u8))
        {
            return false;
        }

        versionKnown = line[(last + 1)..].SequenceEqual("SIP/2.0"u8);
        message = new SipMessage { Method = SipMethods.Parse(line[..first]), RequestUri = line[(first + 1)..last] };
        return true;
    }

    private static bool TryFrame(
        ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> lines, out ReadOnlySpan<byte> body, out SipDropReason reason)
    {
        ReadOnlySpan<byte> start = rest;
        reason = SipDropReason.HeaderSyntax;
        int count = 0;
        while (!rest.StartsWith("\r\n"u8))
        {
            if (!SipHeaders.TryTakeLine(ref rest, out _, out _))
            {
                lines = body = default;
                return false;
            }

            if (++count > SipLimits.Headers)
            {
                reason = SipDropReason.TooManyHeaders;
                lines = body = default;
                return false;
            }
        }

        lines = start[..^rest.Length];
        body = rest[2..];
        return true;
    }

    private static bool HasMandatoryFields(SipHeaders headers) =>
        headers.TryFind(SipHeaderName.Via, out _)
        && headers.TryFind(SipHeaderName.From, out _)
        && headers.TryFind(SipHeaderName.To, out _)
        && headers.TryFind(SipHeaderName.CallId, out _)
        && headers.TryFind(SipHeaderName.CSeq, out _);

    private static bool TryReadTopVia(SipHeaders headers, out SipVia via)
    {
        bool isRead = false;
        int count = 0;
        via = default;
        foreach (ReadOnlySpan<byte> value in headers.Values(SipHeaderName.Via))
        {
            isRead = count++ == 0 ? SipVia.TryRead(value, out via) : isRead;
        }

        return isRead && count <= SipLimits.Vias;
    }

    private static bool TryReadFields(
        SipMessage start, SipHeaders headers, SipVia via, ReadOnlySpan<byte> body, out SipMessage message, out SipDropReason reason)
    {
        SipDropReason? problem = null;
        if (!NameAddress.TryRead(headers.Find(SipHeaderName.From), out NameAddress from)
            || !NameAddress.TryRead(headers.Find(SipHeaderName.To), out NameAddress to))
        {
            problem = SipDropReason.Address;
            from = to = default;
        }

        ReadOnlySpan<byte> callId = headers.Find(SipHeaderName.CallId);
        if (callId.IsEmpty || callId.ContainsAny(" \t\r\n"u8) || IsRepeated(headers, SipHeaderName.CallId))
        {
            problem ??= SipDropReason.CallId;
        }

        if (!TryReadSequence(headers.Find(SipHeaderName.CSeq), out int sequence, out SipMethod method)
            || (start.IsRequest && method != start.Method)
            || IsRepeated(headers, SipHeaderName.CSeq))
        {
            problem ??= SipDropReason.CSeq;
        }

        if (!TryCutBody(headers, ref body))
        {
            problem ??= SipDropReason.ContentLength;
        }

        message = new SipMessage
        {
            Status = start.Status,
            ReasonPhrase = start.ReasonPhrase,
            Method = start.IsRequest ? start.Method : method,
            RequestUri = start.RequestUri,
            Headers = headers,
            Via = via,
            From = from,
            To = to,
            CallId = callId,
            CSeq = sequence,
            Body = body,
        };
        reason = problem.GetValueOrDefault();
        return problem is null;
    }

    private static bool TryReadSequence(ReadOnlySpan<byte> value, out int number, out SipMethod method)
    {
        method = SipMethod.Unknown;
        int space = value.IndexOfAny(" \t\r\n"u8);
        if (space < 0 || !SipGrammar.TryReadNumber(value[..space], out number))
        {
            number = 0;
            return false;
        }

        ReadOnlySpan<byte> name = SipGrammar.Trim(value[space..]);
        method = SipMethods.Parse(name);
        return SipGrammar.IsToken(name);
    }

    private static bool IsRepeated(SipHeaders headers, SipHeaderName name)
    {
        int count = 0;
        foreach (ReadOnlySpan<byte> field in headers.Fields(name))
        {
            count += field.IsEmpty ? 0 : 1;
        }

        return count > 1;
    }

    // RFC 3261 section 18.3: bytes behind the body are ignored, missing bytes are an error; without the field the datagram's end decides.
    private static bool TryCutBody(SipHeaders headers, ref ReadOnlySpan<byte> body)
    {
        int length = -1;
        foreach (ReadOnlySpan<byte> field in headers.Fields(SipHeaderName.ContentLength))
        {
            if (!SipGrammar.TryReadNumber(field, out int value) || (length >= 0 && length != value))
            {
                return false;
            }

            length = value;
        }

        if (length > body.Length)
        {
            return false;
        }

        body = length < 0 ? body : body[..length];
        return true;
    }
}
