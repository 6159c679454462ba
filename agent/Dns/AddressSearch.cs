using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Dns;

/// <summary>How far a search has come.</summary>
internal enum SearchState
{
    /// <summary>An answer of the name system is missing: ask again after the next input.</summary>
    Waiting,

    /// <summary>There is something.</summary>
    Found,

    /// <summary>There is nothing, or nothing more.</summary>
    Exhausted,
}

/// <summary>
/// Looks for the addresses of a host: among the names that the machine knows, and then in the name system, under each name that the host
/// may have in full.
/// </summary>
/// <param name="host">The host's name, as <see cref="DnsName.TryParse"/> gave it.</param>
internal sealed class AddressSearch(string host)
{
    private Queue<string>? _candidates;
    private DnsAnswer? _ipv4;
    private DnsAnswer? _ipv6;

    /// <summary>The addresses that were found, with port 0, in the order in which they should be tried.</summary>
    public IReadOnlyList<NetworkEndpoint> Addresses { get; private set; } = [];

    /// <summary>Why there are none, as a sentence without its end.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Goes on as far as it can.</summary>
    public SearchState Advance(DnsResolver resolver, ISourceAddresses sources, Instant now)
    {
        if (_candidates is null)
        {
            _candidates = new Queue<string>(resolver.Settings.Candidates(host));
            Addresses = AddressOrder.Sort(resolver.Hosts.Find(host), sources);
        }

        while (Addresses.Count == 0 && _candidates.TryPeek(out string? name))
        {
            _ipv6 ??= resolver.TryFind(name, DnsRecordType.Aaaa, now, out DnsAnswer? ipv6) ? ipv6 : null;
            _ipv4 ??= resolver.TryFind(name, DnsRecordType.A, now, out DnsAnswer? ipv4) ? ipv4 : null;

            // A neighbour that has no address of one kind keeps silent when it is asked for that.
            bool isEnough = DnsName.IsLocal(name) && (_ipv4 ?? _ipv6) is { Outcome: DnsOutcome.Found };
            if ((_ipv4 is null || _ipv6 is null) && !isEnough)
            {
                return SearchState.Waiting;
            }

            Addresses = AddressOrder.Sort(AddressesOf(_ipv6).Concat(AddressesOf(_ipv4)), sources);
            Blame(name);
            _ = _candidates.Dequeue();
            _ipv4 = _ipv6 = null;
        }

        return Addresses.Count > 0 ? SearchState.Found : SearchState.Exhausted;
    }

    private static IEnumerable<NetworkEndpoint> AddressesOf(DnsAnswer? answer) =>
        (answer?.Records ?? []).OfType<AddressRecord>().Select(static record => record.Address);

    /// <summary>A server that could not say weighs more than one that knows no such name: the name may well exist.</summary>
    private void Blame(string name)
    {
        string? failure = _ipv4?.Outcome == DnsOutcome.Failed ? _ipv4.Problem : _ipv6?.Outcome == DnsOutcome.Failed ? _ipv6.Problem : null;
        if (failure is not null)
        {
            Problem = $"{name} cannot be looked up: {failure}";
        }
        else if (Problem.Length == 0)
        {
            Problem = _ipv4?.Outcome == DnsOutcome.NoName ? $"there is no {name}" : $"{name} has no address";
        }
    }
}
