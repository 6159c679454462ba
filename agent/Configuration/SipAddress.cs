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

    /// <summary>The longest name of a host in characters (RFC 1035 section 2.3.4: 255 bytes with the lengths of all labels).</summary>
    private const int LongestName = 253;

    /// <summary>The longest part of a name between two dots (RFC 1035 section 2.3.4).</summary>
    private const int LongestLabel = 63;

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
    /// Reads an address as <see cref="TryParseEndpoint"/> does, or a name with or without a port, perhaps with <c>;transport=tcp</c> or
    /// <c>;transport=tls</c> behind it; gives what is wrong with it, null when nothing is.
    /// </summary>
    public static string? FindServerFault(string text, out ServerAddress server)
    {
        const string parameter = ";transport=";
        int at = text.IndexOf(parameter, StringComparison.OrdinalIgnoreCase);
        string name = at < 0 ? "" : text[(at + parameter.Length)..];
        ServerTransport transport = at < 0 ? ServerTransport.Any
            : name.Equals("udp", StringComparison.OrdinalIgnoreCase) ? ServerTransport.Udp
            : name.Equals("tls", StringComparison.OrdinalIgnoreCase) ? ServerTransport.Tls
            : ServerTransport.Tcp;
        string host = at < 0 ? text : text[..at];
        server = default;
        if (transport == ServerTransport.Tcp && !name.Equals("tcp", StringComparison.OrdinalIgnoreCase))
        {
            return "asks for a transport that is not spoken here";
        }

        if (TryParseEndpoint(host, out NetworkEndpoint endpoint, transport == ServerTransport.Tls ? DefaultTlsPort : DefaultPort))
        {
            server = new ServerAddress(endpoint, "", 0, transport);
            return null;
        }

        string? fault = FindNameFault(host);
        if (fault is null)
        {
            string[] parts = host.Split(':');
            ushort port = parts.Length > 1 ? ushort.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture) : (ushort)0;
            server = new ServerAddress(default, parts[0].TrimEnd('.').ToLowerInvariant(), port, transport);
        }

        return fault;
    }

    /// <summary>Whether a URI is a SIPS URI.</summary>
    public static bool IsSips(string uri) => uri.StartsWith("sips:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a SIP URI can be reached over TLS only.</summary>
    public static bool WantsTls(string uri) => IsSips(uri) || uri.Contains(";transport=tls", StringComparison.OrdinalIgnoreCase);

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
    public static string? FindFault(string uri)
    {
        if (!uri.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) && !uri.StartsWith("sips:", StringComparison.OrdinalIgnoreCase))
        {
            return $"\"{uri}\" is no SIP address; expected \"sip:user@192.0.2.1\" or \"sip:user@example.org\"";
        }

        if (uri.Any(letter => letter is <= ' ' or '<' or '>' or '"' or > '~'))
        {
            return $"\"{uri}\" holds a sign that a SIP address cannot have";
        }

        string host = HostOf(uri);
        if (TryParseEndpoint(host, out _))
        {
            return null;
        }

        return FindNameFault(host) is { } fault ? $"\"{uri}\" {fault}; expected \"sip:user@192.0.2.1\" or \"sip:user@example.org\"" : null;
    }

    /// <summary>Whether a SIP URI without fault has the name of a host, and no address.</summary>
    public static bool IsNamed(string uri) => !TryParseEndpoint(HostOf(uri), out _);

    /// <summary>The host of a URI, with its port if it has one.</summary>
    private static string HostOf(string uri)
    {
        string rest = uri[(uri.LastIndexOf('@') + 1)..];
        rest = rest.Length == uri.Length ? rest[(rest.IndexOf(':', StringComparison.Ordinal) + 1)..] : rest;
        int end = rest.AsSpan().IndexOfAny(';', '?');
        return end < 0 ? rest : rest[..end];
    }

    /// <summary>
    /// What is wrong with the name of a host that has perhaps a port behind it; null when nothing is. Whether there is such a host is not
    /// asked here: the name system may say so tomorrow.
    /// </summary>
    private static string? FindNameFault(string host)
    {
        int colon = host.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? host : host[..colon];
        bool hasPort = colon < 0
            || (ushort.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0);
        string[] labels = (name.EndsWith('.') ? name[..^1] : name).Split('.');
        return !name.Any(char.IsAsciiLetter) || labels[^1].All(char.IsAsciiDigit) ? "has no host"
            : name.FirstOrDefault(letter => !IsOfName(letter)) is var wrong and not '\0' ? $"names a host with a '{wrong}' in it"
            : name.Length > LongestName || labels.Any(label => label.Length is 0 or > LongestLabel || label[0] == '-' || label[^1] == '-')
                ? "names a host that cannot exist"
            : hasPort ? null
            : "has no port behind the colon of its host";
    }

    private static bool IsOfName(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_';

    /// <summary>
    /// Whether the text is an address in its full form; shorter forms such as <c>127.1</c> are mistakes more often than meant.
    /// </summary>
    private static bool IsAddress(string host) => host.Contains(':', StringComparison.Ordinal) || host.Count(letter => letter == '.') == 3;
}
