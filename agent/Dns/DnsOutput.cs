using System;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Dns;

/// <summary>The kinds of <see cref="DnsOutput"/>.</summary>
internal enum DnsOutputKind
{
    /// <summary>Send <c>Datagram</c> to <c>To</c>.</summary>
    Send,

    /// <summary>
    /// Send <c>Datagram</c> to <c>To</c> over a connection, which puts the length before it (RFC 1035 section 4.2.2): the answer is too long
    /// for a datagram.
    /// </summary>
    SendByStream,

    /// <summary>Nothing more until the next input or until <c>WakeAt</c>.</summary>
    Idle,
}

/// <summary>One thing that the resolver wants done. It borrows the buffer that was polled with.</summary>
internal readonly ref struct DnsOutput
{
    /// <summary>Which of the outputs it is.</summary>
    public DnsOutputKind Kind { get; init; }

    /// <summary>The query to send.</summary>
    public ReadOnlySpan<byte> Datagram { get; init; }

    /// <summary>Where it goes: to a name server, or to a group of multicast DNS.</summary>
    public NetworkEndpoint To { get; init; }

    /// <summary>The moment of <see cref="DnsOutputKind.Idle"/>.</summary>
    public Instant WakeAt { get; init; }
}
