using System;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Loop;

/// <summary>SIGTERM, SIGINT and SIGHUP, read from a descriptor (signalfd(2)).</summary>
internal sealed unsafe class SignalPort : ISignalPort
{
    private readonly EventLoop _loop;
    private readonly Descriptor _descriptor;
    private readonly ulong _registration;
    private bool _closed;

    public SignalPort(EventLoop loop, Readiness readiness)
    {
        if (!SignalMask.IsInherited())
        {
            throw new InvalidOperationException("The signals are not blocked: SignalMask.TryInherit comes first.");
        }

        SignalSet signals = SignalMask.Signals;
        _loop = loop;
        _descriptor = Native.Signals.OpenDescriptor(-1, &signals, SignalDescriptorFlags.SFD_NONBLOCK | SignalDescriptorFlags.SFD_CLOEXEC);
        if (_descriptor.IsInvalid)
        {
            throw SystemError.Exception("cannot open the signal descriptor", SystemError.Last);
        }

        Errno error = loop.TryAdd(_descriptor, EpollEvents.EPOLLIN, readiness, out _registration);
        if (error != Errno.None)
        {
            _descriptor.Dispose();
            throw new InvalidOperationException(SystemError.Sentence("cannot wait for signals", error));
        }
    }

    /// <summary>Whether it has been closed, so that another may be opened.</summary>
    public bool IsClosed => _closed;

    /// <inheritdoc/>
    public bool TryRead(out Signal signal)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        signal = default;
        SignalInformation information;
        nint count;
        do
        {
            count = FileDescriptors.Read(_descriptor, &information, (nuint)sizeof(SignalInformation));
        }
        while (count < 0 && SystemError.Last == Errno.EINTR);

        if (count < 0)
        {
            return SystemError.Last == Errno.EAGAIN
                ? false
                : throw SystemError.Exception("cannot read the signal descriptor", SystemError.Last);
        }

        signal = information.Number switch
        {
            SignalNumber.SIGTERM => Signal.Terminate,
            SignalNumber.SIGINT => Signal.Interrupt,
            SignalNumber.SIGHUP => Signal.HangUp,
        };
        return true;
    }

    /// <summary>Closes the descriptor; the signals stay blocked. May be asked twice.</summary>
    public void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            _loop.Remove(_descriptor, _registration);
            _descriptor.Dispose();
        }
    }
}
