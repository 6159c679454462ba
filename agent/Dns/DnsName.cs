using System;
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Dns;

/// <summary>
/// Domain names as we hold them: lower case, without the dot at the end, made of letters, digits, hyphens and underscores. The root is
/// the empty text.
/// </summary>
internal static class DnsName
{
    /// <summary>The longest name in bytes on the wire, with the length of each label and the root (RFC 1035 section 2.3.4).</summary>
    private const int MaximumLength = 255;

    /// <summary>The longest label (RFC 1035 section 2.3.4).</summary>
    private const int MaximumLabel = 63;

    /// <summary>The two high bits of a length that is a pointer instead (RFC 1035 section 4.1.4).</summary>
    private const byte Pointer = 0xC0;

    private static readonly SearchValues<char> Signs = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Whether the name is one of multicast DNS (RFC 6762 section 3).</summary>
    public static bool IsLocal(string name) => name.EndsWith(".local", StringComparison.Ordinal);

    /// <summary>Whether a name is a zone's own or lies in it.</summary>
    public static bool IsWithin(string name, string zone) => zone.Length == 0 || name == zone
        || (name.Length > zone.Length && name[^(zone.Length + 1)] == '.' && name.EndsWith(zone, StringComparison.Ordinal));

    /// <summary>Reads a name that a person or a message wrote; false for what can be no name of a host or a service.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? name)
    {
        name = (text.EndsWith('.') ? text[..^1] : text).ToLowerInvariant();
        bool isRight = name.Length is > 0 and <= MaximumLength - 2;
        foreach (string label in name.Split('.'))
        {
            isRight &= label.Length is > 0 and <= MaximumLabel && !label.AsSpan().ContainsAnyExcept(Signs);
        }

        name = isRight ? name : null;
        return isRight;
    }

    /// <summary>Writes a name that <see cref="TryParse"/> gave.</summary>
    public static void Write(ref WireWriter writer, string name)
    {
        foreach (Range part in name.AsSpan().Split('.'))
        {
            ReadOnlySpan<char> label = name.AsSpan()[part];
            if (!label.IsEmpty)
            {
                writer.WriteByte((byte)label.Length);
                _ = Encoding.ASCII.GetBytes(label, writer.Reserve(label.Length));
            }
        }

        writer.WriteByte(0);
    }

    /// <summary>
    /// Reads a name, which may end in pointers to earlier ones (RFC 1035 section 4.1.4). False when it is malformed; a name that is well
    /// formed but has other signs than ours gives null.
    /// </summary>
    /// <param name="message">The whole message, which pointers point into.</param>
    /// <param name="reader">A cursor that stands on the name and ends where the message does, or before.</param>
    /// <param name="position">Where in the message the cursor stands.</param>
    /// <param name="name">The name.</param>
    public static bool TryRead(ReadOnlySpan<byte> message, ref WireReader reader, int position, out string? name)
    {
        name = null;
        Span<char> text = stackalloc char[MaximumLength];
        int length = 0;
        bool isOurs = true;
        if (!TryReadLabels(ref reader, text, ref length, ref isOurs, out int pointer))
        {
            return false;
        }

        while (pointer >= 0)
        {
            // Each pointer leads further back than the one before, so that there can be no loop.
            if (pointer >= position)
            {
                return false;
            }

            position = pointer;
            WireReader earlier = new(message[position..]);
            if (!TryReadLabels(ref earlier, text, ref length, ref isOurs, out pointer))
            {
                return false;
            }
        }

        name = isOurs ? new string(text[..Math.Max(length - 1, 0)]) : null;
        return true;
    }

    /// <summary>Reads labels, each followed by a dot in the text, up to the root or a pointer.</summary>
    private static bool TryReadLabels(ref WireReader reader, scoped Span<char> text, ref int length, ref bool isOurs, out int pointer)
    {
        pointer = -1;
        while (reader.TryReadByte(out byte first))
        {
            if (first == 0)
            {
                return true;
            }

            if (first >= Pointer)
            {
                bool isWhole = reader.TryReadByte(out byte second);
                pointer = ((first & ~Pointer) << 8) | second;
                return isWhole;
            }

            // The text and the wire need the same room: a dot behind each label, a length before it. The root takes one more.
            if (first > MaximumLabel || !reader.TryTake(first, out ReadOnlySpan<byte> label) || length + first + 2 > MaximumLength)
            {
                return false;
            }

            foreach (byte sign in label)
            {
                char letter = char.ToLowerInvariant((char)sign);
                isOurs &= Signs.Contains(letter);
                text[length++] = letter;
            }

            text[length++] = '.';
        }

        return false;
    }
}
