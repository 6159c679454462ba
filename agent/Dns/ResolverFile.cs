using System;
using System.Collections.Generic;
using System.Globalization;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Dns;

/// <summary>Reads <c>/etc/resolv.conf</c> (resolv.conf(5)). What is not understood is passed over, as everywhere.</summary>
internal static class ResolverFile
{
    /// <summary>The port of name servers.</summary>
    public const ushort Port = 53;

    /// <summary>Dots more than this are cut, as in resolv.conf(5).</summary>
    private const int MostDots = 15;

    /// <summary>The settings that the text makes; without a server it is the local machine's, as resolv.conf(5) says.</summary>
    public static DnsSettings Read(string text)
    {
        List<NetworkEndpoint> servers = [];
        List<string> search = [];
        int dots = 1;
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["nameserver", string address, ..]
                    when servers.Count < DnsLimits.Servers && NetworkEndpoint.TryParseAddress(address, Port, out NetworkEndpoint server):
                    servers.Add(server);
                    break;
                case ["search" or "domain", .. string[] domains]:
                    // The last such line holds.
                    search = DomainsOf(domains);
                    break;
                case ["options", .. string[] options]:
                    dots = DotsOf(options) ?? dots;
                    break;
                default:
                    break;
            }
        }

        if (servers.Count == 0)
        {
            servers.Add(NetworkEndpoint.FromIPv4(0x7F000001, Port));
        }

        return new DnsSettings(servers, search, dots);
    }

    private static List<string> DomainsOf(string[] words)
    {
        List<string> domains = [];
        foreach (string word in words)
        {
            if (domains.Count < DnsLimits.SearchDomains && DnsName.TryParse(word, out string? domain))
            {
                domains.Add(domain);
            }
        }

        return domains;
    }

    private static int? DotsOf(string[] options)
    {
        const string Option = "ndots:";
        string? option = Array.FindLast(options, static word => word.StartsWith(Option, StringComparison.Ordinal));
        return option is not null && int.TryParse(option.AsSpan(Option.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int dots)
            ? Math.Min(dots, MostDots)
            : null;
    }
}
