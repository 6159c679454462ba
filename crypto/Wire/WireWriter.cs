using System;
using System.Buffers.Binary;

namespace IntercomAgent.Crypto.Wire;

/// <summary>
/// A cursor that writes into a caller's buffer in network byte order. Lengths are filled in when their body is complete.
/// A buffer that is too small is our own mistake, so running over it throws <see cref="ArgumentOutOfRangeException"/>.
/// </summary>
public ref struct WireWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    /// <summary>The number of bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What has been written so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    /// <summary>The space that is left.</summary>
    public readonly int Free => _buffer.Length - Length;

    /// <summary>Writes one byte.</summary>
    public void WriteByte(byte value) => Reserve(1)[0] = value;

    /// <summary>Writes a 16-bit number.</summary>
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), value);

    /// <summary>Writes the low 24 bits of a number.</summary>
    public void WriteUInt24(int value)
    {
        Span<byte> target = Reserve(3);
        target[0] = (byte)(value >> 16);
        target[1] = (byte)(value >> 8);
        target[2] = (byte)value;
    }

    /// <summary>Writes a 32-bit number.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), value);

    /// <summary>Writes the low 48 bits of a number.</summary>
    public void WriteUInt48(ulong value)
    {
        Span<byte> target = Reserve(6);
        BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)(value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(target[2..], (uint)value);
    }

    /// <summary>Writes a 64-bit number.</summary>
    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Reserve(8), value);

    /// <summary>Copies bytes.</summary>
    public void Write(scoped ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    /// <summary>Takes the next <paramref name="length"/> bytes of the buffer for the caller to fill.</summary>
    public Span<byte> Reserve(int length)
    {
        Span<byte> reserved = _buffer.Slice(Length, length);
        Length += length;
        return reserved;
    }

    /// <summary>Leaves room for a one-byte length; returns the mark that <see cref="EndLength8"/> needs.</summary>
    public int BeginLength8() => Begin(1);

    /// <summary>Leaves room for a two-byte length; returns the mark that <see cref="EndLength16"/> needs.</summary>
    public int BeginLength16() => Begin(2);

    /// <summary>Leaves room for a three-byte length; returns the mark that <see cref="EndLength24"/> needs.</summary>
    public int BeginLength24() => Begin(3);

    /// <summary>Fills in the length of all that was written since the mark.</summary>
    public readonly void EndLength8(int mark) => _buffer[mark - 1] = checked((byte)(Length - mark));

    /// <summary>Fills in the length of all that was written since the mark.</summary>
    public readonly void EndLength16(int mark) =>
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[(mark - 2)..], checked((ushort)(Length - mark)));

    /// <summary>Fills in the length of all that was written since the mark.</summary>
    public readonly void EndLength24(int mark)
    {
        int length = Length - mark;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 0xFF_FFFF);
        _buffer[mark - 3] = (byte)(length >> 16);
        _buffer[mark - 2] = (byte)(length >> 8);
        _buffer[mark - 1] = (byte)length;
    }

    private int Begin(int width)
    {
        _ = Reserve(width);
        return Length;
    }
}
