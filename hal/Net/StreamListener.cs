using System;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Net;

/// <summary>A TCP socket of the kernel that listens (listen(2)).</summary>
internal sealed unsafe class StreamListener : IStreamListener
{
    private readonly EventLoop _loop;
    private readonly Descriptor _socket;
    private readonly ulong _registration;
    private bool _disposed;

    private StreamListener(EventLoop loop, Descriptor socket, ulong registration, NetworkEndpoint local)
    {
        _loop = loop;
        _socket = socket;
        _registration = registration;
        LocalEndpoint = local;
    }

    /// <inheritdoc/>
    public NetworkEndpoint LocalEndpoint { get; }

    /// <summary>What <see cref="IMachine.OpenStreamListener"/> promises.</summary>
    public static StreamListener? Open(EventLoop loop, NetworkEndpoint local, Readiness readiness, out string? problem)
    {
        AddressFamily family = KernelAddress.FamilyOf(local);
        Descriptor socket = Sockets.Open(family, SocketType.SOCK_STREAM | SocketType.SOCK_NONBLOCK | SocketType.SOCK_CLOEXEC, 0);
        if (socket.IsInvalid || !TryPrepare(socket, local) || !TryBind(socket, local) || Sockets.Listen(socket, StreamSettings.Backlog) != 0
            || !SocketNames.TryGetName(socket, out NetworkEndpoint bound))
        {
            Errno cause = SystemError.Last;
            problem = SystemError.Sentence($"cannot listen at {local} for TCP", cause);
            socket.Dispose();
            return null;
        }

        Errno error = loop.TryAdd(socket, EpollEvents.EPOLLIN, readiness, out ulong registration);
        if (error != Errno.None)
        {
            problem = SystemError.Sentence($"cannot wait for {local}", error);
            socket.Dispose();
            return null;
        }

        problem = null;
        return new StreamListener(loop, socket, registration, bound);
    }

    /// <inheritdoc/>
    public IStreamConnection? Accept(Readiness readiness)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        byte* address = stackalloc byte[KernelAddress.MaximumSize];
        uint length = KernelAddress.MaximumSize;
        Descriptor socket = Sockets.Accept(_socket, address, &length, SocketType.SOCK_NONBLOCK | SocketType.SOCK_CLOEXEC);
        ReadOnlySpan<byte> from = new(address, KernelAddress.MaximumSize);
        if (!socket.IsInvalid && KernelAddress.TryRead(from, out NetworkEndpoint remote))
        {
            return StreamConnection.Accepted(_loop, socket, remote, readiness);
        }

        // Nobody waits any more, or the process has too many descriptors: either passes.
        socket.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _loop.Remove(_socket, _registration);
            _socket.Dispose();
        }
    }

    /// <summary>
    /// SO_REUSEADDR lets a restarted agent listen although connections of its former life still linger; an unspecified IPv6 address
    /// stands for IPv4 as well (RFC 3493 section 5.3).
    /// </summary>
    private static bool TryPrepare(Descriptor socket, NetworkEndpoint local)
    {
        int on = 1;
        int only = local.IsUnspecified ? 0 : 1;
        return Sockets.SetOption(socket, SocketLevel.SOL_SOCKET, (int)SocketOption.SO_REUSEADDR, &on, sizeof(int)) == 0
            && (local.IsIPv4
                || Sockets.SetOption(socket, SocketLevel.IPPROTO_IPV6, (int)Ipv6Option.IPV6_V6ONLY, &only, sizeof(int)) == 0);
    }

    private static bool TryBind(Descriptor socket, NetworkEndpoint local)
    {
        byte* address = stackalloc byte[KernelAddress.MaximumSize];
        int length = KernelAddress.Write(local, KernelAddress.FamilyOf(local), new Span<byte>(address, KernelAddress.MaximumSize));
        return Sockets.Bind(socket, address, (uint)length) == 0;
    }
}
