using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Tests.Unit.Dns;

/// <summary>A resolver and the servers that it asks, on a clock that is moved by hand.</summary>
internal sealed class DnsWorld : INameSystem
{
    private readonly Dictionary<NetworkEndpoint, DnsZone> _servers = [];
    private readonly byte[] _buffer = new byte[DnsLimits.Query];

    /// <summary>A world with servers at 192.0.2.1, 192.0.2.2, and so on.</summary>
    public DnsWorld(int servers = 1, int seed = 1)
    {
        Random = new SeededRandom(seed);
        Resolver = new DnsResolver(Random);
        List<NetworkEndpoint> addresses = [];
        for (int number = 1; number <= servers; number++)
        {
            NetworkEndpoint address = ServerAt(number);
            addresses.Add(address);
            _servers.Add(address, new DnsZone());
        }

        Resolver.Configure(new DnsSettings(addresses, [], 1));
    }

    public SeededRandom Random { get; }

    public DnsResolver Resolver { get; }

    public Instant Now { get; private set; } = new(1_000_000_000);

    /// <summary>Servers from which nothing comes back.</summary>
    public HashSet<NetworkEndpoint> Silent { get; } = [];

    /// <summary>What was sent, to whom and when.</summary>
    public List<(byte[] Query, NetworkEndpoint To, Instant At)> Sent { get; } = [];

    /// <summary>Whether no answer has room in a datagram.</summary>
    public bool Truncates { get; set; }

    /// <summary>Whether the servers answer over connections.</summary>
    public bool AnswersStreams { get; set; } = true;

    /// <summary>What was sent over connections, and to whom.</summary>
    public List<(byte[] Query, NetworkEndpoint To)> Streamed { get; } = [];

    /// <summary>Whether the machine has an IPv6 address that leads to others.</summary>
    public bool HasIPv6 { get; set; } = true;

    public DnsZone this[int server] => _servers[ServerAt(server)];

    public static NetworkEndpoint ServerAt(int number) => Endpoint($"192.0.2.{number}", 53);

    public static NetworkEndpoint Endpoint(string address, ushort port = 0)
    {
        _ = NetworkEndpoint.TryParseAddress(address, port, out NetworkEndpoint endpoint);
        return endpoint;
    }

    public void Refresh(Instant now)
    {
        // What it knows is set by the test.
    }

    public NetworkEndpoint? SourceTowards(NetworkEndpoint destination) => destination switch
    {
        { IsLoopback: true } => destination,
        { IsIPv4: true } => Endpoint("192.0.2.100"),
        _ when HasIPv6 => Endpoint("2001:db8::100"),
        _ => null,
    };

    /// <summary>Lets queries reach their servers and answers come back, at this moment.</summary>
    public Instant Drain()
    {
        while (true)
        {
            DnsOutput output = Resolver.Poll(_buffer);
            if (output.Kind == DnsOutputKind.Idle)
            {
                return output.WakeAt;
            }

            (byte[] query, NetworkEndpoint to) = (output.Datagram.ToArray(), output.To);
            if (output.Kind == DnsOutputKind.SendByStream)
            {
                Streamed.Add((query, to));
                if (AnswersStreams)
                {
                    Resolver.ReceiveFromStream(_servers[to].Answer(query), to, Now);
                }

                continue;
            }

            Sent.Add((query, to, Now));
            if (Truncates && !Silent.Contains(to))
            {
                Resolver.Receive(DnsZone.Truncate(_servers[to].Answer(query)), to, Now);
            }
            else if (!Silent.Contains(to) && _servers.TryGetValue(to, out DnsZone? zone))
            {
                Resolver.Receive(zone.Answer(query), to, Now);
            }
        }
    }

    /// <summary>Asks until there is an answer, moving the clock from one due moment to the next.</summary>
    public DnsAnswer Ask(string name, DnsRecordType type)
    {
        DnsAnswer? answer;
        while (!Resolver.TryFind(name, type, Now, out answer))
        {
            Instant wakeAt = Drain();
            if (!Resolver.TryFind(name, type, Now, out answer))
            {
                if (wakeAt == Instant.Never)
                {
                    throw new InvalidOperationException("It waits for ever.");
                }

                Now = wakeAt;
                Resolver.Advance(Now);
            }
            else
            {
                break;
            }
        }

        return answer;
    }

    /// <summary>Repeats a step until it no longer waits.</summary>
    public SearchState Finish(Func<SearchState> step)
    {
        SearchState state;
        while ((state = step()) == SearchState.Waiting)
        {
            int sent = Sent.Count;
            Instant wakeAt = Drain();
            if (Sent.Count == sent)
            {
                Now = wakeAt == Instant.Never ? throw new InvalidOperationException("It waits for ever.") : wakeAt;
                Resolver.Advance(Now);
            }
        }

        return state;
    }

    public void Wait(TimeSpan time)
    {
        Now += time;
        Resolver.Advance(Now);
    }
}
