using System.Runtime.InteropServices;

namespace IntercomAgent.Hal.Native;

/// <summary>
/// How struct epoll_event lies in memory: 32 bits of events and 64 bits of the program's own. The kernel packs it on x86-64
/// (EPOLL_PACKED in linux/eventpoll.h), so that it is the same as on 32-bit x86; everywhere else the 64 bits are aligned.
/// </summary>
/// <param name="Size">Bytes from one event to the next.</param>
/// <param name="DataOffset">Bytes before the program's own 64 bits.</param>
internal readonly record struct EpollEventLayout(int Size, int DataOffset)
{
    /// <summary>The layout on the processor that we run on.</summary>
    public static readonly EpollEventLayout Current = Of(RuntimeInformation.ProcessArchitecture);

    /// <summary>The layout on a processor.</summary>
    public static EpollEventLayout Of(Architecture processor) =>
        processor is Architecture.X64 or Architecture.X86 ? new(12, 4) : new(16, 8);
}
