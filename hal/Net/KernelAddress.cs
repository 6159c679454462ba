using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Net;

/// <summary>
/// struct sockaddr_in and sockaddr_in6 (ip(7), ipv6(7)) to and from <see cref="NetworkEndpoint"/>. The family and the scope are in
/// the machine's byte order, port and address in the network's.
/// </summary>
internal static class KernelAddress
{
    /// <summary>The size of struct sockaddr_in6, the longer of the two.</summary>
    public const int MaximumSize = 28;

    private const int Ipv4Size = 16;
    private const int PortOffset = 2;
    private const int Ipv4AddressOffset = 4;
    private const int Ipv6AddressOffset = 8;
    private const int Ipv6ScopeOffset = 24;

    /// <summary>The family in which an endpoint is bound.</summary>
    public static AddressFamily FamilyOf(NetworkEndpoint endpoint) => endpoint.IsIPv4 ? AddressFamily.AF_INET : AddressFamily.AF_INET6;

    /// <summary>Writes the endpoint for a socket of the family. Returns the length; 0 when an IPv4 socket cannot reach it.</summary>
    public static int Write(NetworkEndpoint endpoint, AddressFamily family, Span<byte> destination)
    {
        if (family == AddressFamily.AF_INET && !endpoint.IsIPv4)
        {
            return 0;
        }

        destination[..MaximumSize].Clear();
        MemoryMarshal.Write(destination, (ushort)family);
        BinaryPrimitives.WriteUInt16BigEndian(destination[PortOffset..], endpoint.Port);
        if (family == AddressFamily.AF_INET)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination[Ipv4AddressOffset..], (uint)endpoint.Address);
            return Ipv4Size;
        }

        BinaryPrimitives.WriteUInt128BigEndian(destination[Ipv6AddressOffset..], endpoint.Address);
        MemoryMarshal.Write(destination[Ipv6ScopeOffset..], endpoint.ScopeId);
        return MaximumSize;
    }

    /// <summary>Reads what the kernel wrote; false when it is of another family.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out NetworkEndpoint endpoint)
    {
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(source[PortOffset..]);
        switch ((AddressFamily)MemoryMarshal.Read<ushort>(source))
        {
            case AddressFamily.AF_INET:
                endpoint = NetworkEndpoint.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(source[Ipv4AddressOffset..]), port);
                return true;
            case AddressFamily.AF_INET6:
                UInt128 address = BinaryPrimitives.ReadUInt128BigEndian(source[Ipv6AddressOffset..]);
                endpoint = new NetworkEndpoint(address, port, MemoryMarshal.Read<uint>(source[Ipv6ScopeOffset..]));
                return true;
            default:
                endpoint = default;
                return false;
        }
    }
}
