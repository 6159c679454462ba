using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Dns;

/// <summary>
/// One question until its answer: who was asked, who is next, and how long it is waited for. One after another is asked, in two rounds or
/// three when there is but one; the wait grows with each round. Multicast asks all at once, three times.
/// </summary>
/// <param name="question">The question.</param>
/// <param name="servers">Whom to ask; both groups for multicast.</param>
/// <param name="first">Which server comes first: the one that answered last.</param>
/// <param name="isMulticast">Whether the neighbours are asked.</param>
internal sealed class DnsExchange(DnsQuestion question, IReadOnlyList<NetworkEndpoint> servers, int first, bool isMulticast)
{
    private const int LeastTries = 3;

    private readonly bool[] _wasAsked = new bool[servers.Count];
    private readonly bool[] _isDone = new bool[servers.Count];
    private int _tries;
    private int _aliases;
    private string _problem = "";

    /// <summary>The question that began it, under which the answer is kept.</summary>
    public DnsQuestion Origin { get; } = question;

    /// <summary>The question that is asked now: the same, or that for what an alias stands for.</summary>
    public DnsQuestion Question { get; private set; } = question;

    /// <summary>Whether the neighbours are asked.</summary>
    public bool IsMulticast => isMulticast;

    /// <summary>The number of the queries.</summary>
    public ushort Id { get; set; }

    /// <summary>Whether the queries ask for longer answers.</summary>
    public bool WithExtension { get; private set; } = !isMulticast;

    /// <summary>When the wait for an answer is over.</summary>
    public Instant WakeAt { get; private set; } = Instant.Never;

    /// <summary>The server that is asked over a connection now; null while datagrams do.</summary>
    public NetworkEndpoint? Stream { get; private set; }

    /// <summary>Why nobody could say.</summary>
    public string Problem => _problem.Length > 0 ? _problem
        : isMulticast ? "nobody in the local network says that it has this name"
        : servers.Count == 0 ? "no name server is known"
        : $"{string.Join(", ", servers)} {(servers.Count == 1 ? "does" : "do")} not answer";

    /// <summary>The servers to ask now, and how long they have; empty when all had their turns.</summary>
    public IReadOnlyList<NetworkEndpoint> TakeTurn(Instant now)
    {
        Stream = null;
        int turns = isMulticast ? LeastTries : Math.Max(LeastTries, 2 * servers.Count);
        while (_tries < turns && servers.Count > 0)
        {
            int index = (first + _tries) % servers.Count;
            int round = isMulticast ? _tries : _tries / servers.Count;
            _tries++;
            if (isMulticast || !_isDone[index])
            {
                _wasAsked[index] = true;
                WakeAt = now + (DnsLimits.FirstWait * (round + 1));
                return isMulticast ? servers : [servers[index]];
            }
        }

        WakeAt = Instant.Never;
        return [];
    }

    /// <summary>Whether somebody was asked who may answer from there. Neighbours answer from the port of multicast DNS.</summary>
    public bool MayAnswer(NetworkEndpoint from) =>
        isMulticast ? from.Port == DnsResolver.MulticastPort : IndexOf(from) is >= 0 and int index && _wasAsked[index];

    /// <summary>Which of the servers it is.</summary>
    public int IndexOf(NetworkEndpoint server)
    {
        for (int index = 0; index < servers.Count; index++)
        {
            if (servers[index] == server)
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>A server was asked, and there is no use in asking it again.</summary>
    public void GiveUp(NetworkEndpoint server, string problem)
    {
        _isDone[IndexOf(server)] = true;
        _problem = $"{server} {problem}";
    }

    /// <summary>The answer of a server has no room in a datagram (RFC 7766 section 5): it is asked again over a connection.</summary>
    public void TurnToStream(NetworkEndpoint server, Instant now)
    {
        Stream = server;
        WakeAt = now + DnsLimits.StreamWait;
    }

    /// <summary>A server does not understand the question; false when it was asked in the oldest way already.</summary>
    public bool TryPlain()
    {
        bool could = WithExtension;
        WithExtension = false;
        return could;
    }

    /// <summary>Goes on with what an alias stands for; false when there were too many of them.</summary>
    public bool TryFollow(string alias)
    {
        Question = Question with { Name = alias };
        _tries = 0;
        Array.Clear(_isDone);
        _problem = "";
        return ++_aliases <= DnsLimits.Aliases;
    }
}
