using System;

namespace IntercomAgent.Sdp;

/// <summary>The small rules that the lines of a description share.</summary>
internal static class SdpText
{
    /// <summary>
    /// Takes the next line, which ends with CRLF or LF; the last one needs no end. False when there is no more, or for a line that is not
    /// <c>x=value</c>, or that holds a CR or NUL (RFC 8866 section 9: byte-string); then <paramref name="rest"/> is not empty.
    /// </summary>
    public static bool TryTakeLine(scoped ref ReadOnlySpan<byte> rest, out byte type, out ReadOnlySpan<byte> value)
    {
        int end = rest.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
        line = line is [.., (byte)'\r'] ? line[..^1] : line;
        if (line is not [>= (byte)'a' and <= (byte)'z', (byte)'=', ..] || line.ContainsAny("\0\r"u8))
        {
            type = 0;
            value = default;
            return false;
        }

        type = line[0];
        value = line[2..];
        rest = end < 0 ? default : rest[(end + 1)..];
        return true;
    }

    /// <summary>Takes what is before the next space; false when that is nothing.</summary>
    public static bool TryTakeWord(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> word)
    {
        int space = rest.IndexOf((byte)' ');
        word = space < 0 ? rest : rest[..space];
        rest = space < 0 ? default : rest[(space + 1)..];
        return !word.IsEmpty;
    }

    /// <summary>Gives what follows the prefix; false when the text does not begin with it.</summary>
    public static bool TryTakePrefix(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix, out ReadOnlySpan<byte> rest)
    {
        bool found = text.StartsWith(prefix);
        rest = found ? text[prefix.Length..] : default;
        return found;
    }

    /// <summary>Reads digits and nothing else, to a number of at most <paramref name="maximum"/>.</summary>
    public static bool TryReadNumber(ReadOnlySpan<byte> digits, int maximum, out int number)
    {
        long value = 0;
        foreach (byte digit in digits)
        {
            value = (value * 10) + (digit - '0');
            if (!char.IsAsciiDigit((char)digit) || value > maximum)
            {
                number = 0;
                return false;
            }
        }

        number = (int)value;
        return !digits.IsEmpty;
    }

    /// <summary>Whether the text is one word of visible ASCII characters.</summary>
    public static bool IsVisible(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'!', (byte)'~');
}
