using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Dtls.Messages;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// What a server does with a ClientHello before there is an association: puts it together (a current browser's needs two datagrams),
/// lets it in if its path is named by signalling or its cookie is valid, and asks for a cookie otherwise.
/// </summary>
internal sealed class HelloGate
{
    /// <summary>A hello with a post-quantum key share has 1.5 KB; ours reads none of that and leaves room for two of the kind.</summary>
    public const int MaximumHelloLength = 4096;

    // RFC 6347 section 4.2.1: the answer goes on at the hello's record number, which therefore must not lie at the end of all numbers.
    private const ulong MaximumSequenceNumber = RecordHeader.MaximumSequenceNumber / 2;

    // Strangers whose fragmented hellos are put together at one time. More of them, and the oldest must begin again.
    private const int MaximumHellos = 8;

    // The owner polls after each datagram, so that more than one answer waits only for what came in one datagram.
    private const int MaximumReplies = 4;

    private readonly HelloCookies _cookies;
    private readonly TrustedPaths _trusted;
    private readonly List<(TransportPath Path, HandshakeReassembly Hello)> _hellos = [];
    private readonly Queue<Reply> _replies = [];

    /// <summary>Draws the cookies' secret.</summary>
    public HelloGate(IRandomSource random, TrustedPaths trusted)
    {
        _cookies = new HelloCookies(random);
        _trusted = trusted;
    }

    /// <summary>Takes a plain handshake fragment. Null, and a hello, if one is let in; null and none if there is more to come.</summary>
    public DtlsDropReason? TryReceive(
        RecordHeader record, scoped in HandshakeFragment fragment, TransportPath from, out HandshakeMessage? hello)
    {
        hello = null;
        if (fragment.Type != HandshakeType.ClientHello || record.SequenceNumber > MaximumSequenceNumber)
        {
            return DtlsDropReason.OutOfPlace;
        }

        HandshakeReassembly reassembly = FindOrAdd(from);
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
        return Check(record, message, from, out hello);
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

    private DtlsDropReason? Check(RecordHeader record, HandshakeMessage message, TransportPath from, out HandshakeMessage? hello)
    {
        hello = null;
        if (ClientHello.Read(message.Body) is not { } parsed)
        {
            return DtlsDropReason.Malformed;
        }

        if (_trusted.Contains(from) || _cookies.IsValid(from, parsed))
        {
            hello = message;
            return null;
        }

        if (_replies.Count < MaximumReplies)
        {
            _replies.Enqueue(new Reply(from, record.SequenceNumber, _cookies.Compute(from, parsed)));
        }

        return DtlsDropReason.NoCookie;
    }

    private HandshakeReassembly FindOrAdd(TransportPath from)
    {
        int index = _hellos.FindIndex(entry => entry.Path == from);
        if (index >= 0)
        {
            return _hellos[index].Hello;
        }

        if (_hellos.Count == MaximumHellos)
        {
            // Paths that signalling has named keep their place, unless they fill all.
            _hellos.RemoveAt(Math.Max(0, _hellos.FindIndex(entry => !_trusted.Contains(entry.Path))));
        }

        HandshakeReassembly added = new(MaximumHelloLength);
        _hellos.Add((from, added));
        return added;
    }

    private readonly record struct Reply(TransportPath Path, ulong SequenceNumber, byte[] Cookie);
}
