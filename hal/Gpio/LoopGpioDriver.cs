using System;
using System.Collections.Generic;
using System.Device.Gpio;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Gpio;

/// <summary>
/// A driver for <c>System.Device.Gpio</c> that runs on our loop: a <see cref="GpioController"/> on it, and the device bindings that are
/// built on that, start no thread. Pins are the lines of one chip, numbered by their offsets. Callbacks are called from
/// <see cref="Deliver"/>, in the loop's turn; they must not wait for anything. Waiting for an event is not supported.
/// </summary>
public sealed class LoopGpioDriver : GpioDriver
{
    private const string NoWaiting =
        "Nothing waits on the loop's only thread: use RegisterCallbackForPinValueChangedEvent, whose callbacks the loop calls.";

    private readonly IGpioKernel _kernel;
    private readonly EventLoop _loop;
    private readonly LineFinder _chips;
    private readonly GpioChip _chip;
    private readonly Readiness _readiness;
    private readonly List<OpenPinLine> _pins = [];
    private bool _delivers;
    private bool _closed;

    private LoopGpioDriver(IGpioKernel kernel, EventLoop loop, LineFinder chips, GpioChip chip, Readiness readiness)
    {
        _kernel = kernel;
        _loop = loop;
        _chips = chips;
        _chip = chip;
        _readiness = readiness;
    }

    /// <inheritdoc/>
    protected override int PinCount => _chip.LineCount;

    /// <summary>
    /// Reads the edges that have come and calls the callbacks for them. A callback may register, unregister, open and close what it likes.
    /// </summary>
    public void Deliver()
    {
        _delivers = true;
        for (int index = 0; index < _pins.Count; index++)
        {
            _pins[index].Deliver(this);
        }

        _delivers = false;
        _ = _pins.RemoveAll(static pin => pin.IsClosed);
    }

    /// <summary>Opens a chip by name or label; failure gives null and a sentence.</summary>
    internal static LoopGpioDriver? Open(IGpioKernel kernel, EventLoop loop, string chip, Readiness readiness, out string? problem)
    {
        LineFinder chips = LineFinder.Open(kernel);
        if (chips.FindChip(chip, out problem) is { } found)
        {
            return new LoopGpioDriver(kernel, loop, chips, found, readiness);
        }

        chips.Dispose();
        return null;
    }

    /// <inheritdoc/>
    protected override void OpenPin(int pinNumber)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (pinNumber < 0 || pinNumber >= _chip.LineCount)
        {
            throw new ArgumentOutOfRangeException(nameof(pinNumber), $"{_chip.Name} has the lines 0 to {_chip.LineCount - 1}.");
        }

        if (!_delivers)
        {
            _ = _pins.RemoveAll(static pin => pin.IsClosed);
        }

        _pins.Add(new OpenPinLine(pinNumber));
    }

    /// <inheritdoc/>
    protected override void ClosePin(int pinNumber)
    {
        // It leaves the list when no edges are being delivered: this may be a callback.
        Find(pinNumber).Dispose();
    }

    /// <inheritdoc/>
    protected override void SetPinMode(int pinNumber, PinMode mode) => SetPinMode(pinNumber, mode, PinValue.Low);

    /// <inheritdoc/>
    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue)
    {
        LineSettings settings = mode switch
        {
            PinMode.Input => new LineSettings { Edges = LineEdges.Both },
            PinMode.InputPullUp => new LineSettings { Edges = LineEdges.Both, Bias = LineBias.PullUp },
            PinMode.InputPullDown => new LineSettings { Edges = LineEdges.Both, Bias = LineBias.PullDown },
            PinMode.Output => new LineSettings { IsOutput = true, InitiallyActive = initialValue == PinValue.High },
            _ => throw new ArgumentOutOfRangeException(nameof(mode), $"A line has no mode {mode}."),
        };
        OpenPinLine pin = Find(pinNumber);
        pin.GiveBack();
        LineRequest line = LineRequest.Open(_kernel, _loop, _chip, pinNumber, settings, _readiness, out string? problem)
            ?? throw new IOException(problem);
        pin.Take(line, mode);
    }

    /// <inheritdoc/>
    protected override PinMode GetPinMode(int pinNumber) =>
        Find(pinNumber).Mode ?? (_chip.FindLine(pinNumber) is { IsOutput: true } ? PinMode.Output : PinMode.Input);

    /// <inheritdoc/>
    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) =>
        mode is PinMode.Input or PinMode.InputPullUp or PinMode.InputPullDown or PinMode.Output;

    /// <inheritdoc/>
    protected override PinValue Read(int pinNumber) => Taken(pinNumber).TryReadValue(out bool isHigh)
        ? isHigh
        : throw new IOException($"Line {_chip.Name}:{pinNumber} cannot be read: its chip is gone.");

    /// <inheritdoc/>
    protected override void Write(int pinNumber, PinValue value)
    {
        LineRequest line = Taken(pinNumber);
        if (line.SetValue(value == PinValue.High) is not Errno.None and Errno error)
        {
            throw SystemError.Exception($"cannot write line {line.Name}", error);
        }
    }

    /// <inheritdoc/>
    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) =>
        Find(pinNumber).Add(eventTypes, callback);

    /// <inheritdoc/>
    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) =>
        Find(pinNumber).Remove(callback);

    /// <summary>Not supported: it would stop the loop, and with it the sound of every call.</summary>
    [SuppressMessage("ApiDesign", "RS0030", Justification = "The package's signature; nothing is cancelled.")]
    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) =>
        throw new NotSupportedException(NoWaiting);

    /// <summary>Not supported: what goes on after an await would need a thread, which the loop does not have.</summary>
    [SuppressMessage("ApiDesign", "RS0030", Justification = "The package's signature; the package's own runs a task.")]
    protected override ValueTask<WaitForEventResult> WaitForEventAsync(
        int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) => throw new NotSupportedException(NoWaiting);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_closed)
        {
            _closed = true;
            foreach (OpenPinLine pin in _pins)
            {
                pin.Dispose();
            }

            _chips.Dispose();
        }

        base.Dispose(disposing);
    }

    private OpenPinLine Find(int pinNumber) =>
        _pins.Find(pin => pin.Number == pinNumber && !pin.IsClosed)
        ?? throw new InvalidOperationException($"Pin {pinNumber} is not open.");

    private LineRequest Taken(int pinNumber) =>
        Find(pinNumber).Line ?? throw new InvalidOperationException($"Pin {pinNumber} has no mode yet: it is neither input nor output.");
}
