using System;
using System.Text;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>A view of one Via value: who sent the message on this hop and in which transaction (RFC 3261 section 20.42).</summary>
internal readonly ref struct SipVia
{
    /// <summary>Letters of the longest IPv6 address, in brackets.</summary>
    private const int MaximumAddress = 47;

    /// <summary>What a branch begins with since RFC 3261 (section 8.1.1.7).</summary>
    public static ReadOnlySpan<byte> MagicCookie => "z9hG4bK"u8;

    /// <summary>Host and port of sent-by as they stand.</summary>
    public ReadOnlySpan<byte> SentBy { get; private init; }

    /// <summary>The version of SIP, 2.0 where all is well.</summary>
    public ReadOnlySpan<byte> Version { get; private init; }

    /// <summary>The transport, UDP for instance.</summary>
    public ReadOnlySpan<byte> Transport { get; private init; }

    /// <summary>The host of sent-by.</summary>
    public ReadOnlySpan<byte> Host { get; private init; }

    /// <summary>The port of sent-by; the default port when none is named.</summary>
    public int Port { get; private init; }

    /// <summary>The parameters.</summary>
    public ReadOnlySpan<byte> Parameters { get; private init; }

    /// <summary>The branch; empty when there is none.</summary>
    public ReadOnlySpan<byte> Branch =>
        SipGrammar.TryFindParameter(Parameters, "branch"u8, out ReadOnlySpan<byte> branch) ? branch : default;

    /// <summary>Whether the branch follows RFC 3261, so that it alone tells transactions apart.</summary>
    public bool HasMagicCookie =>
        Branch.Length > MagicCookie.Length && SipGrammar.EqualsIgnoreCase(Branch[..MagicCookie.Length], MagicCookie);

    /// <summary>Whether the sender wants the response at the port that it sends from (RFC 3581).</summary>
    public bool WantsSourcePort => SipGrammar.TryFindParameter(Parameters, "rport"u8, out _);

    /// <summary>
    /// Where the request came from as its receiver saw it, which a response says of it (RFC 3261 section 18.2.1, RFC 3581 section 4). False
    /// when it does not say.
    /// </summary>
    public bool TryReadSource(out NetworkEndpoint source)
    {
        source = default;
        bool isSaid = SipGrammar.TryFindParameter(Parameters, "received"u8, out ReadOnlySpan<byte> received);
        ReadOnlySpan<byte> address = isSaid ? received : Host;
        if (!SipGrammar.TryFindParameter(Parameters, "rport"u8, out ReadOnlySpan<byte> digits)
            || !SipGrammar.TryReadNumber(digits, out int port)
            || port is 0 or > ushort.MaxValue
            || address.Length > MaximumAddress)
        {
            return false;
        }

        Span<char> text = stackalloc char[MaximumAddress];
        int length = Encoding.Latin1.GetChars(address, text);
        return NetworkEndpoint.TryParseAddress(text[..length], (ushort)port, out source) && !source.IsUnspecified;
    }

    /// <summary>
    /// Reads one Via value, whatever the version of SIP in it: who speaks another one is told so by way of its Via.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out SipVia via)
    {
        via = default;
        if (!TryTakeUntilSlash(ref value, out ReadOnlySpan<byte> name)
            || !SipGrammar.EqualsIgnoreCase(name, "SIP"u8)
            || !TryTakeUntilSlash(ref value, out ReadOnlySpan<byte> version))
        {
            return false;
        }

        int semicolon = value.IndexOf((byte)';');
        ReadOnlySpan<byte> address = SipGrammar.Trim(semicolon < 0 ? value : value[..semicolon]);
        int space = address.IndexOfAny(" \t\r\n"u8);
        if (space < 0
            || !SipGrammar.IsToken(address[..space])
            || !SipUri.TryReadHostPort(SipGrammar.Trim(address[space..]), out ReadOnlySpan<byte> host, out int port))
        {
            return false;
        }

        via = new SipVia
        {
            Version = version,
            SentBy = SipGrammar.Trim(address[space..]),
            Transport = address[..space],
            Host = host,
            Port = port != 0 ? port : SipGrammar.EqualsIgnoreCase(address[..space], "TLS"u8) ? SipUri.DefaultTlsPort : SipUri.DefaultPort,
            Parameters = semicolon < 0 ? default : value[(semicolon + 1)..],
        };
        return true;
    }

    private static bool TryTakeUntilSlash(scoped ref ReadOnlySpan<byte> value, out ReadOnlySpan<byte> part)
    {
        int slash = value.IndexOf((byte)'/');
        part = SipGrammar.Trim(slash < 0 ? default : value[..slash]);
        if (!SipGrammar.IsToken(part))
        {
            return false;
        }

        value = SipGrammar.Trim(value[(slash + 1)..]);
        return true;
    }
}
