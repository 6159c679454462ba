using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Rtp;

/// <summary>Walks the blocks of an extended report (RFC 3611 section 3).</summary>
/// <param name="blocks">What follows the source in the packet's body.</param>
internal ref struct XrReader(ReadOnlySpan<byte> blocks)
{
    private WireReader _reader = new(blocks);

    /// <summary>Reads the next block; false at the end and at the first one that leads out of the packet.</summary>
    public bool TryRead(out XrBlock block)
    {
        block = default;
        if (!_reader.TryReadByte(out byte type) || !_reader.TryReadByte(out byte specific) ||
            !_reader.TryReadUInt16(out ushort words) || !_reader.TryTake(words * sizeof(uint), out ReadOnlySpan<byte> body))
        {
            return false;
        }

        block = new XrBlock { Type = (XrBlockType)type, Specific = specific, Body = body };
        return true;
    }
}
