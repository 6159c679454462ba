using System;
using System.Collections.Generic;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Dns;

/// <summary>Whom to ask, and how short names are made whole.</summary>
/// <param name="Servers">The name servers in the order in which they are asked, at most <see cref="DnsLimits.Servers"/>.</param>
/// <param name="Search">The domains that a short name is looked for in, at most <see cref="DnsLimits.SearchDomains"/>.</param>
/// <param name="Dots">A name with so many dots is looked for as it is before the domains are tried.</param>
internal sealed record DnsSettings(IReadOnlyList<NetworkEndpoint> Servers, IReadOnlyList<string> Search, int Dots)
{
    /// <summary>Nobody can be asked.</summary>
    public static DnsSettings None { get; } = new([], [], 1);

    /// <summary>The names under which a host is looked for, in this order.</summary>
    public IReadOnlyList<string> Candidates(string host)
    {
        if (DnsName.IsLocal(host))
        {
            return [host];
        }

        List<string> candidates = [];
        foreach (string domain in Search)
        {
            if (DnsName.TryParse($"{host}.{domain}", out string? whole))
            {
                candidates.Add(whole);
            }
        }

        candidates.Insert(host.AsSpan().Count('.') >= Dots ? 0 : candidates.Count, host);
        return candidates;
    }
}
