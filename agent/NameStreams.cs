using System;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;

namespace IntercomAgent;

/// <summary>
/// The connections to name servers whose answers are too long for datagrams (RFC 7766): one to each server, for as long as an answer is
/// awaited over it.
/// </summary>
/// <param name="machine">The outside world.</param>
/// <param name="resolver">Who takes the answers.</param>
/// <param name="firstToken">The token of the first connection.</param>
internal sealed class NameStreams(IMachine machine, DnsResolver resolver, int firstToken) : IDisposable
{
    /// <summary>Connections at a time: one for each server that there can be.</summary>
    public const int Slots = DnsLimits.Servers;

    private const int ReadSize = 2048;

    private readonly Slot?[] _slots = new Slot?[Slots];
    private readonly byte[] _buffer = new byte[ReadSize];

    /// <summary>Asks a server; what cannot be sent is a question without an answer, which its exchange gives up after a while.</summary>
    public void Send(ReadOnlySpan<byte> query, NetworkEndpoint server)
    {
        int index = Array.FindIndex(_slots, slot => slot?.Connection.RemoteEndpoint == server);
        index = index >= 0 ? index : Open(server);
        if (index >= 0)
        {
            Span<byte> message = stackalloc byte[sizeof(ushort) + DnsLimits.Query];
            WireWriter writer = new(message);
            writer.WriteUInt16((ushort)query.Length);
            writer.Write(query);
            _ = _slots[index]!.Connection.TrySend(writer.Written);
        }
    }

    /// <summary>Reads what has arrived over a connection, and whether it is over.</summary>
    public void Receive(int index, Instant now)
    {
        if (_slots[index] is not { } slot)
        {
            return;
        }

        NetworkEndpoint server = slot.Connection.RemoteEndpoint;
        int count = slot.Connection.Receive(_buffer);
        bool isRight = slot.Reader.TryAdd(_buffer.AsSpan(0, count));
        while (isRight && slot.Reader.TryTake(out ReadOnlySpan<byte> message))
        {
            resolver.ReceiveFromStream(message, server, now);
        }

        if (!isRight || slot.Connection.State == StreamState.Closed || slot.Connection.IsPeerDone)
        {
            Close(index);
            resolver.ReceiveStreamEnd(server, now);
        }
    }

    /// <summary>Closes the connections over which nothing is awaited (section 6.2.3).</summary>
    public void CloseIdle()
    {
        for (int index = 0; index < Slots; index++)
        {
            if (_slots[index] is { } slot && !resolver.AwaitsStream(slot.Connection.RemoteEndpoint))
            {
                Close(index);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int index = 0; index < Slots; index++)
        {
            Close(index);
        }
    }

    private int Open(NetworkEndpoint server)
    {
        int index = Array.IndexOf(_slots, null);
        Readiness readiness = new(ServiceClass.Signalling, firstToken + index);
        IStreamConnection? connection = index < 0 ? null : machine.ConnectStream(server, readiness, out _);
        if (connection is null)
        {
            return -1;
        }

        _slots[index] = new Slot(connection, new DnsStreamReader());
        return index;
    }

    private void Close(int index)
    {
        _slots[index]?.Connection.Dispose();
        _slots[index] = null;
    }

    private sealed record Slot(IStreamConnection Connection, DnsStreamReader Reader);
}
