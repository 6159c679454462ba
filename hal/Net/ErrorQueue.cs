using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Net;

/// <summary>
/// The error queue of a UDP socket (IP_RECVERR of ip(7), IPV6_RECVERR of ipv6(7)): which datagrams the network says have reached
/// nobody.
/// </summary>
internal sealed unsafe class ErrorQueue
{
    // Reports that wait to be taken: more than a station has peers. Those beyond are dropped; the next transmission brings another.
    private const int Capacity = 16;

    private const byte IcmpUnreachable = 3;
    private const byte IcmpFragmentationNeeded = 4;
    private const byte Icmp6Unreachable = 1;

    // Room for the error and the address of the router that reported it.
    private const int ControlLength = 256;

    private readonly Queue<NetworkEndpoint> _unreachable = new(Capacity);

    /// <summary>Has the kernel keep the reports. False when it refuses.</summary>
    public static bool TryEnable(Descriptor socket, AddressFamily family)
    {
        int on = 1;

        // An IPv6 socket may send to IPv4 addresses too.
        return Sockets.SetOption(socket, SocketLevel.IPPROTO_IP, (int)IpOption.IP_RECVERR, &on, sizeof(int)) == 0
            && (family == AddressFamily.AF_INET
                || Sockets.SetOption(socket, SocketLevel.IPPROTO_IPV6, (int)Ipv6Option.IPV6_RECVERR, &on, sizeof(int)) == 0);
    }

    /// <summary>Empties the kernel's queue, as the socket is ready for as long as anything is in it.</summary>
    public void Read(Descriptor socket)
    {
        byte* address = stackalloc byte[KernelAddress.MaximumSize];
        byte* control = stackalloc byte[ControlLength];
        while (true)
        {
            MessageHeader message = new()
            {
                Name = address,
                NameLength = KernelAddress.MaximumSize,
                Control = control,
                ControlLength = ControlLength,
            };
            if (Sockets.ReceiveOne(socket, &message, MessageFlags.MSG_DONTWAIT | MessageFlags.MSG_ERRQUEUE) < 0)
            {
                return;
            }

            ReadOnlySpan<byte> destination = new(address, KernelAddress.MaximumSize);
            if (_unreachable.Count < Capacity
                && IsUnreachable(new ReadOnlySpan<byte>(control, (int)message.ControlLength))
                && KernelAddress.TryRead(destination, out NetworkEndpoint endpoint))
            {
                _unreachable.Enqueue(endpoint);
            }
        }
    }

    /// <summary>Takes the oldest report; false when there is none.</summary>
    public bool TryTake(out NetworkEndpoint destination) => _unreachable.TryDequeue(out destination);

    /// <summary>
    /// Whether one of the pieces of control data says so. What only asks for smaller datagrams, or speaks of a loop of routers, says
    /// nothing about who is there (RFC 3261 section 18.4).
    /// </summary>
    private static bool IsUnreachable(ReadOnlySpan<byte> control)
    {
        while (control.Length >= sizeof(ControlHeader))
        {
            ControlHeader header = Unsafe.ReadUnaligned<ControlHeader>(in control[0]);
            bool isError = (header.Level == SocketLevel.IPPROTO_IP && header.Type == (int)IpOption.IP_RECVERR)
                || (header.Level == SocketLevel.IPPROTO_IPV6 && header.Type == (int)Ipv6Option.IPV6_RECVERR);
            if (isError && control.Length >= sizeof(ControlHeader) + sizeof(ExtendedError))
            {
                ExtendedError error = Unsafe.ReadUnaligned<ExtendedError>(in control[sizeof(ControlHeader)]);
                return error.Origin switch
                {
                    ErrorOrigin.SO_EE_ORIGIN_ICMP => error.Type == IcmpUnreachable && error.Code != IcmpFragmentationNeeded,
                    ErrorOrigin.SO_EE_ORIGIN_ICMP6 => error.Type == Icmp6Unreachable,
                    _ => false,
                };
            }

            nuint aligned = (header.Length + (nuint)sizeof(nuint) - 1) & ~((nuint)sizeof(nuint) - 1);
            if (aligned < (nuint)sizeof(ControlHeader) || aligned > (nuint)control.Length)
            {
                return false;
            }

            control = control[(int)aligned..];
        }

        return false;
    }
}
