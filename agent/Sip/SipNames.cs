using System;
using System.Globalization;
using System.Text;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>What we are called towards one server, or by those that we reach without any.</summary>
/// <param name="AddressOfRecord">The URI that others know us by.</param>
/// <param name="Domain">The URI of its domain, which REGISTER asks.</param>
/// <param name="From">Our display name and that URI, without a tag.</param>
internal sealed record SipNames(byte[] AddressOfRecord, byte[] Domain, byte[] From)
{
    /// <summary>What we are called by who has an account for us.</summary>
    public static SipNames Of(SipSettings settings, SipAccount account) =>
        Of(settings, account.AddressOfRecord ?? $"{settings.User}@{settings.Domain ?? account.Host}");

    /// <summary>What we are called without an account: by our own address.</summary>
    public static SipNames Of(SipSettings settings, NetworkEndpoint local) =>
        Of(settings, $"{settings.User}@{settings.Domain ?? HostText(local)}");

    private static SipNames Of(SipSettings settings, string address)
    {
        string name = WithoutControls(settings.DisplayName).Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
        string from = name.Length == 0 ? $"<sip:{address}>" : $"\"{name}\" <sip:{address}>";
        string host = address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..];
        return new SipNames(Encoding.UTF8.GetBytes($"sip:{address}"), Encoding.UTF8.GetBytes($"sip:{host}"), Encoding.UTF8.GetBytes(from));
    }

    /// <summary>A text without what would end its header line.</summary>
    public static string WithoutControls(string text) => string.Concat(text.Split('\r', '\n', '\0'));

    private static string HostText(NetworkEndpoint local)
    {
        NetworkEndpoint endpoint = local with { ScopeId = 0 };
        string host = endpoint.IsIPv4 ? endpoint.AddressText() : $"[{endpoint.AddressText()}]";
        return endpoint.Port == SipUri.DefaultPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{endpoint.Port}");
    }
}
