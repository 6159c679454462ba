using System;
using System.Text;

namespace IntercomAgent.Sip;

/// <summary>Writes our response to a request (RFC 3261 section 8.2.6).</summary>
internal static class SipResponse
{
    /// <summary>Writes a response.</summary>
    /// <param name="buffer">Where to; <see cref="SipLimits.SentMessage"/> bytes.</param>
    /// <param name="request">
    /// The request; of a broken one only header lines, topmost Via and method are used, and what it lacks is left out.
    /// </param>
    /// <param name="source">Where the request came from.</param>
    /// <param name="status">The status.</param>
    /// <param name="tag">The tag for To where the request has none there; empty for a 100.</param>
    /// <param name="fields">Further header lines, each with its line end.</param>
    /// <param name="sessionDescription">The body; may be empty.</param>
    public static byte[] Write(
        Span<byte> buffer,
        in SipMessage request,
        SipHop source,
        int status,
        ReadOnlySpan<byte> tag,
        ReadOnlySpan<byte> fields = default,
        ReadOnlySpan<byte> sessionDescription = default)
    {
        SipWriter writer = new(buffer);
        writer.Text("SIP/2.0 "u8);
        writer.Number(status);
        writer.Text(" "u8);
        writer.Text(Encoding.ASCII.GetBytes(SipStatus.Phrase(status)));
        writer.EndLine();
        WriteVias(ref writer, request, source);
        Repeat(ref writer, request.Headers, SipHeaderName.From);
        WriteTo(ref writer, request.Headers.Find(SipHeaderName.To), tag);
        Repeat(ref writer, request.Headers, SipHeaderName.CallId);
        Repeat(ref writer, request.Headers, SipHeaderName.CSeq);
        if (request.Method == SipMethod.Invite && status is > 100 and < 300)
        {
            // RFC 3261 section 12.1.1: what makes a dialog carries the recorded routes.
            foreach (ReadOnlySpan<byte> route in request.Headers.Fields(SipHeaderName.RecordRoute))
            {
                writer.Header(SipHeaderName.RecordRoute, route);
            }
        }

        writer.Text(fields);
        writer.Body("application/sdp"u8, sessionDescription);
        return writer.Written.ToArray();
    }

    /// <summary>
    /// Where responses to a request go (RFC 3261 section 18.2.2): the address that it came from, at the port that it asks for. Over a
    /// connection they go back on that; the port is for when it is gone.
    /// </summary>
    public static SipHop Destination(in SipMessage request, SipHop source) =>
        request.Via.WantsSourcePort && !source.IsReliable ? source : source.WithPort((ushort)request.Via.Port);

    private static void Repeat(scoped ref SipWriter writer, SipHeaders headers, SipHeaderName name)
    {
        if (headers.TryFind(name, out ReadOnlySpan<byte> value))
        {
            writer.Header(name, value);
        }
    }

    private static void WriteVias(scoped ref SipWriter writer, in SipMessage request, SipHop source)
    {
        bool isFirst = true;
        foreach (ReadOnlySpan<byte> via in request.Headers.Values(SipHeaderName.Via))
        {
            if (isFirst)
            {
                WriteTopVia(ref writer, request.Via, source);
                isFirst = false;
            }
            else
            {
                writer.Header(SipHeaderName.Via, via);
            }
        }
    }

    private static void WriteTopVia(scoped ref SipWriter writer, in SipVia via, SipHop source)
    {
        writer.BeginHeader(SipHeaderName.Via);
        writer.Text("SIP/"u8);
        writer.Value(via.Version);
        writer.Text("/"u8);
        writer.Value(via.Transport);
        writer.Text(" "u8);
        writer.Value(via.SentBy);
        ReadOnlySpan<byte> rest = via.Parameters;
        while (SipGrammar.TryTakeParameter(ref rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            if (SipGrammar.EqualsIgnoreCase(name, "received"u8) || SipGrammar.EqualsIgnoreCase(name, "rport"u8))
            {
                continue;
            }

            writer.Text(";"u8);
            writer.Value(name);
            writer.Text(value.IsEmpty ? default : "="u8);
            writer.Value(value);
        }

        // RFC 3261 section 18.2.1, RFC 3581 section 4: where the request really came from.
        byte[] address = Encoding.ASCII.GetBytes((source.Endpoint with { ScopeId = 0 }).AddressText());
        if (via.WantsSourcePort || !via.Host.SequenceEqual(address))
        {
            writer.Text(";received="u8);
            writer.Text(address);
        }

        if (via.WantsSourcePort)
        {
            writer.Text(";rport="u8);
            writer.Number(source.Endpoint.Port);
        }

        writer.EndLine();
    }

    private static void WriteTo(scoped ref SipWriter writer, ReadOnlySpan<byte> to, ReadOnlySpan<byte> tag)
    {
        if (to.IsEmpty)
        {
            return;
        }

        writer.BeginHeader(SipHeaderName.To);
        writer.Value(to);
        if (!tag.IsEmpty && (!NameAddress.TryRead(to, out NameAddress address) || address.Tag.IsEmpty))
        {
            writer.Text(";tag="u8);
            writer.Text(tag);
        }

        writer.EndLine();
    }
}
