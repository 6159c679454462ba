using System;
using System.Collections.Generic;
using System.Device.Gpio;

namespace IntercomAgent.Hal.Gpio;

/// <summary>
/// A pin of a <see cref="LoopGpioDriver"/> that is open: its line, once it has a mode, and who wants to know of its edges.
/// </summary>
/// <param name="number">The pin.</param>
internal sealed class OpenPinLine(int number) : IDisposable
{
    private readonly List<(PinEventTypes Types, PinChangeEventHandler Callback)> _callbacks = [];
    private bool _isHigh;

    /// <summary>The pin.</summary>
    public int Number => number;

    /// <summary>Its line; null before it has a mode.</summary>
    public LineRequest? Line { get; private set; }

    /// <summary>Its mode; null before it has one.</summary>
    public PinMode? Mode { get; private set; }

    /// <summary>Whether it is closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Gives the line back, for a new mode.</summary>
    public void GiveBack()
    {
        Line?.Dispose();
        Line = null;
        Mode = null;
    }

    /// <summary>The line in its new mode, from now on the pin's.</summary>
    public void Take(LineRequest line, PinMode mode)
    {
        Line = line;
        Mode = mode;
        _ = line.TryReadValue(out _isHigh);
    }

    /// <summary>Calls the callback for edges of these types from now on.</summary>
    public void Add(PinEventTypes types, PinChangeEventHandler callback) => _callbacks.Add((types, callback));

    /// <summary>Calls the callback no more.</summary>
    public void Remove(PinChangeEventHandler callback)
    {
        if (_callbacks.RemoveAll(entry => entry.Callback == callback) == 0)
        {
            throw new InvalidOperationException($"This callback is not registered for pin {number}.");
        }
    }

    /// <summary>Reads the edges that have come and calls the callbacks. They may change or close this very pin.</summary>
    public void Deliver(object sender)
    {
        while (!IsClosed && Line is { } line && line.TryReadEdge(out LineEdge edge))
        {
            if (edge.IsActive == _isHigh)
            {
                continue;
            }

            _isHigh = edge.IsActive;
            PinValueChangedEventArgs happened = new(edge.IsActive ? PinEventTypes.Rising : PinEventTypes.Falling, number);
            foreach ((PinEventTypes types, PinChangeEventHandler callback) in _callbacks.ToArray())
            {
                if (!IsClosed && types.HasFlag(happened.ChangeType))
                {
                    callback(sender, happened);
                }
            }
        }
    }

    /// <summary>Gives the line back and forgets who wanted to know. May be asked twice.</summary>
    public void Dispose()
    {
        IsClosed = true;
        _callbacks.Clear();
        GiveBack();
    }
}
