using System;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Gpio;

/// <summary>
/// A panel whose buttons are lines on standard input (<see cref="PressLines"/>); the strike is only told. At the end of the input the
/// panel falls silent. Regular files and /dev/null cannot be waited for (epoll(7): EPERM), and never make a reader wait either: they
/// are read whenever the loop turns, until their end.
/// </summary>
internal sealed unsafe class StandardInputPanel : IDoorPanel, IDuePort
{
    /// <summary>Bytes read at once: more than a person types; a flood of lines cannot keep the loop for longer than these last.</summary>
    private const int ReadSize = 256;

    private const int NoButton = -1;

    private readonly EventLoop _loop;
    private readonly Descriptor _input;
    private readonly PressLines _lines = new();
    private readonly byte[] _bytes = new byte[ReadSize];
    private ulong _registration;
    private State _state;
    private int _start;
    private int _end;
    private int _pressed = NoButton;
    private bool _closed;

    private StandardInputPanel(EventLoop loop, Descriptor input)
    {
        _loop = loop;
        _input = input;
    }

    private enum State
    {
        /// <summary>epoll says when there is input.</summary>
        Waited,

        /// <summary>Always readable.</summary>
        File,

        /// <summary>Nothing will come any more.</summary>
        Ended,
    }

    /// <summary>Whether the strike is energised now.</summary>
    public bool StrikeOpen { get; private set; }

    /// <inheritdoc/>
    public long DueAt => _start < _end || _pressed != NoButton || _state == State.File ? 0 : long.MaxValue;

    /// <summary>Opens the panel; failure gives null and a sentence. The descriptor becomes the panel's.</summary>
    public static StandardInputPanel? Open(EventLoop loop, Descriptor input, Readiness readiness, out string? problem)
    {
        StandardInputPanel panel = new(loop, input);
        Errno error = loop.TryAdd(input, EpollEvents.EPOLLIN, readiness, out panel._registration);
        switch (error)
        {
            case Errno.None:
                panel._state = State.Waited;
                break;
            case Errno.EPERM:
                panel._state = State.File;
                break;
            case Errno.EBADF:
                // Closed before the program started: there is nobody to press.
                panel._state = State.Ended;
                break;
            default:
                problem = SystemError.Sentence("cannot wait for standard input", error);
                input.Dispose();
                return null;
        }

        loop.Add(panel, readiness);
        problem = null;
        return panel;
    }

    /// <inheritdoc/>
    public bool TryRead(out PanelEvent happened)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        happened = default;
        if (_pressed != NoButton)
        {
            happened = new PanelEvent(PanelInput.Button, _pressed, IsActive: false, _loop.Now);
            _pressed = NoButton;
            return true;
        }

        if (!TryFindPress(out int button))
        {
            return false;
        }

        _pressed = button;
        happened = new PanelEvent(PanelInput.Button, button, IsActive: true, _loop.Now);
        return true;
    }

    /// <inheritdoc/>
    public void Set(PanelOutput output, bool on)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        StrikeOpen = output == PanelOutput.Strike ? on : StrikeOpen;
    }

    /// <summary>Lets the strike go and leaves standard input alone. May be asked twice.</summary>
    public void Dispose()
    {
        if (!_closed)
        {
            StrikeOpen = false;
            EndInput();
            _closed = true;
            _loop.Remove((IDuePort)this);
            _input.Dispose();
        }
    }

    private bool TryFindPress(out int button)
    {
        do
        {
            ReadOnlySpan<byte> input = _bytes.AsSpan(_start.._end);
            bool found = _lines.TryTake(ref input, out button);
            _start = _end - input.Length;
            if (found)
            {
                return true;
            }
        }
        while (TryFill());

        return _state == State.Ended && _lines.EndLine(out button);
    }

    /// <summary>
    /// Reads what there is; false when there is nothing. Standard input is asked before it is read instead of being made non-blocking:
    /// that flag belongs to the terminal as others have it open as well, the shell and our own standard error among them.
    /// </summary>
    private bool TryFill()
    {
        if (_state == State.Ended || !HasInput())
        {
            return false;
        }

        nint count;
        fixed (byte* buffer = _bytes)
        {
            count = FileDescriptors.Read(_input, buffer, ReadSize);
        }

        if (count > 0)
        {
            _start = 0;
            _end = (int)count;
            return true;
        }

        // A terminal that has hung up gives EIO: that is an end as well.
        if (count == 0 || SystemError.Last is not (Errno.EINTR or Errno.EAGAIN))
        {
            EndInput();
        }

        return false;
    }

    private bool HasInput()
    {
        PollDescriptor question = new() { Descriptor = _input.Number, Events = PollEvents.POLLIN };
        return FileDescriptors.Poll(&question, 1, 0) > 0;
    }

    private void EndInput()
    {
        if (_state == State.Waited)
        {
            _loop.Remove(_input, _registration);
        }

        _state = State.Ended;
    }
}
