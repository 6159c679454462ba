using System;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Net;

/// <summary>A TCP connection of the kernel (tcp(7)).</summary>
internal sealed unsafe class StreamConnection : IStreamConnection
{
    private const EpollEvents Reading = EpollEvents.EPOLLIN;
    private const EpollEvents ReadingAndWriting = EpollEvents.EPOLLIN | EpollEvents.EPOLLOUT;

    private readonly EventLoop _loop;
    private readonly Descriptor _socket;
    private readonly ulong _registration;
    private byte[] _queue = [];
    private EpollEvents _events;
    private bool _isFinishing;
    private bool _isFinished;
    private bool _disposed;

    private StreamConnection(
        EventLoop loop, Descriptor socket, ulong registration, EpollEvents events, StreamState state, NetworkEndpoint local,
        NetworkEndpoint remote)
    {
        _loop = loop;
        _socket = socket;
        _registration = registration;
        _events = events;
        State = state;
        LocalEndpoint = local;
        RemoteEndpoint = remote;
    }

    /// <inheritdoc/>
    public NetworkEndpoint LocalEndpoint { get; private set; }

    /// <inheritdoc/>
    public NetworkEndpoint RemoteEndpoint { get; }

    /// <inheritdoc/>
    public StreamState State { get; private set; }

    /// <inheritdoc/>
    public string? Problem { get; private set; }

    /// <inheritdoc/>
    public bool IsPeerDone { get; private set; }

    /// <inheritdoc/>
    public int Queued { get; private set; }

    /// <summary>What <see cref="IMachine.ConnectStream"/> promises.</summary>
    public static StreamConnection? Connect(EventLoop loop, NetworkEndpoint remote, Readiness readiness, out string? problem)
    {
        AddressFamily family = KernelAddress.FamilyOf(remote);
        Descriptor socket = Sockets.Open(family, SocketType.SOCK_STREAM | SocketType.SOCK_NONBLOCK | SocketType.SOCK_CLOEXEC, 0);
        byte* address = stackalloc byte[KernelAddress.MaximumSize];
        int length = KernelAddress.Write(remote, family, new Span<byte>(address, KernelAddress.MaximumSize));
        Errno error = socket.IsInvalid || Sockets.Connect(socket, address, (uint)length) != 0 ? SystemError.Last : Errno.None;
        if (error is not (Errno.None or Errno.EINPROGRESS))
        {
            problem = SystemError.Sentence($"cannot connect to {remote}", error);
            socket.Dispose();
            return null;
        }

        SetOptions(socket);
        return Watch(loop, socket, ReadingAndWriting, readiness, StreamState.Connecting, remote, out problem);
    }

    /// <summary>A connection that a listener took; null when the kernel cannot wait for it.</summary>
    public static StreamConnection? Accepted(EventLoop loop, Descriptor socket, NetworkEndpoint remote, Readiness readiness)
    {
        SetOptions(socket);
        return Watch(loop, socket, Reading, readiness, StreamState.Open, remote, out _);
    }

    /// <inheritdoc/>
    public int Receive(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (State == StreamState.Connecting)
        {
            FinishConnecting();
        }

        SendQueued();
        if (State != StreamState.Open || IsPeerDone)
        {
            return 0;
        }

        nint count;
        fixed (byte* start = buffer)
        {
            count = FileDescriptors.Read(_socket, start, (nuint)buffer.Length);
        }

        if (count < 0)
        {
            FailUnlessTemporary(SystemError.Last);
        }

        if (count == 0 && buffer.Length > 0)
        {
            IsPeerDone = true;
            WaitFor();
        }

        return Math.Max(0, (int)count);
    }

    /// <inheritdoc/>
    public bool TrySend(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (State == StreamState.Closed || _isFinishing || Queued + bytes.Length > StreamSettings.QueueBytes)
        {
            return false;
        }

        int sent = State == StreamState.Open && Queued == 0 ? Write(bytes) : 0;
        if (State == StreamState.Closed)
        {
            return false;
        }

        Enqueue(bytes[sent..]);
        WaitFor();
        return true;
    }

