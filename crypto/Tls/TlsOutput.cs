using System;

namespace IntercomAgent.Crypto.Tls;

/// <summary>The kinds of <see cref="TlsOutput"/>.</summary>
public enum TlsOutputKind
{
    /// <summary>Nothing more until the next input.</summary>
    Idle,

    /// <summary>Send <c>Bytes</c> to the peer.</summary>
    Send,

    /// <summary>The handshake is complete and the peer is who it should be.</summary>
    Connected,

    /// <summary>The peer has sent <c>Bytes</c>.</summary>
    Received,

    /// <summary>It is over: <see cref="TlsEndpoint.Problem"/> says why, or is null when it was closed by one side.</summary>
    Closed,
}

/// <summary>One thing that an endpoint wants done, or tells. It borrows the buffer that was polled with.</summary>
public readonly ref struct TlsOutput
{
    /// <summary>Which of the outputs it is.</summary>
    public TlsOutputKind Kind { get; init; }

    /// <summary>What is to be sent, or was received.</summary>
    public ReadOnlySpan<byte> Bytes { get; init; }
}
