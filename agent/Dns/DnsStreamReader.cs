using System;
using System.Buffers.Binary;

namespace IntercomAgent.Dns;

/// <summary>Takes messages out of a stream, in which each has its length before it (RFC 1035 section 4.2.2).</summary>
internal sealed class DnsStreamReader
{
    private byte[] _bytes = [];
    private int _taken;

    /// <summary>Adds what has arrived; false when a message is longer than any that is taken, and nothing more can be read.</summary>
    public bool TryAdd(ReadOnlySpan<byte> bytes)
    {
        _bytes = [.. _bytes.AsSpan(_taken), .. bytes];
        _taken = 0;
        return _bytes.Length < sizeof(ushort) || Length(_bytes) <= DnsLimits.StreamAnswer;
    }

    /// <summary>Takes the next message that is whole; false when there is none. It holds until bytes are added.</summary>
    public bool TryTake(out ReadOnlySpan<byte> message)
    {
        message = default;
        ReadOnlySpan<byte> rest = _bytes.AsSpan(_taken);
        if (rest.Length < sizeof(ushort) || rest.Length - sizeof(ushort) < Length(rest))
        {
            return false;
        }

        message = rest.Slice(sizeof(ushort), Length(rest));
        _taken += sizeof(ushort) + message.Length;
        return true;
    }

    private static int Length(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
