using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>What a record carries (RFC 5246 section 6.2.1).</summary>
internal enum ContentType : byte
{
    ChangeCipherSpec = 20,
    Alert = 21,
    Handshake = 22,
    ApplicationData = 23,
}

/// <summary>The versions of the protocol, by their number on the wire: the ones' complement of 1.0, 1.2 and 1.3.</summary>
internal static class ProtocolVersion
{
    public const ushort Dtls10 = 0xFEFF;
    public const ushort Dtls12 = 0xFEFD;
}

/// <summary>The header of a record (RFC 6347 section 4.1), without its length.</summary>
/// <param name="Type">What the record carries; a number outside the enum is kept as it is.</param>
/// <param name="Version">The version, which means nothing before one was negotiated.</param>
/// <param name="Epoch">0 in plain text, 1 under the negotiated keys.</param>
/// <param name="SequenceNumber">48 bits, counted in each epoch.</param>
internal readonly record struct RecordHeader(ContentType Type, ushort Version, ushort Epoch, ulong SequenceNumber)
{
    /// <summary>Length on the wire in bytes, with the length field.</summary>
    public const int Length = 13;

    /// <summary>The last sequence number of an epoch.</summary>
    public const ulong MaximumSequenceNumber = (1UL << 48) - 1;

    /// <summary>Epoch and sequence number as one number: the nonce's and the additional data's form of both.</summary>
    public ulong EpochAndSequenceNumber => ((ulong)Epoch << 48) | SequenceNumber;

    /// <summary>Reads a header and takes the fragment that follows it; false if the bytes are not all there.</summary>
    public static bool TryRead(ref WireReader reader, out RecordHeader header, out ReadOnlySpan<byte> fragment)
    {
        header = default;
        fragment = default;
        if (!reader.TryReadByte(out byte type)
            || !reader.TryReadUInt16(out ushort version)
            || !reader.TryReadUInt16(out ushort epoch)
            || !reader.TryReadUInt48(out ulong sequenceNumber)
            || !reader.TryTakeVector16(out fragment))
        {
            return false;
        }

        header = new RecordHeader((ContentType)type, version, epoch, sequenceNumber);
        return true;
    }

    /// <summary>Writes the header of a fragment of this length.</summary>
    public void Write(ref WireWriter writer, int fragmentLength)
    {
        writer.WriteByte((byte)Type);
        writer.WriteUInt16(Version);
        writer.WriteUInt64(EpochAndSequenceNumber);
        writer.WriteUInt16(checked((ushort)fragmentLength));
    }
}
