using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;

namespace IntercomAgent.Sip;

/// <summary>What a URI says of where its requests go.</summary>
/// <param name="Host">The host's name, as <see cref="DnsName.TryParse"/> gave it.</param>
/// <param name="Port">The port; 0 when the URI names none.</param>
/// <param name="Transport">The transport; null when the URI leaves it to the name system.</param>
internal readonly record struct TargetName(string Host, ushort Port, SipTransport? Transport);

/// <summary>
/// Looks for the servers of a name (RFC 3263 section 4), the best first, and no further than somebody asks: which transports a domain
/// wants (NAPTR), which servers offer them (SRV), and which addresses these have (A and AAAA).
/// <para>
/// A search is a list of steps. The first one is replaced by what it leads to, until it is a target; a step whose answer is missing
/// waits. Nothing is looked up twice, so that answers which hold for no time serve as well.
/// </para>
/// </summary>
/// <param name="name">The name.</param>
/// <param name="supported">The transports that we speak, the preferred first.</param>
/// <param name="random">By which servers of one priority are picked.</param>
internal sealed class TargetSearch(TargetName name, IReadOnlyList<SipTransport> supported, IRandomSource random)
{
    /// <summary>Targets that are tried: with 32 s for each that keeps silent, more than anybody waits for.</summary>
    private const int MaximumTargets = 16;

    private readonly LinkedList<Step> _steps = new([new Beginning()]);
    private bool _hasServices;
    private int _targets;
    private string _problem = "";

    /// <summary>Why no target was found, as a sentence without its end.</summary>
    public string Problem => _problem.Length > 0 ? _problem : $"{name.Host} offers no SIP that this agent speaks";

    /// <summary>Goes on as far as it can, to the next target.</summary>
    /// <param name="resolver">The name system.</param>
    /// <param name="sources">The ways from here.</param>
    /// <param name="now">The current time.</param>
    /// <param name="target">Where to try next, when the state is <see cref="SearchState.Found"/>; each target comes once.</param>
    public SearchState Next(DnsResolver resolver, ISourceAddresses sources, Instant now, out SipHop target)
    {
        target = default;
        while (_targets < MaximumTargets && _steps.First is { Value: { } step })
        {
            IReadOnlyList<Step>? following = step switch
            {
                Target => [],
                Beginning => Begin(resolver, now),
                Pointers => FollowPointers(resolver, now),
                Service service => FindServers(service, resolver, now),
                HostItself => _hasServices ? [] : [new Host(name.Host, name.Port, TransportOf(name.Transport))],
                Host host => FindAddresses(host, resolver, sources, now),
                _ => throw new UnreachableException(),
            };
            if (following is null)
            {
                return SearchState.Waiting;
            }

            _steps.RemoveFirst();
            for (int index = following.Count - 1; index >= 0; index--)
            {
                _ = _steps.AddFirst(following[index]);
            }

            if (step is Target { Hop: { } hop })
            {
                _targets++;
                target = hop;
                return SearchState.Found;
            }
        }

        return SearchState.Exhausted;
    }

    /// <summary>Section 4.1: what the URI itself decides.</summary>
    private IReadOnlyList<Step> Begin(DnsResolver resolver, Instant now)
    {
        // A name without a dot is no domain, and the neighbours have no services of this kind: both are names of hosts. So are the names
        // that the machine itself knows.
        bool isHost = name.Port != 0 || !name.Host.Contains('.', StringComparison.Ordinal) || DnsName.IsLocal(name.Host)
            || resolver.Hosts.Find(name.Host).Count > 0;
        if (isHost)
        {
            return [new HostItself()];
        }

        // What will be needed in most cases is asked for at once, so that nobody waits for one answer after the other.
        IReadOnlyList<Step> services = ServicesOf(name.Host);
        foreach (Service service in services.OfType<Service>())
        {
            _ = resolver.TryFind(service.Name, DnsRecordType.Srv, now, out _);
        }

        _ = resolver.TryFind(name.Host, DnsRecordType.A, now, out _);
        _ = resolver.TryFind(name.Host, DnsRecordType.Aaaa, now, out _);
        return name.Transport is null ? [new Pointers()] : [.. services, new HostItself()];
    }

