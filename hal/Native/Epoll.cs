using System;
using System.Runtime.InteropServices;

namespace IntercomAgent.Hal.Native;

/// <summary>epoll(7): waiting for many descriptors at once.</summary>
internal static unsafe partial class Epoll
{
    /// <summary>EPOLL_CLOEXEC.</summary>
    public const int CloseOnExec = 0x80000;

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial Descriptor Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int Control(Descriptor epoll, EpollOperation operation, Descriptor descriptor, void* happening);

    /// <summary>Returns how many events were written, -1 for an error.</summary>
    /// <param name="epoll">The epoll descriptor.</param>
    /// <param name="events">Room for the events, laid out as <see cref="EpollEventLayout"/> says.</param>
    /// <param name="capacity">For how many events there is room.</param>
    /// <param name="timeout">Milliseconds; 0 never sleeps, -1 has no limit.</param>
    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int Wait(Descriptor epoll, void* events, int capacity, int timeout);
}

/// <summary>What epoll_ctl does with a descriptor (sys/epoll.h).</summary>
internal enum EpollOperation
{
    EPOLL_CTL_ADD = 1,
    EPOLL_CTL_DEL = 2,
    EPOLL_CTL_MOD = 3,
}

/// <summary>What a descriptor is waited for (sys/epoll.h). EPOLLERR and EPOLLHUP are always reported.</summary>
[Flags]
internal enum EpollEvents : uint
{
    EPOLLIN = 0x001,
    EPOLLOUT = 0x004,
    EPOLLERR = 0x008,
    EPOLLHUP = 0x010,
}
