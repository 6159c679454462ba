using System;
using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace IntercomAgent.Sip;

/// <summary>
/// Reads and writes the digit of an INFO: <c>application/dtmf-relay</c> with <c>Signal=5</c> and <c>Duration=160</c> on lines of their own, or
/// <c>application/dtmf</c> with the digit alone. No RFC describes either; the legacy use is section 2 of RFC 6086.
/// </summary>
internal static class InfoDigits
{
    /// <summary>How long we say that a key was pressed, in milliseconds: what telephones say of a short press.</summary>
    private const int Duration = 160;

    /// <summary>Room for a body that <see cref="Write"/> makes.</summary>
    public const int BodyLength = 32;

    private static readonly SearchValues<byte> Keys = SearchValues.Create("0123456789*#ABCD"u8);

    /// <summary>The media type with lines of names and values.</summary>
    public static ReadOnlySpan<byte> RelayType => "application/dtmf-relay"u8;

    /// <summary>The media type with the digit alone.</summary>
    public static ReadOnlySpan<byte> BareType => "application/dtmf"u8;

    /// <summary>Reads the digit, which is one of 0 to 9, *, #, A to D; false when the body holds none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out char key)
    {
        key = default;
        if (!body.Contains((byte)'='))
        {
            return TryReadKey(SipGrammar.Trim(body), out key);
        }

        bool found = false;
        while (!body.IsEmpty)
        {
            int end = body.IndexOfAny("\r\n"u8);
            ReadOnlySpan<byte> line = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            int equals = line.IndexOf((byte)'=');
            ReadOnlySpan<byte> name = SipGrammar.Trim(equals < 0 ? default : line[..equals]);
            ReadOnlySpan<byte> value = SipGrammar.Trim(line[(equals + 1)..]);
            if (SipGrammar.EqualsIgnoreCase(name, "Signal"u8))
            {
                found = TryReadKey(value, out key);
            }
        }

        return found;
    }

    /// <summary>Writes a body of <see cref="RelayType"/> for one of 0 to 9, *, #, A to D; returns its length.</summary>
    public static int Write(char key, Span<byte> body)
    {
        bool written = Utf8.TryWrite(
            body, CultureInfo.InvariantCulture, $"Signal={key}\r\nDuration={Duration}\r\n", out int length);
        return written ? length : throw new ArgumentException("There is less room than BodyLength.", nameof(body));
    }

    private static bool TryReadKey(ReadOnlySpan<byte> value, out char key)
    {
        key = value.Length == 1 ? char.ToUpperInvariant((char)value[0]) : default;

        // Some telephones send the event codes of RFC 4733 for * and #.
        key = value.SequenceEqual("10"u8) ? '*' : value.SequenceEqual("11"u8) ? '#' : key;
        return key < 128 && Keys.Contains((byte)key);
    }
}
