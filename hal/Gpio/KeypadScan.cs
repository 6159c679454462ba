using System;

namespace IntercomAgent.Hal.Gpio;

/// <summary>
/// Makes key presses out of scans of a matrix; pure. A key counts when it is down alone in two scans that follow each other, and again
/// when no key was down in between. Two keys at once count as none: on a matrix without diodes three corners of a rectangle make the
/// fourth one up.
/// </summary>
/// <param name="rows">How many rows there are.</param>
/// <param name="columns">How many columns there are.</param>
internal sealed class KeypadScan(int rows, int columns)
{
    private readonly bool[] _down = new bool[rows * columns];
    private int _candidate = -1;
    private bool _mustRest;

    /// <summary>Whether any key was down in the scan so far.</summary>
    public bool IsAnyDown => Array.IndexOf(_down, true) >= 0;

    /// <summary>Notes what the scan saw.</summary>
    public void See(int row, int column, bool isDown) => _down[(row * columns) + column] = isDown;

    /// <summary>
    /// Ends the scan; true when it makes a key count, <paramref name="key"/> being its row times the columns plus its column.
    /// </summary>
    public bool End(out int key)
    {
        key = Array.IndexOf(_down, true);
        if (key < 0)
        {
            _candidate = -1;
            _mustRest = false;
            return false;
        }

        bool isAlone = Array.LastIndexOf(_down, true) == key;
        bool counts = isAlone && !_mustRest && key == _candidate;
        _candidate = isAlone ? key : -1;

        // A second finger spoils the press: what is left of it after that finger is gone is no new one.
        _mustRest |= counts || !isAlone;
        return counts;
    }
}
