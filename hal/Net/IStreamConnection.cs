using System;

namespace IntercomAgent.Hal.Net;

/// <summary>Where a connection stands.</summary>
public enum StreamState
{
    /// <summary>The peer has not answered yet; what is sent waits.</summary>
    Connecting,

    /// <summary>Bytes flow.</summary>
    Open,

    /// <summary>Over: <see cref="IStreamConnection.Problem"/> says why.</summary>
    Closed,
}

/// <summary>
/// A non-blocking TCP connection. It is ready when bytes or the end of them have arrived, when it came about or failed, and when the
/// kernel has room for what waits to be sent; <see cref="Receive"/> then does what there is to do.
/// </summary>
public interface IStreamConnection : IDisposable
{
    /// <summary>Our address and port; unspecified before the connection is open.</summary>
    NetworkEndpoint LocalEndpoint { get; }

    /// <summary>The peer's address and port.</summary>
    NetworkEndpoint RemoteEndpoint { get; }

    /// <summary>Where the connection stands. It changes in <see cref="Receive"/> and <see cref="TrySend"/> only.</summary>
    StreamState State { get; }

    /// <summary>Why a closed connection is closed, in words for a person; null before.</summary>
    string? Problem { get; }

    /// <summary>Whether the peer has said that it sends nothing more. What we send may still reach it.</summary>
    bool IsPeerDone { get; }

    /// <summary>Bytes that wait for the kernel to take them.</summary>
    int Queued { get; }

    /// <summary>
    /// Goes on with what is under way, and fills the buffer with what has arrived. Returns how many bytes; 0 when there are none, or
    /// none any more. A full buffer means that there may be more: the connection stays ready.
    /// </summary>
    int Receive(Span<byte> buffer);

    /// <summary>
    /// Sends all of the bytes, or queues what the kernel does not take now. False, and nothing is sent, when the queue has no room for
    /// them or the connection is closed.
    /// </summary>
    bool TrySend(ReadOnlySpan<byte> bytes);

    /// <summary>Tells the peer that nothing more comes once the queue is empty (a half close). Asking twice does no harm.</summary>
    void FinishSending();
}
