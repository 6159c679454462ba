using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Gpio;

/// <summary>
/// A panel on the lines of the board. Edges of its inputs become events where a level changed. The strike is in a class of its own: it
/// is at its safe level from the moment on that its line is taken, and it is let go here, by the loop's own timer, when it was open for
/// its maximum, whatever the program wants or fails to do.
/// </summary>
internal sealed class GpioPanel : IDoorPanel, IDuePort
{
    private readonly EventLoop _loop;
    private readonly List<WatchedInput> _inputs = [];
    private readonly Dictionary<PanelOutput, LineRequest> _outputs = [];
    private readonly Queue<PanelEvent> _events = new();
    private BoundedStrike? _strike;
    private Keypad? _keypad;
    private bool _closed;

    private GpioPanel(EventLoop loop) => _loop = loop;

    /// <inheritdoc/>
    public long DueAt => _events.Count > 0 || _keypad is { HasKey: true } || _strike?.Problem is not null ? 0 : long.MaxValue;

    /// <summary>Takes the lines; failure gives null and a sentence that names the line, and leaves nothing taken.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The panel is the caller's, and is disposed of where it fails.")]
    public static GpioPanel? Open(
        IGpioKernel kernel, EventLoop loop, GpioPanelSettings settings, Readiness readiness, out string? problem)
    {
        using LineFinder finder = LineFinder.Open(kernel);
        GpioPanel panel = new(loop);
        loop.Add(panel, readiness);

        // The strike comes first: the sooner it is at its safe level, the better.
        problem = panel.TakeStrike(new LineTaker(kernel, loop, finder, readiness), settings.Strike)
            ?? panel.TakeOthers(new LineTaker(kernel, loop, finder, readiness), settings);
        if (problem is null && settings.Keypad is not null)
        {
            panel._keypad = Keypad.Open(kernel, loop, finder, settings.Keypad, readiness, out problem);
        }

        if (problem is not null)
        {
            panel.Dispose();
            return null;
        }

        return panel;
    }

    /// <inheritdoc/>
    public bool TryRead(out PanelEvent happened)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (_events.TryDequeue(out happened))
        {
            return true;
        }

        if (_strike?.TakeProblem() is { } problem)
        {
            happened = Fault(problem);
            return true;
        }

        if (_keypad is not null && _keypad.TryReadKey(out char key))
        {
            happened = new PanelEvent(PanelInput.Key, key, IsActive: true, _loop.Now);
            return true;
        }

        foreach (WatchedInput input in _inputs)
        {
            if (input.TryRead(out LineEdge change))
            {
                happened = input.EventOf(change);
                return true;
            }

            if (input.TakeFailure() is { } failure)
            {
                happened = Fault(failure);
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Set(PanelOutput output, bool on)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (output == PanelOutput.Strike)
        {
            _strike?.Set(on);
        }
        else if (_outputs.TryGetValue(output, out LineRequest? line) && line.SetValue(on) is not Errno.None and Errno error)
        {
            _events.Enqueue(Fault(SystemError.Sentence($"cannot switch {output}, line {line.Name}", error)));
        }
    }

    /// <summary>Closes the strike, switches everything off, and gives the lines back. May be asked twice.</summary>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _loop.Remove((IDuePort)this);
        _strike?.Dispose();
        foreach (LineRequest line in _outputs.Values)
        {
            _ = line.SetValue(false); // A line that does not obey any more is given back like the others.
            line.Dispose();
        }

        _keypad?.Dispose();
        foreach (WatchedInput input in _inputs)
        {
            input.Dispose();
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The line is owned by the strike.")]
    private string? TakeStrike(LineTaker taker, StrikeLine? strike)
    {
        if (strike is null)
        {
            return null;
        }

        LineRequest? line = taker.Take(
            strike.Line,
            new LineSettings
            {
                IsOutput = true,
                ActiveLow = strike.ActiveLow,
                Drive = strike.Drive,
                InitiallyActive = BoundedStrike.IsActiveWhenClosed(strike.Lock),
            },
            out string? problem);
        _strike = line is null ? null : new BoundedStrike(_loop, line, strike.Lock, strike.Maximum);
        return problem;
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The lines are owned by the panel.")]
    private string? TakeOthers(LineTaker taker, GpioPanelSettings settings)
    {
        foreach (OutputLine output in settings.Outputs)
        {
            LineSettings wiring = new() { IsOutput = true, ActiveLow = output.ActiveLow, Drive = output.Drive };
            if (taker.Take(output.Line, wiring, out string? problem) is not { } line)
            {
                return problem;
            }

            _outputs.Add(output.Output, line);
        }

        foreach (InputLine input in settings.Inputs)
        {
            LineSettings wiring = new()
            {
                ActiveLow = input.ActiveLow,
                Bias = input.Bias,
                Debounce = input.Debounce,
                Edges = LineEdges.Both,
            };
            if (taker.Take(input.Line, wiring, out string? problem) is not { } line)
            {
                return problem;
            }

            WatchedInput watched = new(input, line);
            _inputs.Add(watched);
            if (watched.IsActive)
            {
                _events.Enqueue(new PanelEvent(input.Input, input.Number, IsActive: true, _loop.Now, IsFound: true));
            }
        }

        return null;
    }

    private PanelEvent Fault(string problem) => new(PanelInput.Fault, 0, IsActive: true, _loop.Now, Problem: problem);
}
