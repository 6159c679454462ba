using System;
using System.Runtime.InteropServices;

namespace IntercomAgent.Hal.Native;

/// <summary>read, write, poll, fcntl and close: what every descriptor understands.</summary>
internal static unsafe partial class FileDescriptors
{
    /// <summary>Returns how many bytes were read, 0 at the end of file, -1 for an error.</summary>
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(Descriptor descriptor, void* buffer, nuint count);

    /// <summary>Returns how many bytes were written, -1 for an error.</summary>
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(Descriptor descriptor, void* buffer, nuint count);

    /// <summary>Returns how many of the descriptors have something to say, -1 for an error.</summary>
    /// <param name="descriptors">The descriptors and what is asked of each.</param>
    /// <param name="count">How many.</param>
    /// <param name="timeout">Milliseconds; 0 never sleeps, -1 has no limit.</param>
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, int timeout);

    /// <summary>F_GETFD: returns the descriptor's flags, -1 when it is not open.</summary>
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(int descriptor, DescriptorCommand command, nint argument);

    /// <summary>Lets reads of a descriptor that nobody else has open return at once, with EAGAIN where there is nothing.</summary>
    public static Errno SetNonBlocking(Descriptor descriptor)
    {
        int status = Control(descriptor.Number, DescriptorCommand.F_GETFL, 0);
        return status >= 0 && Control(descriptor.Number, DescriptorCommand.F_SETFL, status | (int)StatusFlags.O_NONBLOCK) >= 0
            ? Errno.None
            : SystemError.Last;
    }

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);
}

/// <summary>What fcntl is asked (bits/fcntl-linux.h).</summary>
internal enum DescriptorCommand
{
    F_GETFD = 1,
    F_GETFL = 3,
    F_SETFL = 4,
}

/// <summary>How a file is open (asm-generic/fcntl.h); the values are those of x86-64 and of ARM alike.</summary>
[Flags]
internal enum StatusFlags
{
    O_RDWR = 0x2,
    O_NONBLOCK = 0x800,
    O_CLOEXEC = 0x80000,
}

/// <summary>What <see cref="DescriptorCommand.F_GETFD"/> answers (bits/fcntl-linux.h).</summary>
[Flags]
internal enum DescriptorFlags
{
    FD_CLOEXEC = 1,
}

/// <summary>struct pollfd.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    public int Descriptor;
    public PollEvents Events;
    public PollEvents Returned;
}

/// <summary>What poll is asked and answers (bits/poll.h).</summary>
[Flags]
internal enum PollEvents : short
{
    POLLIN = 0x0001,
    POLLOUT = 0x0004,
    POLLERR = 0x0008,
    POLLHUP = 0x0010,
    POLLNVAL = 0x0020,
}
