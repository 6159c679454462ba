using System;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Net;

/// <summary>Copies of the datagrams that leave a socket together.</summary>
internal sealed class SendQueue
{
    /// <summary>Datagrams in the queue: what a station with several calls sends in one turn; more leave in several system calls.</summary>
    public const int Capacity = 16;

    /// <summary>Bytes in the queue, and so the longest datagram: room for <see cref="Capacity"/> full Ethernet frames.</summary>
    public const int CapacityBytes = 24 * 1024;

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(CapacityBytes, pinned: true);
    private int _used;

    /// <summary>How many datagrams wait.</summary>
    public int Count { get; private set; }

    /// <summary>The datagrams as the kernel wants them.</summary>
    public MessageArray Messages { get; } = new(Capacity);

    /// <summary>Whether another datagram of this length fits.</summary>
    public bool HasRoomFor(int length) => Count < Capacity && length <= CapacityBytes - _used;

    /// <summary>Adds a copy; false when a socket of the family cannot reach the destination.</summary>
    public bool TryAdd(ReadOnlySpan<byte> datagram, NetworkEndpoint to, AddressFamily family)
    {
        int length = KernelAddress.Write(to, family, Messages.Address(Count));
        if (length == 0)
        {
            return false;
        }

        Span<byte> copy = _bytes.AsSpan(_used, datagram.Length);
        datagram.CopyTo(copy);
        Messages.SetBytes(Count, copy);
        Messages.SetAddressLength(Count, length);
        _used += datagram.Length;
        Count++;
        return true;
    }

    /// <summary>Forgets all datagrams.</summary>
    public void Clear()
    {
        Count = 0;
        _used = 0;
    }
}
