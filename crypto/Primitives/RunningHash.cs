using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// A hash of data that comes in pieces (FIPS 180-4 sections 5 and 6). It is a value: a copy of it is a copy of the state, it makes no
/// garbage, and setting it to default wipes it.
/// </summary>
/// <typeparam name="TFunction">Which hash it is, and what computes it.</typeparam>
internal struct RunningHash<TFunction>
    where TFunction : struct, ICompressionFunction
{
    // FIPS 180-4 section 5.1.1: the last eight bytes of the last block are the length of all data in bits.
    private const int LengthOffset = BlockLength - sizeof(ulong);
    private const int BlockLength = ICompressionFunction.BlockLength;

    private InlineArray8<uint> _state;
    private Block _block;
    private long _length;

    /// <summary>Begins with no data.</summary>
    public RunningHash() => TFunction.InitialState.CopyTo(_state);

    /// <summary>The length of the hash in bytes.</summary>
    public static int HashLength => TFunction.Words * sizeof(uint);

    /// <summary>Appends a piece of any length. Whole blocks are hashed where they lie.</summary>
    public void Update(ReadOnlySpan<byte> data)
    {
        Span<byte> room = ((Span<byte>)_block)[(int)(_length % BlockLength)..];
        _length += data.Length;
        if (room.Length < BlockLength)
        {
            if (data.Length < room.Length)
            {
                data.CopyTo(room);
                return;
            }

            data[..room.Length].CopyTo(room);
            data = data[room.Length..];
            Compress(_block);
        }

        int rest = data.Length % BlockLength;
        Compress(data[..^rest]);
        data[^rest..].CopyTo(_block);
    }

    /// <summary>Ends the data and writes its hash, <see cref="HashLength"/> bytes. Nothing may be appended any more.</summary>
    public void Finish(Span<byte> hash)
    {
        const byte EndOfData = 0x80;
        Span<byte> block = _block;
        int filled = (int)(_length % BlockLength);
        block[filled++] = EndOfData;
        if (filled > LengthOffset)
        {
            block[filled..].Clear();
            Compress(block);
            filled = 0;
        }

        block[filled..LengthOffset].Clear();
        BinaryPrimitives.WriteInt64BigEndian(block[LengthOffset..], 8 * _length);
        Compress(block);
        for (int offset = 0; offset < HashLength; offset += sizeof(uint))
        {
            BinaryPrimitives.WriteUInt32BigEndian(hash[offset..], _state[offset / sizeof(uint)]);
        }
    }

    private void Compress(ReadOnlySpan<byte> blocks) => TFunction.Compress(((Span<uint>)_state)[..TFunction.Words], blocks);

    [InlineArray(BlockLength)]
    private struct Block
    {
        private byte _first;
    }
}
