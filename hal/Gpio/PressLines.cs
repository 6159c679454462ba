using System;
using System.Buffers.Text;

namespace IntercomAgent.Hal.Gpio;

/// <summary>
/// Cuts a stream of bytes into lines and finds the buttons that they press: <c>press</c> is the first button, <c>press 2</c> the
/// second. Any other line presses nothing.
/// </summary>
internal sealed class PressLines
{
    /// <summary>The longest line that is looked at: <c>press</c>, a number and generous blanks.</summary>
    public const int MaximumLine = 64;

    /// <summary>The highest number that presses a button: above any panel's, so that typing errors press nothing.</summary>
    public const int MaximumButtons = 99;

    private readonly byte[] _line = new byte[MaximumLine];
    private int _length;
    private bool _tooLong;

    /// <summary>
    /// Takes bytes up to the end of the next line that presses a button, and removes them from <paramref name="input"/>. False when
    /// all bytes were taken and no such line has ended.
    /// </summary>
    /// <param name="input">The bytes that have arrived.</param>
    /// <param name="button">The button, counted from 0.</param>
    public bool TryTake(ref ReadOnlySpan<byte> input, out int button)
    {
        while (!input.IsEmpty)
        {
            byte next = input[0];
            input = input[1..];
            if (next != '\n')
            {
                Append(next);
            }
            else if (EndLine(out button))
            {
                return true;
            }
        }

        button = 0;
        return false;
    }

    /// <summary>Ends the line that has begun; true when it presses a button. For the last line, which may lack its end.</summary>
    public bool EndLine(out int button)
    {
        ReadOnlySpan<byte> line = _tooLong ? [] : _line.AsSpan(0, _length);
        _length = 0;
        _tooLong = false;
        return TryParse(line, out button);
    }

    private static bool TryParse(ReadOnlySpan<byte> line, out int button)
    {
        line = line.Trim(" \t\r"u8);
        button = 0;
        if (!line.StartsWith("press"u8))
        {
            return false;
        }

        line = line["press"u8.Length..];
        if (line.IsEmpty)
        {
            return true;
        }

        ReadOnlySpan<byte> digits = line.TrimStart(" \t"u8);
        if (digits.Length == line.Length || !Utf8Parser.TryParse(digits, out int number, out int used) || used != digits.Length)
        {
            return false;
        }

        button = number - 1;
        return number is >= 1 and <= MaximumButtons;
    }

    private void Append(byte next)
    {
        if (_length < MaximumLine)
        {
            _line[_length++] = next;
        }
        else
        {
            _tooLong = true;
        }
    }
}
