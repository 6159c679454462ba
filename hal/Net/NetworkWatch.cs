using System;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Net;

/// <summary>The kernel's news of links, addresses and routes, by a netlink socket in the loop (netlink(7), rtnetlink(7)).</summary>
internal sealed unsafe class NetworkWatch : INetworkWatch
{
    /// <summary>Bytes of one read: the kernel gives no more than a page or 32 KB at once, and news are short.</summary>
    private const int BufferSize = 8192;

    private readonly EventLoop _loop;
    private readonly Descriptor _socket;
    private readonly ulong _registration;
    private readonly LinkNews _news = new();
    private bool _disposed;

    private NetworkWatch(EventLoop loop, Descriptor socket, ulong registration)
    {
        _loop = loop;
        _socket = socket;
        _registration = registration;
    }

    /// <summary>What <see cref="IMachine.OpenNetworkWatch"/> promises.</summary>
    public static NetworkWatch? Open(EventLoop loop, Readiness readiness, out string? problem)
    {
        Descriptor socket = Sockets.Open(
            AddressFamily.AF_NETLINK, SocketType.SOCK_RAW | SocketType.SOCK_NONBLOCK | SocketType.SOCK_CLOEXEC, Netlink.Route);
        NetlinkAddress address = new()
        {
            Family = AddressFamily.AF_NETLINK,
            Groups = NetlinkGroups.RTMGRP_LINK | NetlinkGroups.RTMGRP_IPV4_IFADDR | NetlinkGroups.RTMGRP_IPV4_ROUTE
                | NetlinkGroups.RTMGRP_IPV6_IFADDR | NetlinkGroups.RTMGRP_IPV6_ROUTE,
        };
        if (socket.IsInvalid || Sockets.Bind(socket, (byte*)&address, (uint)sizeof(NetlinkAddress)) != 0)
        {
            problem = SystemError.Sentence("cannot watch the network", SystemError.Last);
            socket.Dispose();
            return null;
        }

        Errno error = loop.TryAdd(socket, EpollEvents.EPOLLIN, readiness, out ulong registration);
        if (error != Errno.None)
        {
            problem = SystemError.Sentence("cannot wait for news of the network", error);
            socket.Dispose();
            return null;
        }

        problem = null;
        return new NetworkWatch(loop, socket, registration);
    }

    /// <inheritdoc/>
    public bool TryTake(out NetworkChange change)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        byte* buffer = stackalloc byte[BufferSize];
        bool isMore = true;
        while (isMore)
        {
            nint count = FileDescriptors.Read(_socket, buffer, BufferSize);
            Errno error = count < 0 ? SystemError.Last : Errno.None;
            if (count > 0)
            {
                _news.Receive(new ReadOnlySpan<byte>(buffer, (int)count));
            }
            else if (error == Errno.ENOBUFS)
            {
                // The socket's buffer was full, and the kernel has dropped what did not fit.
                _news.Lose();
            }

            isMore = count > 0 || error is Errno.ENOBUFS or Errno.EINTR;
        }

        return _news.TryTake(out change);
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
}
