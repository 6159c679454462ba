using System;
using System.Runtime.InteropServices;

namespace IntercomAgent.Hal.Native;

/// <summary>The socket calls of socket(2), ip(7), ipv6(7), recvmmsg(2) and sendmmsg(2).</summary>
internal static unsafe partial class Sockets
{
    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial Descriptor Open(AddressFamily family, SocketType type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(Descriptor socket, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(Descriptor socket, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
    public static partial int Listen(Descriptor socket, int backlog);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    public static partial Descriptor Accept(Descriptor socket, byte* address, uint* length, SocketType flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(Descriptor socket, ShutdownDirection direction);

    /// <summary>Returns how many bytes the kernel took, -1 for an error.</summary>
    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint SendBytes(Descriptor socket, byte* bytes, nuint count, MessageFlags flags);

    [LibraryImport("libc", EntryPoint = "getpeername", SetLastError = true)]
    public static partial int GetPeerName(Descriptor socket, byte* address, uint* length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(Descriptor socket, SocketLevel level, int option, void* value, uint* length);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    public static partial int GetName(Descriptor socket, byte* address, uint* length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(Descriptor socket, SocketLevel level, int option, void* value, uint length);

    /// <summary>Returns how many datagrams were received, -1 for an error.</summary>
    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int Receive(Descriptor socket, MultipleMessageHeader* messages, uint count, MessageFlags flags, void* timeout);

    /// <summary>Returns the length of the datagram or error that was received, -1 when there is none.</summary>
    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint ReceiveOne(Descriptor socket, MessageHeader* message, MessageFlags flags);

    /// <summary>Returns how many datagrams were sent, at least one; -1 when the first one failed.</summary>
    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int Send(Descriptor socket, MultipleMessageHeader* messages, uint count, MessageFlags flags);
}

/// <summary>bits/socket.h</summary>
internal enum AddressFamily : ushort
{
    AF_UNSPEC = 0,
    AF_UNIX = 1,
    AF_INET = 2,
    AF_INET6 = 10,
    AF_NETLINK = 16,
}

/// <summary>bits/socket_type.h</summary>
[Flags]
internal enum SocketType
{
    SOCK_STREAM = 1,
    SOCK_DGRAM = 2,
    SOCK_RAW = 3,
    SOCK_NONBLOCK = 0x800,
    SOCK_CLOEXEC = 0x80000,
}

/// <summary>Whose option is set.</summary>
internal enum SocketLevel
{
    IPPROTO_IP = 0,
    SOL_SOCKET = 1,
    IPPROTO_TCP = 6,
    IPPROTO_IPV6 = 41,
}

/// <summary>Options at <see cref="SocketLevel.SOL_SOCKET"/> (asm-generic/socket.h), on x86-64 and on ARM alike.</summary>
internal enum SocketOption
{
    SO_REUSEADDR = 2,
    SO_ERROR = 4,
    SO_KEEPALIVE = 9,
}

/// <summary>Options at <see cref="SocketLevel.IPPROTO_TCP"/> (netinet/tcp.h).</summary>
internal enum TcpOption
{
    TCP_NODELAY = 1,
    TCP_KEEPIDLE = 4,
    TCP_KEEPINTVL = 5,
    TCP_KEEPCNT = 6,
    TCP_USER_TIMEOUT = 18,
}

/// <summary>Which half of a connection ends (sys/socket.h).</summary>
internal enum ShutdownDirection
{
    SHUT_WR = 1,
}

/// <summary>Options at <see cref="SocketLevel.IPPROTO_IP"/> (bits/in.h).</summary>
internal enum IpOption
{
    IP_TOS = 1,
    IP_RECVERR = 11,
}

/// <summary>Options at <see cref="SocketLevel.IPPROTO_IPV6"/> (bits/in.h).</summary>
internal enum Ipv6Option
{
    IPV6_RECVERR = 25,
    IPV6_V6ONLY = 26,
    IPV6_TCLASS = 67,
}

/// <summary>bits/socket.h</summary>
[Flags]
internal enum MessageFlags
{
    None = 0,
    MSG_TRUNC = 0x20,
    MSG_DONTWAIT = 0x40,
    MSG_ERRQUEUE = 0x2000,
    MSG_NOSIGNAL = 0x4000,
}

/// <summary>struct iovec: where bytes lie.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Start;
    public nuint Length;
}

/// <summary>struct msghdr: one datagram, its address and its bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public byte* Name;
    public uint NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public void* Control;
    public nuint ControlLength;
    public MessageFlags Flags;
}

/// <summary>struct cmsghdr: what stands before each piece of a message's control data (cmsg(3)). The pieces are aligned like it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ControlHeader
{
    /// <summary>Of this header and the data behind it.</summary>
    public nuint Length;
    public SocketLevel Level;
    public int Type;
}

/// <summary>struct sock_extended_err (linux/errqueue.h), as far as it is read.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ExtendedError
{
    public uint Number;
    public ErrorOrigin Origin;
    public byte Type;
    public byte Code;
    public byte Padding;
    public uint Information;
    public uint Data;
}

/// <summary>Who reported an error (linux/errqueue.h).</summary>
internal enum ErrorOrigin : byte
{
    SO_EE_ORIGIN_ICMP = 2,
    SO_EE_ORIGIN_ICMP6 = 3,
}

/// <summary>struct mmsghdr: one datagram of several, and how long it was.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MultipleMessageHeader
{
    public MessageHeader Header;
    public uint Length;
}
