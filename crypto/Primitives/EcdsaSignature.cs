using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>The form of an ECDSA signature with P-256: a SEQUENCE of the INTEGERs r and s in DER (RFC 3279 section 2.2.3).</summary>
internal static class EcdsaSignature
{
    /// <summary>The longest signature in bytes: either number may need a zero before it to be positive.</summary>
    public const int MaximumLength = 2 + (2 * (2 + 1 + P256Scalar.Length));

    private const byte SequenceTag = 0x30;
    private const byte IntegerTag = 0x02;
    private const byte SignBit = 0x80;

    /// <summary>Writes a signature; returns its length.</summary>
    /// <param name="r">32 bytes, the highest first.</param>
    /// <param name="s">As many.</param>
    /// <param name="signature">At least <see cref="MaximumLength"/> bytes.</param>
    public static int Write(ReadOnlySpan<byte> r, ReadOnlySpan<byte> s, Span<byte> signature)
    {
        WireWriter writer = new(signature);
        writer.WriteByte(SequenceTag);
        int mark = writer.BeginLength8();
        WriteInteger(ref writer, r);
        WriteInteger(ref writer, s);
        writer.EndLength8(mark);
        return writer.Length;
    }

    /// <summary>
    /// Reads a signature; false unless it is the one encoding of two numbers from 0 to 2^256 - 1 that DER allows, with nothing behind it.
    /// </summary>
    /// <param name="signature">Any bytes.</param>
    /// <param name="r">Receives 32 bytes, the highest first.</param>
    /// <param name="s">As many.</param>
    public static bool TryRead(ReadOnlySpan<byte> signature, Span<byte> r, Span<byte> s)
    {
        // A length of two bytes would be for more than 127 bytes, and no integer is negative.
        WireReader reader = new(signature);
        if (!reader.TryReadByte(out byte tag) || tag != SequenceTag || !reader.TryTakeVector8(out ReadOnlySpan<byte> body) || !reader.AtEnd)
        {
            return false;
        }

        WireReader integers = new(body);
        return TryReadInteger(ref integers, r) && TryReadInteger(ref integers, s) && integers.AtEnd;
    }

    private static void WriteInteger(ref WireWriter writer, ReadOnlySpan<byte> number)
    {
        int zeros = Math.Max(0, Math.Min(number.IndexOfAnyExcept((byte)0), number.Length - 1));
        writer.WriteByte(IntegerTag);
        int mark = writer.BeginLength8();
        if ((number[zeros] & SignBit) != 0)
        {
            writer.WriteByte(0);
        }

        writer.Write(number[zeros..]);
        writer.EndLength8(mark);
    }

    private static bool TryReadInteger(ref WireReader reader, Span<byte> number)
    {
        if (!reader.TryReadByte(out byte tag) || tag != IntegerTag || !reader.TryTakeVector8(out ReadOnlySpan<byte> integer)
            || integer.IsEmpty || (integer[0] & SignBit) != 0)
        {
            return false;
        }

        if (integer[0] == 0 && integer.Length > 1)
        {
            // X.690 section 8.3.2: a zero stands only before a byte that would make the number negative.
            integer = integer[1..];
            if ((integer[0] & SignBit) == 0)
            {
                return false;
            }
        }

        if (integer.Length > number.Length)
        {
            return false;
        }

        number.Clear();
        integer.CopyTo(number[^integer.Length..]);
        return true;
    }
}
