using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Dns;

/// <summary>
/// Asks the name system (RFC 1035), without a socket: answers go in, queries come out. Whoever needs an answer asks with
/// <see cref="TryFind"/> until there is one, once more after each input; the same question is under way only once, and its answer is kept
/// for as long as it holds. Names that end in <c>.local</c> are asked of the neighbours (RFC 6762 section 5.1), all others of the servers.
/// <para>
/// Its owner sends the queries from a port that the kernel picks anew whenever it <see cref="IsQuiet"/>. With the random number of each
/// query that is what makes answers hard to forge (RFC 5452); an answer counts only if its source, its number and its question are right.
/// </para>
/// </summary>
/// <param name="random">Where the numbers of queries come from.</param>
internal sealed class DnsResolver(IRandomSource random)
{
    /// <summary>The port of multicast DNS.</summary>
    public const ushort MulticastPort = 5353;

    private static readonly NetworkEndpoint[] Groups =
    [
        NetworkEndpoint.FromIPv4(0xE00000FB, MulticastPort),
        new(new UInt128(0xFF02_0000_0000_0000, 0xFB), MulticastPort),
    ];

    private readonly DnsCache _cache = new();
    private readonly Dictionary<DnsQuestion, DnsExchange> _exchanges = [];
    private readonly Queue<(byte[] Query, NetworkEndpoint To, bool ByStream)> _queries = new();
    private int _first;

    /// <summary>Whom to ask, and how short names are made whole.</summary>
    public DnsSettings Settings { get; private set; } = DnsSettings.None;

    /// <summary>The names that the machine itself knows.</summary>
    public HostsFile Hosts { get; set; } = HostsFile.Empty;

    /// <summary>Whether no question is under way.</summary>
    public bool IsQuiet => _exchanges.Count == 0;

    /// <summary>Questions that are under way.</summary>
    public int Exchanges => _exchanges.Count;

    /// <summary>Answers that are kept.</summary>
    public int CachedAnswers => _cache.Count;

    /// <summary>Datagrams that were no answer to a question of ours.</summary>
    public long Dropped { get; private set; }

    /// <summary>Asks others from now on. What is under way goes on; what was learned from the former servers is forgotten.</summary>
    public void Configure(DnsSettings settings)
    {
        Settings = settings;
        _first = 0;
        _cache.Clear();
    }

    /// <summary>
    /// Finds the answer to a question, a failure included. False when it is not known yet: then it is under way, and there will be one
    /// within some seconds.
    /// </summary>
    /// <param name="name">A name that <see cref="DnsName.TryParse"/> gave.</param>
    /// <param name="type">The type of record.</param>
    /// <param name="now">The current time.</param>
    /// <param name="answer">The answer.</param>
    public bool TryFind(string name, DnsRecordType type, Instant now, [NotNullWhen(true)] out DnsAnswer? answer)
    {
        DnsQuestion question = new(name, type);
        if (_cache.TryFind(question, now, out answer))
        {
            return true;
        }

        if (_exchanges.ContainsKey(question))
        {
            return false;
        }

        if (_exchanges.Count >= DnsLimits.Exchanges)
        {
            answer = DnsAnswer.Failure("too many names are looked for at a time");
            return true;
        }

        bool isLocal = DnsName.IsLocal(name);
        DnsExchange exchange = new(question, isLocal ? Groups : Settings.Servers, isLocal ? 0 : _first, isLocal);
        _exchanges.Add(question, exchange);
        Begin(exchange, now);
        return _cache.TryFind(question, now, out answer);
    }

    /// <summary>Takes a datagram in. Whatever it holds, it never throws; what answers no question is counted.</summary>
    public void Receive(ReadOnlySpan<byte> datagram, NetworkEndpoint from, Instant now)
    {
        Advance(now);
        if (!DnsMessage.TryRead(datagram, out DnsMessage? message) || Find(message, from) is not { } exchange)
        {
            Dropped++;
        }
        else if (exchange.IsMulticast)
        {
            ReceiveFromNeighbour(exchange, message, now);
        }
        else if (exchange.Stream is not null)
        {
            // What it says is known already: that it has no room in a datagram.
            Dropped++;
        }
        else
        {
            ReceiveFromServer(exchange, message, from, isWhole: false, now);
        }
    }

