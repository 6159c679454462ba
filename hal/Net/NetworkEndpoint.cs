using System;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IntercomAgent.Hal.Net;

/// <summary>
/// An IPv4 or IPv6 address and a port, as a value that can be compared and copied without garbage. IPv4 is held as the IPv4-mapped
/// IPv6 address, so that one and the same peer compares equal whichever kind of socket it came through.
/// </summary>
/// <param name="Address">The 128 bits of the IPv6 address, most significant first.</param>
/// <param name="Port">The UDP or TCP port; 0 means none.</param>
/// <param name="ScopeId">The interface of a link-local IPv6 address, else 0.</param>
public readonly record struct NetworkEndpoint(UInt128 Address, ushort Port, uint ScopeId = 0)
{
    private static readonly UInt128 MappedPrefix = (UInt128)0xFFFF << 32;

    /// <summary>Whether the address is an IPv4 address.</summary>
    public bool IsIPv4 => Address >> 32 == 0xFFFF;

    /// <summary>Whether the address is the one that means "any".</summary>
    public bool IsUnspecified => Address == UInt128.Zero || Address == MappedPrefix;

    /// <summary>Whether the address is the local machine's own (127.0.0.0/8 or ::1).</summary>
    public bool IsLoopback => IsIPv4 ? (byte)(Address >> 24) == 127 : Address == UInt128.One;

    /// <summary>
    /// Whether the address is one of a network of its own, which nobody outside can reach (RFC 1918, RFC 4193), of a provider's translator
    /// (RFC 6598), or of one link (RFC 3927, RFC 4291 section 2.5.6).
    /// </summary>
    public bool IsPrivate => IsIPv4
        ? ((uint)Address >> 24, (uint)Address >> 16) is (10, _) or (172, >= 0xAC10 and <= 0xAC1F) or (192, 0xC0A8)
            or (100, >= 0x6440 and <= 0x647F) or (169, 0xA9FE)
        : (int)(Address >> 121) == 0xFC >> 1 || (int)(Address >> 118) == 0xFE80 >> 6;

    /// <summary>An IPv4 endpoint from the address in host byte order: 0x7F000001 is 127.0.0.1.</summary>
    public static NetworkEndpoint FromIPv4(uint address, ushort port) => new(MappedPrefix | address, port);

    /// <summary>The same address with another port.</summary>
    public NetworkEndpoint WithPort(ushort port) => this with { Port = port };

    /// <summary>
    /// Reads a literal address without a port: <c>192.0.2.1</c>, <c>2001:db8::1</c>, <c>[2001:db8::1]</c>. A host name gives false.
    /// </summary>
    public static bool TryParseAddress(ReadOnlySpan<char> text, ushort port, out NetworkEndpoint endpoint)
    {
        if (text.Length > 1 && text[0] == '[' && text[^1] == ']')
        {
            text = text[1..^1];
        }

        if (!IPAddress.TryParse(text, out IPAddress? address))
        {
            endpoint = default;
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        _ = address.MapToIPv6().TryWriteBytes(bytes, out _);
        uint scope = address.AddressFamily == AddressFamily.InterNetworkV6 ? (uint)address.ScopeId : 0;
        endpoint = new NetworkEndpoint(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes), port, scope);
        return true;
    }

    /// <summary>The address alone: <c>192.0.2.1</c> or <c>2001:db8::1</c>, without brackets.</summary>
    public string AddressText()
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, Address);
        return (IsIPv4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes, ScopeId)).ToString();
    }

    /// <summary>Address and port: <c>192.0.2.1:5060</c> or <c>[2001:db8::1]:5060</c>.</summary>
    public override string ToString() => IsIPv4
        ? string.Create(CultureInfo.InvariantCulture, $"{AddressText()}:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"[{AddressText()}]:{Port}");
}
