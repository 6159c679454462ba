using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Net;

/// <summary>
/// Reads what the kernel says of links, addresses and routes (rtnetlink(7)) and makes two kinds of news of it. What cannot be read, and
/// what was lost, counts as a change of the other kind: whoever hears of it looks at what holds now.
/// </summary>
internal sealed class LinkNews
{
    /// <summary>Interfaces that are known by their state; a machine with more of them is forgotten and learned anew.</summary>
    private const int MaximumLinks = 64;

    private const int HeaderLength = 16;
    private const int LinkLength = 16;
    private const int LinkIndexOffset = 4;
    private const int LinkFlagsOffset = 8;
    private const int TypeOffset = 4;
    private const int Alignment = 4;
    private const LinkFlags Carries = LinkFlags.IFF_UP | LinkFlags.IFF_LOWER_UP;

    private readonly Dictionary<int, bool> _carries = [];
    private bool _hasReturned;
    private bool _hasChanged;

    /// <summary>Something may have been missed.</summary>
    public void Lose() => _hasChanged = _hasReturned = true;

    /// <summary>Takes in what one read has brought: whole messages, one behind the other.</summary>
    public void Receive(ReadOnlySpan<byte> messages)
    {
        while (messages.Length >= HeaderLength)
        {
            uint length = MemoryMarshal.Read<uint>(messages);
            if (length < HeaderLength || length > messages.Length)
            {
                _hasChanged = true;
                return;
            }

            Take((RouteMessage)MemoryMarshal.Read<ushort>(messages[TypeOffset..]), messages[HeaderLength..(int)length]);
            int next = ((int)length + Alignment - 1) & -Alignment;
            messages = messages[Math.Min(next, messages.Length)..];
        }
    }

    /// <summary>Takes the next piece of news; false when there is none.</summary>
    public bool TryTake(out NetworkChange change)
    {
        change = _hasReturned ? NetworkChange.LinkReturned : NetworkChange.Other;
        bool isAny = _hasReturned || _hasChanged;
        _hasChanged &= _hasReturned;
        _hasReturned = false;
        return isAny;
    }

    private void Take(RouteMessage type, ReadOnlySpan<byte> body)
    {
        bool isLink = type is RouteMessage.RTM_NEWLINK or RouteMessage.RTM_DELLINK;
        if (!isLink || body.Length < LinkLength)
        {
            _hasChanged |= isLink || type is RouteMessage.RTM_NEWADDR or RouteMessage.RTM_DELADDR or RouteMessage.RTM_NEWROUTE
                or RouteMessage.RTM_DELROUTE;
            return;
        }

        int index = MemoryMarshal.Read<int>(body[LinkIndexOffset..]);
        LinkFlags flags = (LinkFlags)MemoryMarshal.Read<uint>(body[LinkFlagsOffset..]);
        bool carries = type == RouteMessage.RTM_NEWLINK && (flags & Carries) == Carries;
        bool isKnown = _carries.TryGetValue(index, out bool carriedBefore);
        if ((flags & LinkFlags.IFF_LOOPBACK) != 0 || (isKnown && carries == carriedBefore))
        {
            // A radio says a lot about itself.
            return;
        }

        _hasReturned |= carries;
        _hasChanged |= !carries;
        if (!isKnown && _carries.Count == MaximumLinks)
        {
            _carries.Clear();
        }

        _carries[index] = carries;
    }
}