    /// <summary>Section 4.1: the domain's own wish for a transport; without one, all that we speak.</summary>
    private List<Step>? FollowPointers(DnsResolver resolver, Instant now)
    {
        if (!resolver.TryFind(name.Host, DnsRecordType.Naptr, now, out DnsAnswer? answer))
        {
            return null;
        }

        List<Step> services = [];
        foreach (PointerRecord pointer in answer.Records.OfType<PointerRecord>()
            .OrderBy(static pointer => pointer.Order).ThenBy(static pointer => pointer.Preference))
        {
            if (pointer is { Flags: "S", HasExpression: false, Replacement.Length: > 0 }
                && TransportOf(pointer.Services) is { } transport
                && supported.Contains(transport))
            {
                services.Add(new Service(pointer.Replacement, transport));
            }
        }

        return [.. services.Count > 0 ? services : ServicesOf(name.Host), new HostItself()];
    }

    /// <summary>Section 4.2: the servers of a service.</summary>
    private IReadOnlyList<Step>? FindServers(Service service, DnsResolver resolver, Instant now)
    {
        if (!resolver.TryFind(service.Name, DnsRecordType.Srv, now, out DnsAnswer? answer))
        {
            return null;
        }

        if (answer.Outcome == DnsOutcome.Failed)
        {
            _problem = $"{service.Name} cannot be looked up: {answer.Problem}";
        }

        // RFC 2782: the root as the only target says that the service is decidedly not offered.
        _hasServices |= answer.Records.Count > 0;
        return
        [
            .. ServiceOrder.Sort(answer.Records.OfType<ServiceRecord>().Where(static server => server.Target.Length > 0), random)
                .Select(server => new Host(server.Target, server.Port, service.Transport)),
        ];
    }

    private List<Step>? FindAddresses(Host host, DnsResolver resolver, ISourceAddresses sources, Instant now)
    {
        if (host.Search.Advance(resolver, sources, now) == SearchState.Waiting)
        {
            return null;
        }

        ushort port = host.Port == 0 ? SipTransports.DefaultPort(host.Transport) : host.Port;
        _problem = host.Search.Addresses.Count == 0 ? host.Search.Problem : _problem;

        // RFC 5922 section 7.2: the certificate names the host of the URI, not the one that SRV led to.
        return
        [
            .. host.Search.Addresses.Select(address => new Target(new SipHop(host.Transport, address.WithPort(port), name.Host))),
        ];
    }

    private IReadOnlyList<Step> ServicesOf(string domain) =>
    [
        .. supported.Where(transport => name.Transport is null || name.Transport == transport)
            .Select(transport => new Service($"{Label(transport)}.{domain}", transport)),
    ];

    private SipTransport TransportOf(SipTransport? wanted) => wanted ?? supported[0];

    /// <summary>The transport of a NAPTR service (section 4.1).</summary>
    private static SipTransport? TransportOf(string services) => services switch
    {
        "SIP+D2U" => SipTransport.Udp,
        "SIP+D2T" => SipTransport.Tcp,
        "SIPS+D2T" => SipTransport.Tls,
        _ => null,
    };

    private static string Label(SipTransport transport) => transport switch
    {
        SipTransport.Udp => "_sip._udp",
        SipTransport.Tcp => "_sip._tcp",
        SipTransport.Tls => "_sips._tcp",
    };

    private abstract record Step;

    /// <summary>Nothing is known yet.</summary>
    private sealed record Beginning : Step;

    /// <summary>The domain's NAPTR records.</summary>
    private sealed record Pointers : Step;

    /// <summary>The servers of a service.</summary>
    private sealed record Service(string Name, SipTransport Transport) : Step;

    /// <summary>The host of the URI, unless the domain has services.</summary>
    private sealed record HostItself : Step;

    /// <summary>The addresses of a host.</summary>
    private sealed record Host(string Name, ushort Port, SipTransport Transport) : Step
    {
        public AddressSearch Search { get; } = new(Name);
    }

    private sealed record Target(SipHop Hop) : Step;
}
