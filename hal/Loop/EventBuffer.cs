using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Loop;

/// <summary>Room for what epoll reports, at a place in memory that does not move.</summary>
internal sealed unsafe class EventBuffer
{
    private byte[] _bytes = [];

    /// <summary>For how many events there is room.</summary>
    public int Capacity { get; private set; }

    /// <summary>Where the first event lies; until the next call of <see cref="Grow"/>.</summary>
    public void* Address => Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));

    /// <summary>Makes room for at least this many events.</summary>
    public void Grow(int capacity)
    {
        if (capacity > Capacity)
        {
            Capacity = Math.Max(capacity, 2 * Capacity);
            _bytes = GC.AllocateArray<byte>(Capacity * EpollEventLayout.Current.Size, pinned: true);
        }
    }

    /// <summary>
    /// The program's own 64 bits of the event at <paramref name="index"/>: the number under which its descriptor was added.
    /// </summary>
    public ulong Data(int index) => ReadData(_bytes, index, EpollEventLayout.Current);

    /// <summary>Writes one event at the start of the destination.</summary>
    public static void Write(Span<byte> destination, EpollEvents events, ulong data, EpollEventLayout layout)
    {
        destination[..layout.Size].Clear();
        MemoryMarshal.Write(destination, events);
        MemoryMarshal.Write(destination[layout.DataOffset..], data);
    }

    /// <summary>Reads the program's own 64 bits of the event at <paramref name="index"/>.</summary>
    public static ulong ReadData(ReadOnlySpan<byte> events, int index, EpollEventLayout layout) =>
        MemoryMarshal.Read<ulong>(events[((index * layout.Size) + layout.DataOffset)..]);
}
