using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>
/// Who is let in when more arrives than can be served. It asks for the address alone, before a byte is read: that costs next to nothing,
/// so a flood takes no time from calls.
/// <para>
/// Whom we have sent a request of our own, and who speaks within a dialog, is known and let in always: the registrar, the proxy, the
/// telephones that are rung, and callers that were answered. All others are strangers, limited one by one, so that one who floods takes
/// nothing from the others, and all together, so that what they cost is bounded however many addresses they have.
/// </para>
/// </summary>
internal sealed class Admission
{
    /// <summary>Addresses that are known: the servers and telephones of a house several times over.</summary>
    private const int MostKnown = 64;

    /// <summary>
    /// What is remembered of strangers, in 64 KB whoever they are. Two who meet in one place share a limit; with so many places a flood of
    /// some hundred addresses leaves nine of ten others alone.
    /// </summary>
    private const int Places = 4096;

    /// <summary>Eight messages a second, and a call with its digits at once: more than a telephone sends.</summary>
    private static readonly RateLimit MessagesOfOne = new(TimeSpan.FromMilliseconds(125), 40);

    /// <summary>2,000 messages a second: to read and to refuse them takes less than a tenth of the slowest board's processor.</summary>
    private static readonly RateLimit MessagesOfAll = new(TimeSpan.FromTicks(TimeSpan.TicksPerSecond / 2000), 200);

    /// <summary>A call each four seconds, and some tries at once: nobody dials faster.</summary>
    private static readonly RateLimit CallsOfOne = new(TimeSpan.FromSeconds(4), 4);

    /// <summary>
    /// In the 32 s that each call is kept for, half as many as <see cref="SipLimits.KeptCalls"/>: the other half is left to those who are
    /// known, and to the button.
    /// </summary>
    private static readonly RateLimit CallsOfAll = new(TimeSpan.FromMilliseconds(700), 16);

    private readonly List<UInt128> _known = [];
    private readonly Instant[] _messages = new Instant[Places];
    private readonly Instant[] _calls = new Instant[Places];
    private readonly ulong _secret;
    private Instant _allMessages;
    private Instant _allCalls;

    /// <summary>Nobody is known yet.</summary>
    /// <param name="random">So that nobody can choose an address that shares a limit with another one.</param>
    public Admission(IRandomSource random)
    {
        Span<byte> secret = stackalloc byte[sizeof(ulong)];
        random.Fill(secret);

        // A multiplier has to be odd to lose nothing.
        _secret = BitConverter.ToUInt64(secret) | 1;
    }

    /// <summary>This address is known from now on; when there are too many, the one that was seen longest ago is forgotten.</summary>
    public void Know(NetworkEndpoint peer)
    {
        if (_known.Count > 0 && _known[^1] == peer.Address)
        {
            return;
        }

        _ = _known.Remove(peer.Address);
        if (_known.Count == MostKnown)
        {
            _known.RemoveAt(0);
        }

        _known.Add(peer.Address);
    }

    /// <summary>Whether a message is to be read.</summary>
    public bool TryTakeMessage(NetworkEndpoint from, Instant now) =>
        _known.Contains(from.Address)
        || (MessagesOfOne.TryTake(ref _messages[Place(from)], now) && MessagesOfAll.TryTake(ref _allMessages, now));

    /// <summary>Whether an INVITE may become a call.</summary>
    public bool TryTakeCall(NetworkEndpoint from, Instant now) =>
        _known.Contains(from.Address)
        || (CallsOfOne.TryTake(ref _calls[Place(from)], now) && CallsOfAll.TryTake(ref _allCalls, now));

    /// <summary>Of an IPv6 address the first 64 bits count: whoever has one has as many as he likes that begin so (RFC 4291).</summary>
    private int Place(NetworkEndpoint from)
    {
        ulong name = from.IsIPv4 ? (ulong)from.Address : (ulong)(from.Address >> 64);
        ulong mixed = name * _secret;
        mixed = (mixed ^ (mixed >> 32)) * _secret;
        return (int)(mixed >> 52);
    }
}
