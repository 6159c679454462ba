using System;
using System.Globalization;
using System.Linq;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Configuration;

/// <summary>
/// Checks the addresses that people write into a configuration. The engines have parsers of their own for what others send.
/// </summary>
internal static class SipAddress
{
    /// <summary>The port of SIP over UDP where none is written (RFC 3261 section 19.1.2).</summary>
    public const ushort DefaultPort = 5060;

    /// <summary>The port of SIP over TLS where none is written.</summary>
    public const ushort DefaultTlsPort = 5061;

    /// <summary>
    /// Reads <c>192.0.2.1</c>, <c>192.0.2.1:5060</c>, <c>2001:db8::1</c>, <c>[2001:db8::1]</c> or <c>[2001:db8::1]:5060</c>.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="endpoint">The address and port.</param>
    /// <param name="usualPort">The port where none is written.</param>
    public static bool TryParseEndpoint(string text, out NetworkEndpoint endpoint, ushort usualPort = DefaultPort)
    {
        string host = text;
        ushort port = usualPort;
        int colon = text.LastIndexOf(':');
        bool hasPort = colon > 0 && (text[colon - 1] == ']' || text.IndexOf(':', StringComparison.Ordinal) == colon);
        endpoint = default;
        if (hasPort)
        {
            host = text[..colon];
            if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port == 0)
            {
                return false;
            }
        }

        return IsAddress(host) && NetworkEndpoint.TryParseAddress(host, port, out endpoint);
    }

    /// <summary>
    /// Reads an address as <see cref="TryParseEndpoint"/> does, perhaps with <c>;transport=tcp</c> or <c>;transport=tls</c> behind it.
    /// </summary>
    public static bool TryParseServer(string text, out NetworkEndpoint endpoint, out ServerTransport transport)
    {
        const string parameter = ";transport=";
        int at = text.IndexOf(parameter, StringComparison.OrdinalIgnoreCase);
        string name = at < 0 ? "udp" : text[(at + parameter.Length)..];
        transport = name.Equals("tcp", StringComparison.OrdinalIgnoreCase) ? ServerTransport.Tcp
            : name.Equals("tls", StringComparison.OrdinalIgnoreCase) ? ServerTransport.Tls
            : ServerTransport.Udp;
        return TryParseEndpoint(at < 0 ? text : text[..at], out endpoint, transport == ServerTransport.Tls ? DefaultTlsPort : DefaultPort)
            && (transport != ServerTransport.Udp || name.Equals("udp", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a SIP URI can be reached over TLS only.</summary>
    public static bool WantsTls(string uri) => uri.StartsWith("sips:", StringComparison.OrdinalIgnoreCase)
        || uri.Contains(";transport=tls", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether that is an address which can be registered, <c>door@example.org</c> or <c>door@192.0.2.10</c>.</summary>
    public static bool IsAddressOfRecord(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        string host = text[(at + 1)..];
        return at > 0 && host.Length > 0
            && text[..at].All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or '+')
            && (host.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-') || TryParseEndpoint(host, out _));
    }

    /// <summary>What is wrong with a SIP URI that is to be called; null when nothing is.</summary>
    /// <param name="uri">The URI as it is written.</param>
    /// <param name="hasRegistrar">Whether there is a registrar that knows the way to names.</param>
    public static string? FindFault(string uri, bool hasRegistrar)
    {
        if (!uri.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) && !uri.StartsWith("sips:", StringComparison.OrdinalIgnoreCase))
        {
            return $"\"{uri}\" is no SIP address; expected \"sip:user@192.0.2.1\"";
        }

        if (uri.Any(letter => letter is <= ' ' or '<' or '>' or '"' or > '~'))
        {
            return $"\"{uri}\" holds a sign that a SIP address cannot have";
        }

        string rest = uri[(uri.LastIndexOf('@') + 1)..];
        rest = rest.Length == uri.Length ? rest[(rest.IndexOf(':', StringComparison.Ordinal) + 1)..] : rest;
        int end = rest.AsSpan().IndexOfAny(';', '?');
        string host = end < 0 ? rest : rest[..end];
        if (TryParseEndpoint(host, out _))
        {
            return null;
        }

        string name = host.Split(':')[0];
        bool isName = name.Any(char.IsAsciiLetter) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-');
        return !isName ? $"\"{uri}\" has no host; expected \"sip:user@192.0.2.1\""
            : hasRegistrar ? null
            : $"\"{uri}\" names a host, and without [sip.account] nobody knows its address; expected \"sip:user@192.0.2.1\"";
    }

    /// <summary>
    /// Whether the text is an address in its full form; shorter forms such as <c>127.1</c> are mistakes more often than meant.
    /// </summary>
    private static bool IsAddress(string host) => host.Contains(':', StringComparison.Ordinal) || host.Count(letter => letter == '.') == 3;
}
