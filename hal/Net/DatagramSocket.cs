using System;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Net;

/// <summary>A UDP socket of the kernel (udp(7)).</summary>
internal sealed unsafe class DatagramSocket : IDatagramSocket
{
    /// <summary>The highest Differentiated Services code point: the field has six bits (RFC 2474 section 3).</summary>
    private const int MaximumServiceCode = 63;

    /// <summary>The code point stands above the two bits of explicit congestion notification (RFC 3168 section 5).</summary>
    private const int ServiceCodeShift = 2;

    private readonly EventLoop _loop;
    private readonly Descriptor _socket;
    private readonly ulong _registration;
    private readonly AddressFamily _family;
    private readonly SendQueuePool _queues;
    private readonly SendQueue _queue;
    private ErrorQueue? _errors;
    private bool _closed;

    private DatagramSocket(EventLoop loop, SendQueuePool queues, Descriptor socket, ulong registration, NetworkEndpoint local)
    {
        _loop = loop;
        _socket = socket;
        _registration = registration;
        _family = KernelAddress.FamilyOf(local);
        _queues = queues;
        _queue = queues.Take();
        LocalEndpoint = local;
    }

    /// <inheritdoc/>
    public NetworkEndpoint LocalEndpoint { get; }

    /// <inheritdoc/>
    public long SendFailures { get; private set; }

    /// <summary>Datagrams that were longer than <see cref="DatagramBatch.DatagramSize"/>, and so dropped.</summary>
    public long OversizeDatagrams { get; private set; }

    /// <summary>Errors that the network reported to the socket, such as an ICMP message that a former datagram met with.</summary>
    public long NetworkErrors { get; private set; }

    /// <summary>What <see cref="IMachine.OpenDatagramSocket"/> promises.</summary>
    public static DatagramSocket? Open(
        EventLoop loop, SendQueuePool queues, NetworkEndpoint local, Readiness readiness, out string? problem)
    {
        AddressFamily family = KernelAddress.FamilyOf(local);
        Descriptor socket = OpenUdp(family);
        if (socket.IsInvalid || !TryPrepare(socket, local) || !TryBind(socket, local)
            || !SocketNames.TryGetName(socket, out NetworkEndpoint bound))
        {
            Errno cause = SystemError.Last;
            problem = SystemError.Sentence($"cannot bind {local}", cause);
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
        return new DatagramSocket(loop, queues, socket, registration, bound);
    }

    /// <summary>
    /// What <see cref="IMachine.FindLocalAddress"/> promises. Connecting a UDP socket sends nothing: it only looks up the route.
    /// </summary>
    public static NetworkEndpoint? FindLocalAddress(NetworkEndpoint remote)
    {
        using Descriptor socket = OpenUdp(KernelAddress.FamilyOf(remote));
        byte* address = stackalloc byte[KernelAddress.MaximumSize];
        int length = KernelAddress.Write(remote, KernelAddress.FamilyOf(remote), new Span<byte>(address, KernelAddress.MaximumSize));
        return !socket.IsInvalid
            && Sockets.Connect(socket, address, (uint)length) == 0
            && SocketNames.TryGetName(socket, out NetworkEndpoint local)
            && !local.IsUnspecified
            ? local.WithPort(0)
            : null;
    }

    /// <inheritdoc/>
    public int Receive(DatagramBatch batch)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        batch.Clear();
        MessageArray messages = batch.Messages;
        for (int index = 0; index < DatagramBatch.Capacity; index++)
        {
            messages.SetAddressLength(index, KernelAddress.MaximumSize);
        }

        int count = Sockets.Receive(_socket, messages.At(0), DatagramBatch.Capacity, MessageFlags.MSG_DONTWAIT, null);
        if (count < 0)
        {
            CountReceiveError(SystemError.Last);
            _errors?.Read(_socket);
            return 0;
        }

        for (int index = 0; index < count; index++)
        {
            Accept(batch, index);
        }

        return batch.Count;
    }

    /// <inheritdoc/>
    public void ReportUnreachable()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (!ErrorQueue.TryEnable(_socket, _family))
        {
            Errno cause = SystemError.Last;
            throw SystemError.Exception($"cannot have errors reported at {LocalEndpoint}", cause);
        }

