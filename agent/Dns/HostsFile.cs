using System;
using System.Collections.Generic;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Dns;

/// <summary>The names that the machine itself knows: <c>/etc/hosts</c> (hosts(5)).</summary>
internal sealed class HostsFile
{
    private readonly Dictionary<string, List<NetworkEndpoint>> _addresses = [];

    /// <summary>No names.</summary>
    public static HostsFile Empty { get; } = new();

    /// <summary>Reads the text of the file; lines that are none are passed over.</summary>
    public static HostsFile Read(string text)
    {
        HostsFile file = new();
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && NetworkEndpoint.TryParseAddress(words[0], 0, out NetworkEndpoint address))
            {
                foreach (string word in words.AsSpan(1))
                {
                    file.Add(word, address);
                }
            }
        }

        return file;
    }

    /// <summary>The addresses of a name, with port 0, in the order of the file; empty when it has none.</summary>
    public IReadOnlyList<NetworkEndpoint> Find(string name) => _addresses.TryGetValue(name, out List<NetworkEndpoint>? found) ? found : [];

    private void Add(string word, NetworkEndpoint address)
    {
        if (!DnsName.TryParse(word, out string? name))
        {
            return;
        }

        if (!_addresses.TryGetValue(name, out List<NetworkEndpoint>? addresses))
        {
            addresses = [];
            _addresses.Add(name, addresses);
        }

        if (!addresses.Contains(address))
        {
            addresses.Add(address);
        }
    }
}
