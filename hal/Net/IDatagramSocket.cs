using System;

namespace IntercomAgent.Hal.Net;

/// <summary>A non-blocking UDP socket that receives and sends in batches.</summary>
public interface IDatagramSocket : IDisposable
{
    /// <summary>The address and port that the socket is bound to.</summary>
    NetworkEndpoint LocalEndpoint { get; }

    /// <summary>
    /// Replaces the batch's content with the datagrams that have arrived, at most as many as it has room for. Returns how many; 0 when
    /// there are none. A full batch means that there may be more: the socket stays ready.
    /// </summary>
    int Receive(DatagramBatch batch);

    /// <summary>
    /// Asks the network to report datagrams that reach nobody (ICMP destination unreachable, RFC 792, RFC 4443). A report makes the
    /// socket ready; <see cref="Receive"/> reads it, and <see cref="TryTakeUnreachable"/> gives it. Without this call there are none.
    /// </summary>
    void ReportUnreachable();

    /// <summary>
    /// Takes the oldest report that a datagram of ours reached nobody: where it went to. False when there is none. Nothing vouches for
    /// a report: whoever knows both addresses can forge one.
    /// </summary>
    bool TryTakeUnreachable(out NetworkEndpoint destination);

    /// <summary>
    /// Queues a copy of the datagram; it leaves with <see cref="Flush"/>, or before when the queue is full. A datagram that the kernel
    /// refuses is lost, as on any network, and counted in <see cref="SendFailures"/>.
    /// </summary>
    void Send(ReadOnlySpan<byte> datagram, NetworkEndpoint to);

    /// <summary>Hands all queued datagrams to the kernel: once at the end of a turn.</summary>
    void Flush();

    /// <summary>
    /// Marks what is sent from now on with a Differentiated Services code point, 0 to 63 (RFC 2474; 46 is Expedited Forwarding, for
    /// speech). A wish: a network may heed or remove it.
    /// </summary>
    void SetServiceCode(int dscp);

    /// <summary>How many datagrams the kernel refused.</summary>
    long SendFailures { get; }
}
