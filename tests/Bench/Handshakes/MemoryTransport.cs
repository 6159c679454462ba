using System;
using System.Collections.Generic;
using System.Threading;
using Org.BouncyCastle.Tls;

namespace IntercomAgent.Tests.Bench.Handshakes;

/// <summary>One end of a network that two threads of this process share. A wait sleeps: one that spins would count as work.</summary>
internal sealed class MemoryTransport : DatagramTransport
{
    private readonly Queue<byte[]> _received = new();

    /// <summary>The other end; set before either is used.</summary>
    public MemoryTransport? Peer { get; set; }

    /// <summary>Ends without their peers.</summary>
    public static MemoryTransport[] CreateMany(int count)
    {
        MemoryTransport[] transports = new MemoryTransport[count];
        for (int index = 0; index < count; index++)
        {
            transports[index] = new MemoryTransport();
        }

        return transports;
    }

    public int GetReceiveLimit() => 1500;

    public int GetSendLimit() => 1200;

    public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

    public int Receive(Span<byte> buffer, int waitMillis)
    {
        lock (_received)
        {
            if (_received.Count == 0 && !(Monitor.Wait(_received, Math.Max(waitMillis, 1)) && _received.Count > 0))
            {
                return -1;
            }

            byte[] datagram = _received.Dequeue();
            datagram.CopyTo(buffer);
            return datagram.Length;
        }
    }

    public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

    public void Send(ReadOnlySpan<byte> buffer) => Peer!.Deliver(buffer.ToArray());

    public void Close()
    {
    }

    private void Deliver(byte[] datagram)
    {
        lock (_received)
        {
            _received.Enqueue(datagram);
            Monitor.Pulse(_received);
        }
    }
}
