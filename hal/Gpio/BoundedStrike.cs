using System;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Gpio;

/// <summary>
/// The line of the strike, with its second bound: the station has a pulse of its own, and this lets the strike go after its maximum even
/// if the station never says so. It is independent of all but the loop: a loop that hangs is ended by the watchdog, and then the
/// kernel gives the line back. It owns the line.
/// </summary>
internal sealed class BoundedStrike : ILoopTimer, IDisposable
{
    /// <summary>How soon a line that does not obey is told again: often enough for a door, seldom enough for a loop.</summary>
    private const long RetryPause = 100_000_000;

    private readonly EventLoop _loop;
    private readonly LineRequest _line;
    private readonly bool _activeWhenClosed;
    private readonly long _maximum;
    private bool _wanted;
    private bool _mustRest;
    private bool _isDisobedient;
    private bool _closed;

    public BoundedStrike(EventLoop loop, LineRequest line, LockKind kind, TimeSpan maximum)
    {
        _loop = loop;
        _line = line;
        _activeWhenClosed = IsActiveWhenClosed(kind);
        _maximum = maximum.Ticks * TimeSpan.NanosecondsPerTick;
        loop.Add(this);
    }

    /// <inheritdoc/>
    public long DueAt { get; private set; } = long.MaxValue;

    /// <summary>What went wrong, in words, until it is taken; null when nothing did.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether the line is active while the door is locked: the safe level.</summary>
    public static bool IsActiveWhenClosed(LockKind kind) => kind == LockKind.FailSafe;

    /// <summary>
    /// Opens or closes. Asking again while it is open does not prolong it; after it was let go here, closing it comes before opening it.
    /// </summary>
    public void Set(bool open)
    {
        _mustRest &= open;
        bool opens = open && !_wanted && !_mustRest;
        _wanted = open && !_mustRest;
        if (opens)
        {
            // The time of the turn is not later than the true time: the strike never gets more than its maximum.
            DueAt = _loop.Now + _maximum;
            if (_line.SetValue(!_activeWhenClosed) is not Errno.None and Errno error)
            {
                Problem = SystemError.Sentence($"cannot open the strike, line {_line.Name}", error);
            }
        }
        else if (!open)
        {
            Close();
        }
    }

    /// <summary>Takes what went wrong; null when nothing did.</summary>
    public string? TakeProblem()
    {
        string? problem = Problem;
        Problem = null;
        return problem;
    }

    /// <inheritdoc/>
    public void Fire()
    {
        if (_wanted)
        {
            _wanted = false;
            _mustRest = true;
            Problem = "the strike was let go as it was open for its maximum";
        }

        Close();
    }

    /// <summary>Closes the strike and gives the line back. May be asked twice.</summary>
    public void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            _loop.Remove(this);
            _ = _line.SetValue(_activeWhenClosed); // If it does not obey, giving the line back is all that is left.
            _line.Dispose();
        }
    }

    private void Close()
    {
        Errno error = _line.SetValue(_activeWhenClosed);
        bool isNew = error != Errno.None && !_isDisobedient;
        _isDisobedient = error != Errno.None;
        DueAt = error == Errno.None ? long.MaxValue : _loop.Now + RetryPause;
        if (isNew)
        {
            Problem = SystemError.Sentence($"cannot close the strike, line {_line.Name}; it is tried again and again", error);
        }
    }
}
