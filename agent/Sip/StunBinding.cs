using System;
using System.Buffers.Binary;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>
/// The Binding messages of STUN (RFC 8489) as far as a SIP flow is kept alive with them (RFC 5626 section 8): a request without
/// attributes, and the address in the response to it.
/// </summary>
internal static class StunBinding
{
    /// <summary>Bytes of a request: a header alone.</summary>
    public const int RequestLength = 20;

    /// <summary>Bytes of the number that tells requests apart.</summary>
    public const int IdLength = 12;

    private const uint Cookie = 0x2112A442;
    private const ushort Request = 0x0001;
    private const ushort Success = 0x0101;
    private const ushort Failure = 0x0111;
    private const ushort MappedAddress = 0x0020;
    private const byte IPv4 = 1;
    private const byte IPv6 = 2;

    /// <summary>Whether bytes that came where SIP is spoken are STUN: no SIP message begins with such a byte.</summary>
    public static bool IsStun(ReadOnlySpan<byte> datagram) => datagram.Length >= RequestLength && datagram[0] <= 1;

    /// <summary>Writes a request.</summary>
    public static byte[] Write(ReadOnlySpan<byte> id)
    {
        byte[] request = new byte[RequestLength];
        BinaryPrimitives.WriteUInt16BigEndian(request, Request);
        BinaryPrimitives.WriteUInt32BigEndian(request.AsSpan(4), Cookie);
        id.CopyTo(request.AsSpan(8));
        return request;
    }

    /// <summary>Reads a response to the request of that number; false for anything else.</summary>
    /// <param name="datagram">The bytes.</param>
    /// <param name="id">The request's number.</param>
    /// <param name="mapped">Where the server sees us; null after an error response, and where it does not say.</param>
    /// <param name="isSuccess">Whether it is no error response.</param>
    public static bool TryRead(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> id, out NetworkEndpoint? mapped, out bool isSuccess)
    {
        mapped = null;
        isSuccess = false;
        WireReader reader = new(datagram);
        if (!reader.TryReadUInt16(out ushort kind)
            || kind is not (Success or Failure)
            || !reader.TryReadUInt16(out ushort length)
            || !reader.TryReadUInt32(out uint cookie)
            || cookie != Cookie
            || !reader.TryTake(IdLength, out ReadOnlySpan<byte> answered)
            || !answered.SequenceEqual(id)
            || length != reader.Remaining)
        {
            return false;
        }

        isSuccess = kind == Success;
        while (isSuccess && reader.TryReadUInt16(out ushort type) && reader.TryTakeVector16(out ReadOnlySpan<byte> value))
        {
            _ = reader.TryTake(Math.Min(-value.Length & 3, reader.Remaining), out _);
            if (type == MappedAddress && TryReadAddress(value, id, out NetworkEndpoint address))
            {
                mapped = address;
            }
        }

        return true;
    }

    /// <summary>XOR-MAPPED-ADDRESS (RFC 8489 section 14.2).</summary>
    private static bool TryReadAddress(ReadOnlySpan<byte> value, ReadOnlySpan<byte> id, out NetworkEndpoint address)
    {
        address = default;
        bool isIPv4 = value.Length == 8 && value[1] == IPv4;
        if (!isIPv4 && !(value.Length == 20 && value[1] == IPv6))
        {
            return false;
        }

        ushort port = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ (Cookie >> 16));
        if (isIPv4)
        {
            address = NetworkEndpoint.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(value[4..]) ^ Cookie, port);
            return true;
        }

        Span<byte> mask = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(mask, Cookie);
        id.CopyTo(mask[4..]);
        address = new NetworkEndpoint(
            BinaryPrimitives.ReadUInt128BigEndian(value[4..]) ^ BinaryPrimitives.ReadUInt128BigEndian(mask), port);
        return true;
    }
}