    /// <summary>Takes a message in that came over the connection to a server, without the length before it.</summary>
    public void ReceiveFromStream(ReadOnlySpan<byte> bytes, NetworkEndpoint server, Instant now)
    {
        Advance(now);
        if (DnsMessage.TryRead(bytes, out DnsMessage? message) && Find(message, server) is { } exchange && exchange.Stream == server)
        {
            ReceiveFromServer(exchange, message, server, isWhole: true, now);
        }
        else
        {
            Dropped++;
        }
    }

    /// <summary>The connection to a server did not come about, or is over: whoever waits for an answer over it asks the next server.</summary>
    public void ReceiveStreamEnd(NetworkEndpoint server, Instant now)
    {
        Advance(now);
        if (IsQuiet)
        {
            return;
        }

        foreach (DnsExchange exchange in new List<DnsExchange>(_exchanges.Values))
        {
            if (exchange.Stream == server)
            {
                exchange.GiveUp(server, "has an answer that is too long, and does not give it by TCP");
                Ask(exchange, now);
            }
        }
    }

    /// <summary>Whether an answer is awaited over the connection to a server.</summary>
    public bool AwaitsStream(NetworkEndpoint server)
    {
        foreach (DnsExchange exchange in _exchanges.Values)
        {
            if (exchange.Stream == server)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes in the network's report that a query reached nobody.</summary>
    public void ReceiveUnreachable(NetworkEndpoint destination, Instant now)
    {
        Advance(now);
        if (IsQuiet)
        {
            return;
        }

        foreach (DnsExchange exchange in new List<DnsExchange>(_exchanges.Values))
        {
            if (!exchange.IsMulticast && exchange.MayAnswer(destination))
            {
                exchange.GiveUp(destination, "cannot be reached");
                Ask(exchange, now);
            }
        }
    }

    /// <summary>Does what is due.</summary>
    public void Advance(Instant now)
    {
        if (IsQuiet)
        {
            return;
        }

        foreach (DnsExchange exchange in new List<DnsExchange>(_exchanges.Values))
        {
            if (exchange.WakeAt <= now)
            {
                Ask(exchange, now);
            }
        }
    }

    /// <summary>The next query to send; last of all <see cref="DnsOutputKind.Idle"/>.</summary>
    /// <param name="buffer">At least <see cref="DnsLimits.Query"/> bytes, which the output borrows.</param>
    public DnsOutput Poll(Span<byte> buffer)
    {
        if (_queries.TryDequeue(out (byte[] Query, NetworkEndpoint To, bool ByStream) next))
        {
            next.Query.CopyTo(buffer);
            DnsOutputKind kind = next.ByStream ? DnsOutputKind.SendByStream : DnsOutputKind.Send;
            return new DnsOutput { Kind = kind, Datagram = buffer[..next.Query.Length], To = next.To };
        }

        Instant wakeAt = Instant.Never;
        foreach (DnsExchange exchange in _exchanges.Values)
        {
            wakeAt = Instant.Soonest(wakeAt, exchange.WakeAt);
        }

        return new DnsOutput { Kind = DnsOutputKind.Idle, WakeAt = wakeAt };
    }

    private DnsExchange? Find(DnsMessage message, NetworkEndpoint from)
    {
        foreach (DnsExchange exchange in _exchanges.Values)
        {
            if (exchange.Id == message.Id && exchange.Question == message.Question && exchange.MayAnswer(from))
            {
                return exchange;
            }
        }

        return null;
    }

    /// <summary>Only a neighbour that has the name answers; the others keep silent, so nothing but records counts.</summary>
    private void ReceiveFromNeighbour(DnsExchange exchange, DnsMessage message, Instant now)
    {
        if (!message.IsTruncated
            && message.Code == DnsResponseCode.NoError
            && DnsAnswer.Read(message, exchange.Question, out _) is { Outcome: DnsOutcome.Found } answer)
        {
            Finish(exchange, answer, now);
        }
        else
        {
            Dropped++;
        }
    }

    private void ReceiveFromServer(DnsExchange exchange, DnsMessage message, NetworkEndpoint from, bool isWhole, Instant now)
    {
        if (message.Code == DnsResponseCode.FormatError && exchange.TryPlain())
        {
            // RFC 6891 section 7: the server is older than EDNS.
            Send(exchange, from);
        }
        else if (message.IsTruncated && !isWhole)
        {
            exchange.TurnToStream(from, now);
            Send(exchange, from);
        }
        else if (message.IsTruncated)
        {
            exchange.GiveUp(from, "has an answer that is too long");
            Ask(exchange, now);
        }
        else if (message.Code is not (DnsResponseCode.NoError or DnsResponseCode.NameError))
        {
            exchange.GiveUp(from, Describe(message.Code));
            Ask(exchange, now);
        }
        else
        {
            _first = Math.Max(Index(from), 0);
            TakeAnswer(exchange, message, now);
        }
    }

    private void TakeAnswer(DnsExchange exchange, DnsMessage message, Instant now)
    {
        if (DnsAnswer.Read(message, exchange.Question, out string? alias) is { } answer)
        {
            Finish(exchange, answer, now);
        }
        else if (alias is not null && exchange.TryFollow(alias))
        {
            Begin(exchange, now);
        }
        else
        {
            Finish(exchange, DnsAnswer.Failure("it is an alias of an alias, without an end"), now);
        }
    }

    private int Index(NetworkEndpoint server)
    {
        for (int index = 0; index < Settings.Servers.Count; index++)
        {
            if (Settings.Servers[index] == server)
            {
                return index;
            }
        }

        return -1;
    }

    private void Begin(DnsExchange exchange, Instant now)
    {
        Span<byte> id = stackalloc byte[sizeof(ushort)];
        do
        {
            random.Fill(id);
            exchange.Id = BinaryPrimitives.ReadUInt16BigEndian(id);
        }
        while (IsTaken(exchange));

        Ask(exchange, now);
    }

    /// <summary>RFC 7766 section 6.2.1: no two questions under way have one number.</summary>
    private bool IsTaken(DnsExchange exchange)
    {
        foreach (DnsExchange other in _exchanges.Values)
        {
            if (other != exchange && other.Id == exchange.Id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Asks whoever comes next; when nobody does, that is the answer.</summary>
    private void Ask(DnsExchange exchange, Instant now)
    {
        IReadOnlyList<NetworkEndpoint> servers = exchange.TakeTurn(now);
        foreach (NetworkEndpoint server in servers)
        {
            Send(exchange, server);
        }

        if (servers.Count == 0)
        {
            Finish(exchange, DnsAnswer.Failure(exchange.Problem), now);
        }
    }

    private void Send(DnsExchange exchange, NetworkEndpoint server)
    {
        Span<byte> buffer = stackalloc byte[DnsLimits.Query];
        WireWriter writer = new(buffer);
        exchange.Question.Write(ref writer, exchange.Id, !exchange.IsMulticast, exchange.WithExtension);
        _queries.Enqueue((writer.Written.ToArray(), server, exchange.Stream is not null));
    }

    private void Finish(DnsExchange exchange, DnsAnswer answer, Instant now)
    {
        _ = _exchanges.Remove(exchange.Origin);
        _cache.Add(exchange.Origin, answer, now);
    }

    private static string Describe(DnsResponseCode code) => code switch
    {
        DnsResponseCode.Refused => "refuses to answer",
        DnsResponseCode.ServerFailure => "cannot find out",
        DnsResponseCode.NotImplemented or DnsResponseCode.FormatError => "does not understand the question",
        _ => "answers with an error",
    };
}
