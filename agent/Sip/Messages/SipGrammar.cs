using System;
using System.Buffers;
using System.Globalization;
using System.Text;

namespace IntercomAgent.Sip;

/// <summary>
/// The small rules of RFC 3261 section 25.1 that all header fields share. A folded line keeps its line end inside the value, where it
/// counts as white space, so that nothing has to be copied to unfold it.
/// </summary>
internal static class SipGrammar
{
    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.!%*_+`'~"u8);

    private static readonly SearchValues<byte> ListStops = SearchValues.Create(",\"<"u8);
    private static readonly SearchValues<byte> ParameterStops = SearchValues.Create(";\""u8);

    /// <summary>Linear white space, the line end of a folded line included.</summary>
    private static ReadOnlySpan<byte> WhiteSpace => " \t\r\n"u8;

    /// <summary>The value without white space around it.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(WhiteSpace);

    /// <summary>Whether the value is a token.</summary>
    public static bool IsToken(ReadOnlySpan<byte> value) => !value.IsEmpty && !value.ContainsAnyExcept(TokenBytes);

    /// <summary>Whether two values are equal but for the case of their letters.</summary>
    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => Ascii.EqualsIgnoreCase(left, right);

    /// <summary>Reads digits and nothing else; false beyond 2^31 - 1, the largest CSeq (RFC 3261 section 8.1.1.5).</summary>
    public static bool TryReadNumber(ReadOnlySpan<byte> digits, out int number)
    {
        long value = 0;
        foreach (byte digit in digits)
        {
            value = (value * 10) + (digit - '0');
            if (!char.IsAsciiDigit((char)digit) || value > int.MaxValue)
            {
                number = 0;
                return false;
            }
        }

        number = (int)value;
        return !digits.IsEmpty;
    }

    /// <summary>
    /// Reads a qvalue in thousandths, <c>0.7</c> as 700 (RFC 3261 section 25.1). What is missing or no such value is as good as can be.
    /// </summary>
    public static int ReadQuality(ReadOnlySpan<byte> value)
    {
        const int best = 1000;
        if (value.IsEmpty || value[0] != '0' || value.Length > 5 || (value.Length > 1 && value[1] != '.'))
        {
            return best;
        }

        int quality = 0;
        int weight = best / 10;
        foreach (byte digit in value.Length > 2 ? value[2..] : default)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return best;
            }

            quality += (digit - '0') * weight;
            weight /= 10;
        }

        return quality;
    }

    /// <summary>Undoes the escapes of a URI (section 19.1.2); false for a percent sign without two digits behind it.</summary>
    public static bool TryUnescape(ReadOnlySpan<byte> escaped, out byte[] value)
    {
        byte[] plain = new byte[escaped.Length];
        int length = 0;
        for (int at = 0; at < escaped.Length; at++)
        {
            byte symbol = escaped[at];
            if (symbol == '%')
            {
                ReadOnlySpan<byte> digits = escaped.Slice(at + 1, Math.Min(2, escaped.Length - at - 1));
                if (digits.Length < 2 || !byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out symbol))
                {
                    value = [];
                    return false;
                }

                at += 2;
            }

            plain[length++] = symbol;
        }

        value = plain[..length];
        return true;
    }

    /// <summary>Takes the next element of a comma-separated list; commas in quotes and angle brackets do not separate.</summary>
    public static bool TryTakeElement(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> element)
    {
        int at = 0;
        while (at < rest.Length)
        {
            int stop = rest[at..].IndexOfAny(ListStops);
            if (stop < 0)
            {
                at = rest.Length;
                break;
            }

            at += stop;
            if (rest[at] == ',')
            {
                break;
            }

            at += rest[at] == '"' ? QuotedLength(rest[at..]) : BracketedLength(rest[at..]);
        }

        bool found = !rest.IsEmpty;
        element = Trim(rest[..at]);
        rest = at < rest.Length ? rest[(at + 1)..] : default;
        return found;
    }

    /// <summary>
    /// Takes the next <c>name</c> or <c>name=value</c> from parameters separated by semicolons; a quoted value keeps its quotes.
    /// False at the end.
    /// </summary>
    public static bool TryTakeParameter(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        while (!rest.IsEmpty)
        {
            int end = ParameterEnd(rest);
            ReadOnlySpan<byte> parameter = Trim(rest[..end]);
            rest = end < rest.Length ? rest[(end + 1)..] : default;
            if (parameter.IsEmpty)
            {
                continue;
            }

            int equals = parameter.IndexOf((byte)'=');
            name = equals < 0 ? parameter : Trim(parameter[..equals]);
            value = equals < 0 ? default : Trim(parameter[(equals + 1)..]);
            return true;
        }

        name = value = default;
        return false;
    }

    /// <summary>Looks a parameter up by name; a parameter without a value gives true and an empty value.</summary>
    public static bool TryFindParameter(ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> wanted, out ReadOnlySpan<byte> value)
    {
        while (TryTakeParameter(ref parameters, out ReadOnlySpan<byte> name, out value))
        {
            if (EqualsIgnoreCase(name, wanted))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The length of a quoted string with both quotes; the rest of the value when it is never closed.</summary>
    public static int QuotedLength(ReadOnlySpan<byte> value)
    {
        for (int at = 1; at < value.Length; at++)
        {
            if (value[at] == '\\')
            {
                at++;
            }
            else if (value[at] == '"')
            {
                return at + 1;
            }
        }

        return value.Length;
    }

    private static int BracketedLength(ReadOnlySpan<byte> value)
    {
        int close = value.IndexOf((byte)'>');
        return close < 0 ? value.Length : close + 1;
    }

    private static int ParameterEnd(ReadOnlySpan<byte> rest)
    {
        int at = 0;
        while (at < rest.Length)
        {
            int stop = rest[at..].IndexOfAny(ParameterStops);
            if (stop < 0)
            {
                return rest.Length;
            }

            at += stop;
            if (rest[at] == ';')
            {
                return at;
            }

            at += QuotedLength(rest[at..]);
        }

        return rest.Length;
    }
}