        _errors = new ErrorQueue();
    }

    /// <inheritdoc/>
    public bool TryTakeUnreachable(out NetworkEndpoint destination)
    {
        destination = default;
        return _errors?.TryTake(out destination) == true;
    }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> datagram, NetworkEndpoint to)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (datagram.Length > SendQueue.CapacityBytes)
        {
            SendFailures++;
            return;
        }

        if (!_queue.HasRoomFor(datagram.Length))
        {
            Flush();
        }

        if (!_queue.TryAdd(datagram, to, _family))
        {
            SendFailures++;
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        int sent = 0;
        bool isRefused = false;
        while (sent < _queue.Count)
        {
            int count = Sockets.Send(_socket, _queue.Messages.At(sent), (uint)(_queue.Count - sent), MessageFlags.MSG_DONTWAIT);

            // With an error queue, the first refusal speaks of a former datagram that met with an error, and this one did not leave.
            bool isOfAFormerOne = count <= 0 && _errors is not null && !isRefused;
            isRefused = count <= 0;
            sent += count > 0 ? count : isOfAFormerOne ? 0 : CountSendError(SystemError.Last, _queue.Count - sent);
        }

        _queue.Clear();
    }

    /// <inheritdoc/>
    public void SetServiceCode(int dscp)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(dscp);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dscp, MaximumServiceCode);
        int field = dscp << ServiceCodeShift;

        // An IPv6 socket sends IPv4 too when it is bound to the unspecified address, so it has both marks. A refusal is not looked at:
        // the mark is a wish to the network, and every datagram arrives without it.
        _ = Sockets.SetOption(_socket, SocketLevel.IPPROTO_IP, (int)IpOption.IP_TOS, &field, sizeof(int));
        if (_family == AddressFamily.AF_INET6)
        {
            _ = Sockets.SetOption(_socket, SocketLevel.IPPROTO_IPV6, (int)Ipv6Option.IPV6_TCLASS, &field, sizeof(int));
        }
    }

    /// <summary>Sends what is queued, and closes. May be asked twice.</summary>
    public void Dispose()
    {
        if (!_closed)
        {
            Flush();
            _closed = true;
            _queues.GiveBack(_queue);
            _loop.Remove(_socket, _registration);
            _socket.Dispose();
        }
    }

    private static Descriptor OpenUdp(AddressFamily family) =>
        Sockets.Open(family, SocketType.SOCK_DGRAM | SocketType.SOCK_NONBLOCK | SocketType.SOCK_CLOEXEC, 0);

    /// <summary>An unspecified IPv6 address stands for IPv4 as well (RFC 3493 section 5.3), whatever the board's default is.</summary>
    private static bool TryPrepare(Descriptor socket, NetworkEndpoint local)
    {
        int only = local.IsUnspecified ? 0 : 1;
        return local.IsIPv4
            || Sockets.SetOption(socket, SocketLevel.IPPROTO_IPV6, (int)Ipv6Option.IPV6_V6ONLY, &only, sizeof(int)) == 0;
    }

    private static bool TryBind(Descriptor socket, NetworkEndpoint local)
    {
        byte* address = stackalloc byte[KernelAddress.MaximumSize];
        int length = KernelAddress.Write(local, KernelAddress.FamilyOf(local), new Span<byte>(address, KernelAddress.MaximumSize));
        return Sockets.Bind(socket, address, (uint)length) == 0;
    }

    private void Accept(DatagramBatch batch, int index)
    {
        MultipleMessageHeader* message = batch.Messages.At(index);
        if ((message->Header.Flags & MessageFlags.MSG_TRUNC) != 0)
        {
            OversizeDatagrams++;
        }
        else if (KernelAddress.TryRead(batch.Messages.Address(index), out NetworkEndpoint sender))
        {
            batch.Accept(index, (int)message->Length, sender);
        }
    }

    /// <summary>Reading an error of the network clears it; it speaks of a datagram that is lost, not of the socket.</summary>
    private void CountReceiveError(Errno error)
    {
        if (error is Errno.EBADF or Errno.EFAULT or Errno.EINVAL or Errno.ENOTSOCK)
        {
            throw SystemError.Exception($"cannot receive at {LocalEndpoint}", error);
        }

        if (error is not (Errno.EAGAIN or Errno.EINTR))
        {
            NetworkErrors++;
        }
    }

    /// <summary>Counts what is lost and returns how many datagrams that is.</summary>
    private int CountSendError(Errno error, int remaining)
    {
        if (error == Errno.EINTR)
        {
            return 0;
        }

        // A full socket buffer has no room for the others either; any other cause may concern this destination alone.
        int lost = error == Errno.EAGAIN ? remaining : 1;
        SendFailures += lost;
        return lost;
    }
}
