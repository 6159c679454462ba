using System;
using System.Collections.Generic;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Tests.Simulation.World;

/// <summary>A socket of the simulated network. Like a kernel's, its receive buffer is bounded and drops what does not fit.</summary>
internal sealed class SimulatedSocket(SimulatedNetwork network, NetworkEndpoint local, Readiness readiness, Func<long> now) : IDatagramSocket
{
    private const int ReceiveBufferDatagrams = 256;

    private readonly Queue<(byte[] Bytes, NetworkEndpoint From)> _received = new();
    private readonly Queue<(byte[] Bytes, NetworkEndpoint To)> _queued = new();
    private readonly Queue<NetworkEndpoint> _unreachable = new();
    private bool _reportsUnreachable;
    private bool _closed;

    public NetworkEndpoint LocalEndpoint => local;

    public Readiness Readiness => readiness;

    public bool IsReady => _received.Count > 0 || _unreachable.Count > 0;

    public long SendFailures => 0;

    /// <summary>The mark that the agent asked for; the simulated network has no queues to heed it.</summary>
    public int ServiceCode { get; private set; }

    public void Arrive(byte[] bytes, NetworkEndpoint from)
    {
        if (_received.Count < ReceiveBufferDatagrams)
        {
            _received.Enqueue((bytes, from));
        }
    }

    /// <summary>The network says that a datagram reached nobody.</summary>
    public void ArriveUnreachable(NetworkEndpoint destination)
    {
        if (_reportsUnreachable)
        {
            _unreachable.Enqueue(destination);
        }
    }

    public void ReportUnreachable() => _reportsUnreachable = true;

    public bool TryTakeUnreachable(out NetworkEndpoint destination) => _unreachable.TryDequeue(out destination);

    public int Receive(DatagramBatch batch)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        batch.Clear();
        while (batch.Count < DatagramBatch.Capacity && _received.TryDequeue(out (byte[] Bytes, NetworkEndpoint From) datagram))
        {
            datagram.Bytes.CopyTo(batch.Slot(batch.Count));
            batch.Accept(batch.Count, datagram.Bytes.Length, datagram.From);
        }

        return batch.Count;
    }

    public void Send(ReadOnlySpan<byte> datagram, NetworkEndpoint to)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        _queued.Enqueue((datagram.ToArray(), to));
    }

    public void Flush()
    {
        while (_queued.TryDequeue(out (byte[] Bytes, NetworkEndpoint To) datagram))
        {
            network.Send(datagram.Bytes, local, datagram.To, now());
        }
    }

    public void SetServiceCode(int dscp) => ServiceCode = dscp;

    public void Dispose()
    {
        if (!_closed)
        {
            Flush();
            _closed = true;
            network.Close(this);
        }
    }
}
