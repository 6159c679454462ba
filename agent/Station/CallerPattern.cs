using System;
using System.Net;

namespace IntercomAgent.Station;

/// <summary>
/// Whose calls are meant: <c>*</c> for everybody, <c>host</c> or <c>user@host</c>, with or without <c>sip:</c>.
/// <para>
/// The host is what lets a caller in: as an address, the one that the call comes from; as a name, the domain that our own proxy vouches
/// for. The user narrows that down; since the caller says it of itself, it keeps out who is honest. Parameters and ports play no part.
/// </para>
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

    /// <summary>Whether it says more than everybody.</summary>
    public bool IsSpecific => _host is not null;

    /// <summary>
    /// Whether the caller is meant. The user is compared exactly, a host name without regard to case (RFC 3261 section 19.1.4).
    /// </summary>
    public bool Matches(Caller caller)
    {
        if (_host is null)
        {
            return true;
        }

        (string? user, string host) = Split(caller.Shown);
        bool isHost = IsSameAddress(caller.Source, _host)
            || (caller.IsVouched && host.Length > 0 && string.Equals(host, _host, StringComparison.OrdinalIgnoreCase));
        return isHost && (_user is null || string.Equals(user, _user, StringComparison.Ordinal));
    }

    /// <summary>An IPv6 address may be written in many ways.</summary>
    private static bool IsSameAddress(string source, string host) =>
        IPAddress.TryParse(source, out IPAddress? from) && IPAddress.TryParse(host, out IPAddress? meant) && from.Equals(meant);

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
