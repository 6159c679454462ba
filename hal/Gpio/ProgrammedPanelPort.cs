using System;
using IntercomAgent.Hal.Loop;

namespace IntercomAgent.Hal.Gpio;

/// <summary>The loop's end of a <see cref="ProgrammedPanel"/>: ready as long as the program's presses wait.</summary>
internal sealed class ProgrammedPanelPort : IDoorPanel, IDuePort
{
    private readonly ProgrammedPanel _panel;
    private readonly EventLoop _loop;
    private bool _closed;

    public ProgrammedPanelPort(ProgrammedPanel panel, EventLoop loop, Readiness readiness)
    {
        _panel = panel;
        _loop = loop;
        loop.Add(this, readiness);
    }

    /// <inheritdoc/>
    public long DueAt => _panel.Pending > 0 ? 0 : long.MaxValue;

    /// <inheritdoc/>
    public bool TryRead(out PanelEvent happened)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return _panel.TryRead(out happened);
    }

    /// <inheritdoc/>
    public void Set(PanelOutput output, bool on)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        _panel.Set(output, on);
    }

    /// <summary>Lets the strike go and all else rest. May be asked twice.</summary>
    public void Dispose()
    {
        if (!_closed)
        {
            _panel.Rest();
            _closed = true;
            _loop.Remove(this);
        }
    }
}
