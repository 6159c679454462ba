using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Tests.Bench.Sampling;

namespace IntercomAgent.Tests.Bench.Handshakes;

/// <summary>One side of a handshake, and how long it has worked for it.</summary>
internal sealed class TimedEndpoint : IDisposable
{
    private static readonly Instant Now = new(1_000_000_000);

    private readonly byte[] _buffer = new byte[DtlsSettings.MaximumMaximumDatagram];
    private readonly DtlsEndpoint _endpoint;
    private readonly TransportPath _peer;

    public TimedEndpoint(DtlsRole role, DtlsSettings settings, TransportPath peer)
    {
        TimeSpan started = ProcessorClock.Now;
        _endpoint = new DtlsEndpoint(role, settings);
        _endpoint.TrustPath(peer);
        _peer = peer;
        Busy = ProcessorClock.Now - started;
    }

    /// <summary>The time that this side has been at work.</summary>
    public TimeSpan Busy { get; private set; }

    /// <summary>The longest step: so long a loop would stand still for it.</summary>
    public TimeSpan LongestStep { get; private set; }

    public bool IsConnected => _endpoint.State == DtlsState.Connected;

    /// <summary>What it has sent and nobody has received yet.</summary>
    public Queue<byte[]> Sent { get; } = new();

    public void Start() => Do(() => _endpoint.Start(_peer, Now));

    public void Receive(byte[] datagram) => Do(() => _endpoint.Receive(datagram, _peer, Now));

    public void Dispose() => _endpoint.Dispose();

    private void Do(Action step)
    {
        Time(step);
        while (_endpoint.HasWork)
        {
            Time(() => _endpoint.Work(Now));
        }
    }

    private void Time(Action step)
    {
        TimeSpan started = ProcessorClock.Now;
        step();
        Poll();
        TimeSpan elapsed = ProcessorClock.Now - started;
        Busy += elapsed;
        LongestStep = elapsed > LongestStep ? elapsed : LongestStep;
    }

    private void Poll()
    {
        DtlsOutput output = _endpoint.Poll(_buffer);
        while (output.Kind != DtlsOutputKind.Idle)
        {
            if (output.Kind == DtlsOutputKind.Send)
            {
                Sent.Enqueue(output.Datagram.ToArray());
            }

            output = _endpoint.Poll(_buffer);
        }
    }
}
