using System;

namespace IntercomAgent.Station;

/// <summary>
/// Whose calls are meant: <c>*</c> for everybody, <c>host</c> or <c>user@host</c>, with or without <c>sip:</c>. Parameters and the port
/// of a caller's address play no part. The address is what the caller says of itself (RFC 3261 section 8.1.1.3): it is worth as much as
/// the network or the registrar that lets it through.
/// </summary>
internal sealed record CallerPattern
{
    private readonly string? _user;
    private readonly string? _host;

    /// <summary>Reads the pattern; text without a host matches nobody.</summary>
    public CallerPattern(string text)
    {
        Text = text;
        if (text != "*")
        {
            (_user, _host) = Split(text);
        }
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>
    /// Whether the caller's address is meant. The user is compared exactly, the host without regard to case (RFC 3261 section 19.1.4).
    /// </summary>
    public bool Matches(string caller)
    {
        if (_host is null)
        {
            return true;
        }

        (string? user, string host) = Split(caller);
        return host.Length > 0
            && string.Equals(host, _host, StringComparison.OrdinalIgnoreCase)
            && (_user is null || string.Equals(user, _user, StringComparison.Ordinal));
    }

    private static (string? User, string Host) Split(string address)
    {
        ReadOnlySpan<char> rest = address;
        if (rest.StartsWith("sip:", StringComparison.OrdinalIgnoreCase))
        {
            rest = rest[4..];
        }

        // A user part may hold ';' and '?' (RFC 3261 section 25.1), so it is taken off first.
        string? user = null;
        int at = rest.LastIndexOf('@');
        if (at >= 0)
        {
            user = rest[..at].ToString();
            rest = rest[(at + 1)..];
        }

        int end = rest.IndexOfAny(';', '?');
        rest = end < 0 ? rest : rest[..end];

        // The colons of an IPv6 address stand within its brackets.
        int colon = rest.LastIndexOf(':');
        return (user, (colon > rest.LastIndexOf(']') ? rest[..colon] : rest).ToString());
    }
}
