using System;
using System.Runtime.InteropServices;

namespace IntercomAgent.Hal.Native;

/// <summary>linux/netlink.h</summary>
internal static class Netlink
{
    /// <summary>NETLINK_ROUTE: links, addresses and routes.</summary>
    public const int Route = 0;
}

/// <summary>struct sockaddr_nl (linux/netlink.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NetlinkAddress
{
    public AddressFamily Family;
    public ushort Padding;
    public uint PortId;
    public NetlinkGroups Groups;
}

/// <summary>What a socket hears of (linux/rtnetlink.h).</summary>
[Flags]
internal enum NetlinkGroups : uint
{
    RTMGRP_LINK = 0x1,
    RTMGRP_IPV4_IFADDR = 0x10,
    RTMGRP_IPV4_ROUTE = 0x40,
    RTMGRP_IPV6_IFADDR = 0x100,
    RTMGRP_IPV6_ROUTE = 0x400,
}

/// <summary>The kinds of messages that are read (linux/rtnetlink.h).</summary>
internal enum RouteMessage : ushort
{
    RTM_NEWLINK = 16,
    RTM_DELLINK = 17,
    RTM_NEWADDR = 20,
    RTM_DELADDR = 21,
    RTM_NEWROUTE = 24,
    RTM_DELROUTE = 25,
}

/// <summary>The state of an interface (linux/if.h).</summary>
[Flags]
internal enum LinkFlags : uint
{
    IFF_UP = 0x1,
    IFF_LOOPBACK = 0x8,
    IFF_LOWER_UP = 0x10000,
}
