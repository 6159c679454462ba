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
    /// Reads a message. Of an <see cref="SipReading.AnswerableRequest"/> the header lines, of which any may be missing, the topmost Via and
    /// the method can be used; <paramref name="reason"/> says what is wrong.
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
        if (lineEnd < 0 || !TryReadStartLine(rest[..lineEnd].TrimEnd((byte)' '), out message, out bool versionKnown))
        {
            return SipReading.Nothing;
        }

        MandatoryFields fields = new();
        SipDropReason? framing = Frame(rest[(lineEnd + 2)..], ref fields, out ReadOnlySpan<byte> lines, out ReadOnlySpan<byte> body);
        if (!fields.HasTopVia || fields.Vias > SipLimits.Vias)
        {
            reason = framing ?? (fields.Vias == 0 ? SipDropReason.MissingHeader : SipDropReason.Via);
            return SipReading.Nothing;
        }

        bool isSound = TryReadFields(message, lines, fields, body, out message, out reason);
        if (versionKnown && isSound && framing is null)
        {
            return SipReading.Message;
        }

        reason = versionKnown ? framing ?? reason : SipDropReason.Version;
        return message.IsRequest && message.Method != SipMethod.Ack ? SipReading.AnswerableRequest : SipReading.Nothing;
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

    /// <summary>Walks over the header lines; what keeps it from the header's end, or null when it came there.</summary>
    private static SipDropReason? Frame(
        ReadOnlySpan<byte> rest, scoped ref MandatoryFields fields, out ReadOnlySpan<byte> lines, out ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> start = rest;
        SipDropReason? problem = null;
        int count = 0;
        while (!rest.StartsWith("\r\n"u8))
        {
            if (!SipHeaders.TryTakeLine(ref rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
            {
                problem = SipDropReason.HeaderSyntax;
                break;
            }

            if (++count > SipLimits.Headers)
            {
                problem = SipDropReason.TooManyHeaders;
                break;
            }

            fields.Take(name, value);
        }

        lines = start[..^rest.Length];
        body = problem is null ? rest[2..] : default;
        return problem;
    }

    private static bool TryReadFields(
        SipMessage start,
        ReadOnlySpan<byte> lines,
        scoped in MandatoryFields fields,
        ReadOnlySpan<byte> body,
        out SipMessage message,
        out SipDropReason reason)
    {
        SipDropReason? problem = fields.AreComplete ? null : SipDropReason.MissingHeader;
        if (!fields.AreViasSound || !fields.Via.Version.SequenceEqual("2.0"u8))
        {
            problem ??= SipDropReason.Via;
        }

        if (!NameAddress.TryRead(fields.From, out NameAddress from)
            | !NameAddress.TryRead(fields.To, out NameAddress to)
            || fields.IsAddressRepeated)
        {
            problem ??= SipDropReason.Address;
        }

        if (fields.CallId.IsEmpty || fields.CallId.ContainsAny(" \t\r\n"u8) || fields.IsCallIdRepeated)
        {
            problem ??= SipDropReason.CallId;
        }

        if (!TryReadSequence(fields.CSeq, out int sequence, out SipMethod method)
            || (start.IsRequest && method != start.Method)
            || fields.IsCSeqRepeated)
        {
            problem ??= SipDropReason.CSeq;
        }

        if (!fields.IsContentLengthSound || !TryCutBody(fields.ContentLength, ref body))
        {
            problem ??= SipDropReason.ContentLength;
        }

        message = new SipMessage
        {
            Status = start.Status,
            ReasonPhrase = start.ReasonPhrase,
            Method = start.IsRequest ? start.Method : method,
            RequestUri = start.RequestUri,
            Headers = new SipHeaders(lines),
            Via = fields.Via,
            From = from,
            To = to,
            CallId = fields.CallId,
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

    // RFC 3261 section 18.3: bytes behind the body are ignored, missing bytes are an error; without the field the datagram's end decides.
    private static bool TryCutBody(int length, ref ReadOnlySpan<byte> body)
    {
        if (length > body.Length)
        {
            return false;
        }

        body = length < 0 ? body : body[..length];
        return true;
    }
}
