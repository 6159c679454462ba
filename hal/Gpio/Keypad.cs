using System;
using System.Collections.Generic;
using System.Device.Gpio;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using IntercomAgent.Hal.Loop;

namespace IntercomAgent.Hal.Gpio;

/// <summary>
/// A matrix of keys on a <see cref="GpioController"/>. At rest all columns are low, and the first edge of a row wakes it; then it scans
/// one column at a time, by the loop's timer, until no key is down.
/// </summary>
internal sealed class Keypad : ILoopTimer, IDisposable
{
    /// <summary>
    /// Nanoseconds between two steps of a scan: long enough for a metre of cable to settle, and for a contact's bounce over a whole scan.
    /// </summary>
    private const long Step = 3_000_000;

    private readonly EventLoop _loop;
    private readonly LoopGpioDriver _driver;
    private readonly GpioController _controller;
    private readonly int[] _rows;
    private readonly int[] _columns;
    private readonly string[] _keys;
    private readonly KeypadScan _scan;
    private readonly Queue<char> _pressed = new();
    private int _column;

    private Keypad(EventLoop loop, LoopGpioDriver driver, int[] rows, int[] columns, IReadOnlyList<string> keys)
    {
        _loop = loop;
        _driver = driver;
        _controller = new GpioController(driver);
        _rows = rows;
        _columns = columns;
        _keys = [.. keys];
        _scan = new KeypadScan(rows.Length, columns.Length);
        loop.Add(this);
    }

    /// <inheritdoc/>
    public long DueAt { get; private set; } = long.MaxValue;

    /// <summary>Whether a key waits to be read.</summary>
    public bool HasKey => _pressed.Count > 0;

    /// <summary>Takes the lines; failure gives null and a sentence.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The driver is owned by the keypad, which is the caller's.")]
    public static Keypad? Open(
        IGpioKernel kernel, EventLoop loop, LineFinder finder, KeypadLines settings, Readiness readiness, out string? problem)
    {
        if (!TryFind(finder, settings.Rows, out int[] rows, out string? chip, out problem)
            || !TryFind(finder, settings.Columns, out int[] columns, out string? otherChip, out problem))
        {
            return null;
        }

        if (chip != otherChip)
        {
            problem = $"the keypad's rows are on {chip}, its columns on {otherChip}; all of its lines must be on one chip";
            return null;
        }

        LoopGpioDriver? driver = LoopGpioDriver.Open(kernel, loop, chip, readiness, out problem);
        if (driver is null)
        {
            return null;
        }

        Keypad keypad = new(loop, driver, rows, columns, settings.Keys);
        try
        {
            keypad.OpenPins();
            return keypad;
        }
        catch (IOException taken)
        {
            // GpioController tells by exceptions what cannot be taken.
            problem = taken.Message;
            keypad.Dispose();
            return null;
        }
    }

    /// <summary>Takes the next key that was pressed; false when there is none.</summary>
    public bool TryReadKey(out char key)
    {
        _driver.Deliver();
        return _pressed.TryDequeue(out key);
    }

    /// <inheritdoc/>
    public void Fire()
    {
        for (int row = 0; row < _rows.Length; row++)
        {
            _scan.See(row, _column, _controller.Read(_rows[row]) == PinValue.Low);
        }

        Drive(_column, low: false);
        _column++;
        if (_column < _columns.Length)
        {
            Drive(_column, low: true);
            DueAt = _loop.Now + Step;
        }
        else
        {
            EndScan();
        }
    }

    /// <summary>Gives the lines back. May be asked twice.</summary>
    public void Dispose()
    {
        _loop.Remove(this);
        _controller.Dispose();
        _driver.Dispose();
    }

    private void EndScan()
    {
        if (_scan.End(out int key))
        {
            _pressed.Enqueue(_keys[key / _columns.Length][key % _columns.Length]);
        }

        if (_scan.IsAnyDown)
        {
            BeginScan();
        }
        else
        {
            Rest();
        }
    }

    private void BeginScan()
    {
        for (int column = 0; column < _columns.Length; column++)
        {
            Drive(column, low: column == 0);
        }

        _column = 0;
        DueAt = _loop.Now + Step;
    }

    /// <summary>All columns are low: whichever key is pressed pulls its row.</summary>
    private void Rest()
    {
        DueAt = long.MaxValue;
        for (int column = 0; column < _columns.Length; column++)
        {
            Drive(column, low: true);
        }

        // A key that went down after its column was looked at made its edge while nobody waited for it.
        if (Array.Exists(_rows, row => _controller.Read(row) == PinValue.Low))
        {
            BeginScan();
        }
    }

    /// <summary>
    /// A column that is not low is let go rather than driven high: two keys of a row would join two columns that disagree.
    /// </summary>
    private void Drive(int column, bool low) => _controller.SetPinMode(_columns[column], low ? PinMode.Output : PinMode.InputPullUp);

    private void OpenPins()
    {
        foreach (int column in _columns)
        {
            _ = _controller.OpenPin(column, PinMode.Output, PinValue.Low);
        }

        foreach (int row in _rows)
        {
            _ = _controller.OpenPin(row, PinMode.InputPullUp);
            _controller.RegisterCallbackForPinValueChangedEvent(row, PinEventTypes.Falling, RowFell);
        }

        Rest();
    }

    private void RowFell(object sender, PinValueChangedEventArgs happened)
    {
        if (DueAt == long.MaxValue)
        {
            BeginScan();
        }
    }

    private static bool TryFind(
        LineFinder finder, IReadOnlyList<LineAddress> addresses, out int[] offsets, [NotNullWhen(true)] out string? chip,
        out string? problem)
    {
        offsets = new int[addresses.Count];
        chip = null;
        problem = null;
        for (int index = 0; index < addresses.Count; index++)
        {
            if (finder.Find(addresses[index], out problem) is not { } found)
            {
                return false;
            }

            if (chip is not null && chip != found.Chip.Name)
            {
                problem = $"the keypad's lines are on {chip} and on {found.Chip.Name}; all of them must be on one chip";
                return false;
            }

            chip = found.Chip.Name;
            offsets[index] = found.Offset;
        }

        return chip is not null;
    }
}
