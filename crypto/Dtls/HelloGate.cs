using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Dtls.Messages;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// What a server does with a ClientHello before there is an association: puts it together (a current browser's needs two datagrams),
/// lets it in if its path is named by signalling or its cookie is valid, and asks for a cookie otherwise.
/// </summary>
internal sealed class HelloGate : IDisposable
{
    /// <summary>A hello with a post-quantum key share has 1.5 KB; ours reads none of that and leaves room for two of the kind.</summary>
    public const int MaximumHelloLength = 4096;

    // RFC 6347 section 4.2.1: the answer goes on at the hello's record number, which therefore must not lie at the end of all numbers.
    private const ulong MaximumSequenceNumber = RecordHeader.MaximumSequenceNumber / 2;

    // Paths whose fragmented hellos are put together at one time. With more of them, the oldest must begin again.
    private const int MaximumVisitors = 8;

    // Of these, one address has so many: a host has one hello under way as a rule, and two while its port changes. Whoever sends from
    // all ports of his address drives out only himself.
    private const int MaximumVisitorsOfAddress = 2;

    // The owner polls after each datagram, so that more than one answer waits only for what came in one datagram.
    private const int MaximumReplies = 4;

    private readonly HelloCookies _cookies;
    private readonly TrustedPaths _trusted;
    private readonly List<Visitor> _visitors = [];
    private readonly Queue<Reply> _replies = [];

    /// <summary>Draws the cookies' secret.</summary>
    public HelloGate(IRandomSource random, TrustedPaths trusted)
    {
        _cookies = new HelloCookies(random);
        _trusted = trusted;
    }

    /// <summary>
    /// The time from our only request for a cookie to the hello that was let in; null if there was none, or more than one, so that
    /// nothing tells which of them the hello answers.
    /// </summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>Takes a plain handshake fragment. Null, and a hello, if one is let in; null and none if there is more to come.</summary>
    public DtlsDropReason? TryReceive(
        RecordHeader record, scoped in HandshakeFragment fragment, TransportPath from, Instant now, out HandshakeMessage? hello)
    {
        hello = null;
        if (fragment.Type != HandshakeType.ClientHello || record.SequenceNumber > MaximumSequenceNumber)
        {
            return DtlsDropReason.OutOfPlace;
        }

        Visitor visitor = FindOrAdd(from);
        HandshakeReassembly reassembly = visitor.Hello;
        if (fragment.Sequence != reassembly.NextSequence)
        {
            reassembly.ContinueAt(fragment.Sequence);
        }

        if (reassembly.TryAdd(fragment, isAuthentic: false) is { } reason)
        {
            return reason;
        }

        if (!reassembly.TryPeek(out HandshakeMessage message))
        {
            return null;
        }

        reassembly.Discard();
        return Check(record, message, visitor, now, out hello);
    }

    /// <summary>Writes the next HelloVerifyRequest; returns its length, or 0 if there is none.</summary>
    public int WriteReply(Span<byte> buffer, out TransportPath path)
    {
        path = default;
        if (!_replies.TryDequeue(out Reply reply))
        {
            return 0;
        }

        // Version and length byte, then the cookie.
        int bodyLength = 3 + reply.Cookie.Length;
        WireWriter writer = new(buffer);

        // RFC 6347 section 4.2.1: the record's number is the hello's, and the message is always the first one.
        RecordHeader header = new(ContentType.Handshake, ProtocolVersion.Dtls10, 0, reply.SequenceNumber);
        header.Write(ref writer, HandshakeFragment.HeaderLength + bodyLength);
        HandshakeFragment.WriteHeader(ref writer, HandshakeType.HelloVerifyRequest, bodyLength, 0, 0, bodyLength);
        new HelloVerifyRequest(reply.Cookie).Write(ref writer);
        path = reply.Path;
        return writer.Length;
    }

    /// <summary>Wipes the cookies' secret.</summary>
    public void Dispose() => _cookies.Dispose();

    private DtlsDropReason? Check(RecordHeader record, HandshakeMessage message, Visitor visitor, Instant now, out HandshakeMessage? hello)
    {
        hello = null;
        if (ClientHello.Read(message.Body) is not { } parsed)
        {
            return DtlsDropReason.Malformed;
        }

        // Whoever was asked for a cookie may be on his way with it, and counts his messages from there: a late copy of his first hello
        // must not begin the handshake at another place, not even when signalling has named the path meanwhile.
        if ((_trusted.Contains(visitor.Path) && visitor.TimesAsked == 0) || _cookies.IsValid(visitor.Path, parsed))
        {
            hello = message;
            RoundTrip = visitor.TimesAsked == 1 ? now - visitor.LastAsked : null;
            return null;
        }

        if (_replies.Count == MaximumReplies)
        {
            return DtlsDropReason.NoCookie;
        }

        visitor.TimesAsked++;
        visitor.LastAsked = now;
        _replies.Enqueue(new Reply(visitor.Path, record.SequenceNumber, _cookies.Compute(visitor.Path, parsed)));

        // To come without a cookie at first is the protocol's course.
        return parsed.Cookie.Length == 0 ? null : DtlsDropReason.NoCookie;
    }

    private Visitor FindOrAdd(TransportPath from)
    {
        if (_visitors.Find(visitor => visitor.Path == from) is { } known)
        {
            return known;
        }

        List<Visitor> neighbours = _visitors.FindAll(
            visitor => visitor.Path.Address == from.Address && !_trusted.Contains(visitor.Path));
        if (neighbours.Count == MaximumVisitorsOfAddress)
        {
            _ = _visitors.Remove(neighbours[0]);
        }
        else if (_visitors.Count == MaximumVisitors)
        {
            // Paths that signalling has named keep their place, unless they fill all.
            _visitors.RemoveAt(Math.Max(0, _visitors.FindIndex(visitor => !_trusted.Contains(visitor.Path))));
        }

        Visitor added = new(from);
        _visitors.Add(added);
        return added;
    }

    private readonly record struct Reply(TransportPath Path, ulong SequenceNumber, byte[] Cookie);

    private sealed class Visitor(TransportPath path)
    {
        public TransportPath Path => path;

        public HandshakeReassembly Hello { get; } = new(MaximumHelloLength);

        /// <summary>How often a cookie was asked for, and when for the last time.</summary>
        public int TimesAsked { get; set; }

        public Instant LastAsked { get; set; }
    }
}