    /// <inheritdoc/>
    public void FinishSending()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _isFinishing = true;
        FinishIfEmpty();
    }

    /// <summary>Closes at once; what is queued is lost. May be asked twice.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _loop.Remove(_socket, _registration);
            _socket.Dispose();
            State = StreamState.Closed;
        }
    }

    private static StreamConnection? Watch(
        EventLoop loop, Descriptor socket, EpollEvents events, Readiness readiness, StreamState state, NetworkEndpoint remote,
        out string? problem)
    {
        Errno error = loop.TryAdd(socket, events, readiness, out ulong registration);
        if (error != Errno.None)
        {
            problem = SystemError.Sentence($"cannot wait for {remote}", error);
            socket.Dispose();
            return null;
        }

        problem = null;
        _ = SocketNames.TryGetName(socket, out NetworkEndpoint local);
        return new StreamConnection(loop, socket, registration, events, state, local, remote);
    }

    /// <summary>No option is needed for bytes to arrive, so a refusal is not looked at.</summary>
    private static void SetOptions(Descriptor socket)
    {
        Set(socket, SocketLevel.IPPROTO_TCP, (int)TcpOption.TCP_NODELAY, 1);
        Set(socket, SocketLevel.SOL_SOCKET, (int)SocketOption.SO_KEEPALIVE, 1);
        Set(socket, SocketLevel.IPPROTO_TCP, (int)TcpOption.TCP_KEEPIDLE, StreamSettings.KeepAliveIdle);
        Set(socket, SocketLevel.IPPROTO_TCP, (int)TcpOption.TCP_KEEPINTVL, StreamSettings.KeepAliveInterval);
        Set(socket, SocketLevel.IPPROTO_TCP, (int)TcpOption.TCP_KEEPCNT, StreamSettings.KeepAliveCount);
        Set(socket, SocketLevel.IPPROTO_TCP, (int)TcpOption.TCP_USER_TIMEOUT, StreamSettings.UserTimeout);
    }

    private static void Set(Descriptor socket, SocketLevel level, int option, int value) =>
        _ = Sockets.SetOption(socket, level, option, &value, sizeof(int));

    private void FinishConnecting()
    {
        Errno error = SocketNames.TakeError(_socket);
        if (error != Errno.None)
        {
            Fail($"cannot connect to {RemoteEndpoint}", error);
            return;
        }

        // Still under way when something else made the caller look.
        if (SocketNames.IsConnected(_socket))
        {
            State = StreamState.Open;
            _ = SocketNames.TryGetName(_socket, out NetworkEndpoint local);
            LocalEndpoint = local;
            WaitFor();
        }
    }

    private void SendQueued()
    {
        if (State != StreamState.Open || Queued == 0)
        {
            return;
        }

        int sent = Write(_queue.AsSpan(0, Queued));
        _queue.AsSpan(sent, Queued - sent).CopyTo(_queue);
        Queued -= sent;
        if (State == StreamState.Open)
        {
            WaitFor();
            FinishIfEmpty();
        }
    }

    private int Write(ReadOnlySpan<byte> bytes)
    {
        nint count;
        fixed (byte* start = bytes)
        {
            count = Sockets.SendBytes(_socket, start, (nuint)bytes.Length, MessageFlags.MSG_DONTWAIT | MessageFlags.MSG_NOSIGNAL);
        }

        if (count < 0)
        {
            FailUnlessTemporary(SystemError.Last);
        }

        return Math.Max(0, (int)count);
    }

    private void Enqueue(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        if (_queue.Length == 0)
        {
            _queue = new byte[StreamSettings.QueueBytes];
        }

        bytes.CopyTo(_queue.AsSpan(Queued));
        Queued += bytes.Length;
    }

    private void FinishIfEmpty()
    {
        if (_isFinishing && !_isFinished && Queued == 0 && State == StreamState.Open)
        {
            _isFinished = true;
            _ = Sockets.Shutdown(_socket, ShutdownDirection.SHUT_WR);
        }
    }

    /// <summary>Room to write is only waited for while something waits for it: else the connection would be ready for ever.</summary>
    private void WaitFor()
    {
        EpollEvents events = (IsPeerDone ? 0 : Reading) | (State == StreamState.Connecting || Queued > 0 ? EpollEvents.EPOLLOUT : 0);
        if (events != _events && State != StreamState.Closed)
        {
            _events = events;
            _loop.Change(_socket, _registration, events);
        }
    }

    private void FailUnlessTemporary(Errno error)
    {
        if (error is not (Errno.EAGAIN or Errno.EINTR))
        {
            Fail($"the connection with {RemoteEndpoint} broke", error);
        }
    }

    private void Fail(string what, Errno error)
    {
        State = StreamState.Closed;
        Problem = SystemError.Sentence(what, error);
        Queued = 0;

        // The kernel reports a broken connection for as long as it is waited for.
        _loop.Remove(_socket, _registration);
    }
}
