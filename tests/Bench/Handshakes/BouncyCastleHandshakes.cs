using System;
using System.IO;
using System.Threading;
using IntercomAgent.Tests.Bench.Sampling;
using Org.BouncyCastle.Tls;
using NamedGroup = IntercomAgent.Crypto.Dtls.NamedGroup;

namespace IntercomAgent.Tests.Bench.Handshakes;

/// <summary>
/// Handshakes of BouncyCastle's own DTLS with itself, set up as ours are. It blocks, so that each end has a thread; the clock of a
/// thread stands still while it waits.
/// </summary>
internal sealed class BouncyCastleHandshakes(NamedGroup group, Credentials client, Credentials server)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly BouncyCastleEnd _client = new(group, client);
    private readonly BouncyCastleEnd _server = new(group, server);

    /// <summary>Performs some of them, and gives what one took.</summary>
    public HandshakeCost Run(int count)
    {
        MemoryTransport[] toServer = MemoryTransport.CreateMany(count);
        MemoryTransport[] toClient = MemoryTransport.CreateMany(count);
        for (int handshake = 0; handshake < count; handshake++)
        {
            toServer[handshake].Peer = toClient[handshake];
            toClient[handshake].Peer = toServer[handshake];
        }

        TimeSpan serverBusy = default;
        Exception? problem = null;
        Thread accepting = new(() =>
        {
            try
            {
                serverBusy = Time(toServer, transport => new DtlsServerProtocol().Accept(new BouncyCastleServer(_server), transport));
            }
            catch (IOException exception)
            {
                problem = exception;
            }
        })
        {
            IsBackground = true,
        };
        accepting.Start();
        TimeSpan clientBusy = Time(toClient, transport => new DtlsClientProtocol().Connect(new BouncyCastleClient(_client), transport));
        if (!accepting.Join(Limit) || problem is not null)
        {
            throw new IOException("BouncyCastle's server has not come to the end of its handshakes", problem);
        }

        return new HandshakeCost(clientBusy / count, serverBusy / count);
    }

    private static TimeSpan Time(MemoryTransport[] transports, Func<DatagramTransport, DtlsTransport> handshake)
    {
        TimeSpan started = ProcessorClock.Now;
        foreach (MemoryTransport transport in transports)
        {
            _ = handshake(transport);
        }

        return ProcessorClock.Now - started;
    }
}
