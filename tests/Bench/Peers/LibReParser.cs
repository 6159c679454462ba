using System.Runtime.InteropServices;

namespace IntercomAgent.Tests.Bench.Peers;

/// <summary>The parser of Debian's libre, which baresip reads SIP with (re_sip.h and re_mbuf.h of version 1.1).</summary>
internal static unsafe partial class LibReParser
{
    private const string Library = "libre.so.0";

    /// <summary>Reads a message and lets it go; whether it was one.</summary>
    public static bool Parse(byte[] datagram)
    {
        nint message = Decode(datagram);
        bool isMessage = message != 0;
        _ = mem_deref(message);
        return isMessage;
    }

    /// <summary>Bytes of its heap that a message takes that was read, the copy of the datagram not counted.</summary>
    public static double Footprint(byte[] datagram)
    {
        const int Messages = 1000;
        nint[] kept = new nint[Messages];
        nuint before = mallinfo2().InUse;
        for (int index = 0; index < Messages; index++)
        {
            kept[index] = Decode(datagram);
        }

        nuint taken = mallinfo2().InUse - before;
        foreach (nint message in kept)
        {
            _ = mem_deref(message);
        }

        return ((double)taken / Messages) - datagram.Length;
    }

    private static nint Decode(byte[] datagram)
    {
        Buffer* buffer = mbuf_alloc((nuint)datagram.Length);
        fixed (byte* bytes = datagram)
        {
            _ = mbuf_write_mem(buffer, bytes, (nuint)datagram.Length);
        }

        buffer->Position = 0;
        nint message = 0;
        int error = sip_msg_decode(&message, buffer);
        _ = mem_deref((nint)buffer);
        return error == 0 ? message : 0;
    }

    [LibraryImport(Library)]
    private static partial Buffer* mbuf_alloc(nuint size);

    [LibraryImport(Library)]
    private static partial int mbuf_write_mem(Buffer* buffer, byte* bytes, nuint size);

    [LibraryImport(Library)]
    private static partial int sip_msg_decode(nint* message, Buffer* buffer);

    [LibraryImport(Library)]
    private static partial nint mem_deref(nint data);

    [LibraryImport("libc")]
    private static partial HeapInformation mallinfo2();

    // struct mbuf
    [StructLayout(LayoutKind.Sequential)]
    private struct Buffer
    {
        public byte* Bytes;
        public nuint Size;
        public nuint Position;
        public nuint End;
    }

    // struct mallinfo2
    [StructLayout(LayoutKind.Sequential)]
    private struct HeapInformation
    {
        public nuint Arena;
        public nuint OrdinaryBlocks;
        public nuint SmallBlocks;
        public nuint MappedBlocks;
        public nuint MappedBytes;
        public nuint MostUsed;
        public nuint FreeFastBytes;
        public nuint InUse;
        public nuint Free;
        public nuint Releasable;
    }
}
