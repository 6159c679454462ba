using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls.Messages;

/// <summary>Lists of 16-bit numbers (suites, groups, schemes, profiles, versions), as the hello messages hold them.</summary>
internal static class WireLists
{
    /// <summary>The numbers of a vector; null unless it holds at least one, and whole ones only.</summary>
    public static ushort[]? Read(ReadOnlySpan<byte> vector)
    {
        if (vector.IsEmpty || vector.Length % sizeof(ushort) != 0)
        {
            return null;
        }

        ushort[] numbers = new ushort[vector.Length / sizeof(ushort)];
        for (int index = 0; index < numbers.Length; index++)
        {
            numbers[index] = BinaryPrimitives.ReadUInt16BigEndian(vector[(index * sizeof(ushort))..]);
        }

        return numbers;
    }

    /// <summary>The numbers of a body that is nothing but a vector with a two-byte length; null if it is not.</summary>
    public static ushort[]? ReadVector16(ReadOnlySpan<byte> body)
    {
        WireReader reader = new(body);
        return reader.TryTakeVector16(out ReadOnlySpan<byte> vector) && reader.AtEnd ? Read(vector) : null;
    }

    /// <summary>Writes the numbers with a two-byte length.</summary>
    public static void WriteVector16(ref WireWriter writer, IReadOnlyList<ushort> numbers)
    {
        int mark = writer.BeginLength16();
        foreach (ushort number in numbers)
        {
            writer.WriteUInt16(number);
        }

        writer.EndLength16(mark);
    }
}
