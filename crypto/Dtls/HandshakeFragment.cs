using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>The kinds of handshake messages (RFC 5246 section 7.4, RFC 6347 section 4.3.2).</summary>
internal enum HandshakeType : byte
{
    HelloRequest = 0,
    ClientHello = 1,
    ServerHello = 2,
    HelloVerifyRequest = 3,
    Certificate = 11,
    ServerKeyExchange = 12,
    CertificateRequest = 13,
    ServerHelloDone = 14,
    CertificateVerify = 15,
    ClientKeyExchange = 16,
    Finished = 20,
}

/// <summary>A piece of a handshake message, or a whole one (RFC 6347 section 4.2.2).</summary>
internal readonly ref struct HandshakeFragment
{
    /// <summary>Length of the header in bytes.</summary>
    public const int HeaderLength = 12;

    /// <summary>The message's kind.</summary>
    public HandshakeType Type { get; private init; }

    /// <summary>Length of the whole message's body, up to 2^24 - 1.</summary>
    public int MessageLength { get; private init; }

    /// <summary>The message's place in its sender's order.</summary>
    public ushort Sequence { get; private init; }

    /// <summary>Where in the body this piece lies; it never reaches past the end of the body.</summary>
    public int Offset { get; private init; }

    /// <summary>The piece.</summary>
    public ReadOnlySpan<byte> Bytes { get; private init; }

    /// <summary>Reads the next fragment of a record; false if the bytes are not there or contradict one another.</summary>
    public static bool TryRead(ref WireReader reader, out HandshakeFragment fragment)
    {
        fragment = default;
        if (!reader.TryReadByte(out byte type)
            || !reader.TryReadUInt24(out int messageLength)
            || !reader.TryReadUInt16(out ushort sequence)
            || !reader.TryReadUInt24(out int offset)
            || !reader.TryTakeVector24(out ReadOnlySpan<byte> bytes)
            || offset + bytes.Length > messageLength)
        {
            return false;
        }

        fragment = new HandshakeFragment
        {
            Type = (HandshakeType)type,
            MessageLength = messageLength,
            Sequence = sequence,
            Offset = offset,
            Bytes = bytes,
        };
        return true;
    }

    /// <summary>Writes a header; the fragment's bytes follow.</summary>
    public static void WriteHeader(
        ref WireWriter writer, HandshakeType type, int messageLength, ushort sequence, int offset, int fragmentLength)
    {
        writer.WriteByte((byte)type);
        writer.WriteUInt24(messageLength);
        writer.WriteUInt16(sequence);
        writer.WriteUInt24(offset);
        writer.WriteUInt24(fragmentLength);
    }
}
