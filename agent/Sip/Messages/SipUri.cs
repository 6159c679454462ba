using System;

namespace IntercomAgent.Sip;

/// <summary>The URI schemes that can name somebody to call.</summary>
internal enum SipScheme
{
    Sip,
    Sips,
    Tel,
}

/// <summary>A view of a SIP, SIPS or TEL URI (RFC 3261 section 19.1, RFC 3966).</summary>
internal readonly ref struct SipUri
{
    /// <summary>The port of a SIP URI that names none.</summary>
    public const int DefaultPort = 5060;

    /// <summary>The port of a SIPS URI, or one that asks for TLS, that names none.</summary>
    public const int DefaultTlsPort = 5061;

    /// <summary>The whole URI.</summary>
    public ReadOnlySpan<byte> Text { get; private init; }

    /// <summary>The scheme.</summary>
    public SipScheme Scheme { get; private init; }

    /// <summary>The user part, still escaped, without a password; the number of a TEL URI; empty when there is none.</summary>
    public ReadOnlySpan<byte> User { get; private init; }

    /// <summary>The host: a name, an IPv4 address or an IPv6 address in its brackets. Empty in a TEL URI.</summary>
    public ReadOnlySpan<byte> Host { get; private init; }

    /// <summary>The port, or 0 when the URI names none.</summary>
    public int Port { get; private init; }

    /// <summary>The parameters behind the first semicolon, without the headers.</summary>
    public ReadOnlySpan<byte> Parameters { get; private init; }

    /// <summary>The headers behind the question mark, still escaped, for the request that is made to the URI.</summary>
    public ReadOnlySpan<byte> Headers { get; private init; }

    /// <summary>The transport parameter; empty when there is none.</summary>
    public ReadOnlySpan<byte> Transport =>
        SipGrammar.TryFindParameter(Parameters, "transport"u8, out ReadOnlySpan<byte> value) ? value : default;

    /// <summary>
    /// Where messages to this URI go (RFC 3263 section 4): to its maddr parameter, or else to the host. Empty where the parameter is no
    /// host, so that they go nowhere.
    /// </summary>
    public ReadOnlySpan<byte> Target =>
        !SipGrammar.TryFindParameter(Parameters, "maddr"u8, out ReadOnlySpan<byte> address) ? Host
        : IsHost(address) ? address
        : default;

    /// <summary>
    /// How messages to this URI travel (RFC 3263 section 4.1): as its parameter says, and always by TLS if it is a SIPS URI. Null for a
    /// transport that we do not speak.
    /// </summary>
    public SipTransport? FindTransport()
    {
        ReadOnlySpan<byte> name = Transport;
        bool isSecure = Scheme == SipScheme.Sips;
        return name.IsEmpty || SipGrammar.EqualsIgnoreCase(name, "udp"u8) ? (isSecure ? SipTransport.Tls : SipTransport.Udp)
            : SipGrammar.EqualsIgnoreCase(name, "tcp"u8) ? (isSecure ? SipTransport.Tls : SipTransport.Tcp)
            : SipGrammar.EqualsIgnoreCase(name, "tls"u8) ? SipTransport.Tls
            : null;
    }

    /// <summary>Whether the URI names a loose router (RFC 3261 section 19.1.1).</summary>
    public bool IsLooseRouter => SipGrammar.TryFindParameter(Parameters, "lr"u8, out _);

    /// <summary>Reads a URI; false for another scheme and for what is no URI.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out SipUri uri)
    {
        uri = default;
        int colon = text.IndexOf((byte)':');
        if (colon < 0 || text.ContainsAnyInRange((byte)0, (byte)' ') || text.ContainsAny("<>\""u8))
        {
            return false;
        }

        ReadOnlySpan<byte> scheme = text[..colon];
        ReadOnlySpan<byte> rest = text[(colon + 1)..];
        if (SipGrammar.EqualsIgnoreCase(scheme, "tel"u8))
        {
            int end = rest.IndexOf((byte)';');
            ReadOnlySpan<byte> number = end < 0 ? rest : rest[..end];
            uri = new SipUri { Text = text, Scheme = SipScheme.Tel, User = number, Parameters = end < 0 ? default : rest[(end + 1)..] };
            return !number.IsEmpty;
        }

        bool secure = SipGrammar.EqualsIgnoreCase(scheme, "sips"u8);
        return (secure || SipGrammar.EqualsIgnoreCase(scheme, "sip"u8))
            && TryReadSip(text, rest, secure ? SipScheme.Sips : SipScheme.Sip, out uri);
    }

    /// <summary>Reads <c>host</c> or <c>host:port</c>, white space around the colon allowed, as Via writes it.</summary>
    public static bool TryReadHostPort(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> host, out int port)
    {
        int hostEnd = !text.IsEmpty && text[0] == '[' ? text.IndexOf((byte)']') + 1 : text.IndexOf((byte)':');
        host = SipGrammar.Trim(hostEnd < 0 ? text : text[..hostEnd]);
        ReadOnlySpan<byte> behind = hostEnd < 0 ? default : SipGrammar.Trim(text[hostEnd..]);
        port = 0;
        if (!IsHost(host))
        {
            return false;
        }

        return behind.IsEmpty
            || (behind[0] == ':' && SipGrammar.TryReadNumber(SipGrammar.Trim(behind[1..]), out port) && port is > 0 and <= ushort.MaxValue);
    }

    private static bool TryReadSip(ReadOnlySpan<byte> text, ReadOnlySpan<byte> rest, SipScheme scheme, out SipUri uri)
    {
        uri = default;

        // A user part may contain ';' and '?', so the '@' is looked for first.
        int at = rest.IndexOf((byte)'@');
        ReadOnlySpan<byte> user = at < 0 ? default : rest[..at];
        if (at == 0)
        {
            return false;
        }

        rest = rest[(at + 1)..];
        int headers = rest.IndexOf((byte)'?');
        ReadOnlySpan<byte> behind = headers < 0 ? default : rest[(headers + 1)..];
        rest = headers < 0 ? rest : rest[..headers];
        int parameters = rest.IndexOf((byte)';');
        if (!TryReadHostPort(parameters < 0 ? rest : rest[..parameters], out ReadOnlySpan<byte> host, out int port))
        {
            return false;
        }

        int password = user.IndexOf((byte)':');
        uri = new SipUri
        {
            Text = text,
            Scheme = scheme,
            User = password < 0 ? user : user[..password],
            Host = host,
            Port = port,
            Parameters = parameters < 0 ? default : rest[(parameters + 1)..],
            Headers = behind,
        };
        return true;
    }

    private static bool IsHost(ReadOnlySpan<byte> host)
    {
        if (host.Length > 2 && host[0] == '[')
        {
            foreach (byte symbol in host[1..^1])
            {
                if (!char.IsAsciiHexDigit((char)symbol) && symbol is not ((byte)':' or (byte)'.'))
                {
                    return false;
                }
            }

            return host[^1] == ']';
        }

        foreach (byte symbol in host)
        {
            if (!char.IsAsciiLetterOrDigit((char)symbol) && symbol is not ((byte)'-' or (byte)'.' or (byte)'_'))
            {
                return false;
            }
        }

        return !host.IsEmpty;
    }
}
