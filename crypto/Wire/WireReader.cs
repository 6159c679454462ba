using System;
using System.Buffers.Binary;

namespace IntercomAgent.Crypto.Wire;

/// <summary>
/// A cursor over received bytes that only moves forward. Every read is bounds-checked and says by its result whether the bytes
/// were there; a failed read moves nothing. Numbers are in network byte order.
/// </summary>
public ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The bytes not yet read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>The number of bytes not yet read.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Whether everything has been read: a message with trailing bytes is malformed.</summary>
    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>Reads one byte.</summary>
    public bool TryReadByte(out byte value)
    {
        if (_rest.IsEmpty)
        {
            value = 0;
            return false;
        }

        value = _rest[0];
        _rest = _rest[1..];
        return true;
    }

    /// <summary>Reads a 16-bit number.</summary>
    public bool TryReadUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_rest, out value))
        {
            return false;
        }

        _rest = _rest[sizeof(ushort)..];
        return true;
    }

    /// <summary>Reads a 24-bit number, as TLS writes the length of a handshake message.</summary>
    public bool TryReadUInt24(out int value)
    {
        if (_rest.Length < 3)
        {
            value = 0;
            return false;
        }

        value = (_rest[0] << 16) | (_rest[1] << 8) | _rest[2];
        _rest = _rest[3..];
        return true;
    }

    /// <summary>Reads a 32-bit number.</summary>
    public bool TryReadUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(_rest, out value))
        {
            return false;
        }

        _rest = _rest[sizeof(uint)..];
        return true;
    }

    /// <summary>Reads a 48-bit number, as DTLS writes a record's sequence number.</summary>
    public bool TryReadUInt48(out ulong value)
    {
        if (_rest.Length < 6)
        {
            value = 0;
            return false;
        }

        value = ((ulong)BinaryPrimitives.ReadUInt16BigEndian(_rest) << 32) | BinaryPrimitives.ReadUInt32BigEndian(_rest[2..]);
        _rest = _rest[6..];
        return true;
    }

    /// <summary>Reads a 64-bit number.</summary>
    public bool TryReadUInt64(out ulong value)
    {
        if (!BinaryPrimitives.TryReadUInt64BigEndian(_rest, out value))
        {
            return false;
        }

        _rest = _rest[sizeof(ulong)..];
        return true;
    }

    /// <summary>Takes the next <paramref name="length"/> bytes as a slice of the input; a negative or excessive length gives false.</summary>
    public bool TryTake(int length, out ReadOnlySpan<byte> taken)
    {
        if ((uint)length > (uint)_rest.Length)
        {
            taken = default;
            return false;
        }

        taken = _rest[..length];
        _rest = _rest[length..];
        return true;
    }

    /// <summary>Reads a vector that is preceded by its length in one byte (RFC 5246 section 4.3).</summary>
    public bool TryTakeVector8(out ReadOnlySpan<byte> vector)
    {
        WireReader ahead = this;
        if (ahead.TryReadByte(out byte length) && ahead.TryTake(length, out vector))
        {
            this = ahead;
            return true;
        }

        vector = default;
        return false;
    }

    /// <summary>Reads a vector that is preceded by its length in two bytes.</summary>
    public bool TryTakeVector16(out ReadOnlySpan<byte> vector)
    {
        WireReader ahead = this;
        if (ahead.TryReadUInt16(out ushort length) && ahead.TryTake(length, out vector))
        {
            this = ahead;
            return true;
        }

        vector = default;
        return false;
    }

    /// <summary>Reads a vector that is preceded by its length in three bytes.</summary>
    public bool TryTakeVector24(out ReadOnlySpan<byte> vector)
    {
        WireReader ahead = this;
        if (ahead.TryReadUInt24(out int length) && ahead.TryTake(length, out vector))
        {
            this = ahead;
            return true;
        }

        vector = default;
        return false;
    }
}
