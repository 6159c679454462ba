using System;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Gpio;

/// <summary>One input of a panel: makes changes of its level out of its line's edges. It owns the line.</summary>
internal sealed class WatchedInput : IDisposable
{
    private readonly InputLine _settings;
    private readonly LineRequest _line;
    private bool _toldFailure;

    public WatchedInput(InputLine settings, LineRequest line)
    {
        _settings = settings;
        _line = line;

        // An edge that comes between taking the line and reading it tells the same level again, and is no change.
        _ = line.TryReadValue(out bool isActive);
        IsActive = isActive;
    }

    /// <summary>The level that was told last, or found at the beginning.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Takes the next change; false when there is none for now.</summary>
    public bool TryRead(out LineEdge change)
    {
        while (_line.TryReadEdge(out change))
        {
            if (change.IsActive != IsActive)
            {
                IsActive = change.IsActive;
                return true;
            }
        }

        return false;
    }

    /// <summary>What a change means at the panel.</summary>
    public PanelEvent EventOf(in LineEdge change) => new(_settings.Input, _settings.Number, change.IsActive, change.At);

    /// <summary>Why the line can be read no more: a sentence, once; null as long as all is well.</summary>
    public string? TakeFailure()
    {
        if (_line.Failure == Errno.None || _toldFailure)
        {
            return null;
        }

        _toldFailure = true;
        return SystemError.Sentence($"cannot read {_settings.Input}, line {_line.Name}, any more", _line.Failure);
    }

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();
}
