using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Dns;

/// <summary>
/// In which order the addresses of a host are tried: RFC 6724 section 6, without the rules for what we do not know (3, 4 and 7), and
/// without rule 9, which would undo the turns that a server lets the addresses of a host take.
/// </summary>
internal static class AddressOrder
{
    private const int LinkLocal = 2;
    private const int SiteLocal = 5;
    private const int Global = 14;

    /// <summary>The policy table of RFC 6724 section 2.1, the longest prefixes first.</summary>
    private static readonly Policy[] Policies =
    [
        new(UInt128.One, 128, 50, 0),
        new((UInt128)0xFFFF << 32, 96, 35, 4),
        new(UInt128.Zero, 96, 1, 3),
        new(High(0x2001_0000), 32, 5, 5),
        new(High(0x2002_0000), 16, 30, 2),
        new(High(0x3FFE_0000), 16, 1, 12),
        new(High(0xFEC0_0000), 10, 1, 11),
        new(High(0xFC00_0000), 7, 3, 13),
        new(UInt128.Zero, 0, 40, 1),
    ];

    /// <summary>The addresses that somebody can be reached at, the best first; equals stay as they were.</summary>
    public static IReadOnlyList<NetworkEndpoint> Sort(IEnumerable<NetworkEndpoint> addresses, ISourceAddresses sources)
    {
        List<Candidate> candidates = [];
        foreach (NetworkEndpoint address in addresses)
        {
            if (!address.IsUnspecified && !IsMulticast(address))
            {
                candidates.Add(new Candidate(address, sources.SourceTowards(address)));
            }
        }

        return [.. candidates.Order(Comparer<Candidate>.Create(Compare)).Select(static candidate => candidate.Address)];
    }

    /// <summary>Less than zero when the left one is better.</summary>
    private static int Compare(Candidate left, Candidate right)
    {
        (Policy leftPolicy, Policy rightPolicy) = (PolicyOf(left.Address), PolicyOf(right.Address));
        int[] rules =
        [
            right.IsUsable.CompareTo(left.IsUsable),
            right.HasSourceOfScope.CompareTo(left.HasSourceOfScope),
            right.HasSourceOfLabel.CompareTo(left.HasSourceOfLabel),
            rightPolicy.Precedence.CompareTo(leftPolicy.Precedence),
            ScopeOf(left.Address).CompareTo(ScopeOf(right.Address)),
        ];
        return Array.Find(rules, static rule => rule != 0);
    }

    private static Policy PolicyOf(NetworkEndpoint address) => Array.Find(Policies, policy => policy.Covers(address.Address));

    /// <summary>Section 3.1; IPv4 by section 3.2.</summary>
    private static int ScopeOf(NetworkEndpoint address)
    {
        if (address.IsIPv4)
        {
            bool isOfLink = address.IsLoopback || (ushort)(address.Address >> 16) == 0xA9FE;
            return isOfLink ? LinkLocal : Global;
        }

        return (uint)(address.Address >> 118) switch
        {
            0x3FA => LinkLocal,
            0x3FB => SiteLocal,
            _ => address.IsLoopback ? LinkLocal : Global,
        };
    }

    private static bool IsMulticast(NetworkEndpoint address) =>
        address.IsIPv4 ? (uint)address.Address >> 28 == 0xE : address.Address >> 120 == 0xFF;

    private static UInt128 High(uint bits) => (UInt128)bits << 96;

    private readonly record struct Candidate(NetworkEndpoint Address, NetworkEndpoint? Source)
    {
        public bool IsUsable => Source is not null;

        public bool HasSourceOfScope => Source is { } source && ScopeOf(source) == ScopeOf(Address);

        public bool HasSourceOfLabel => Source is { } source && PolicyOf(source).Label == PolicyOf(Address).Label;
    }

    private readonly record struct Policy(UInt128 Prefix, int Length, int Precedence, int Label)
    {
        public bool Covers(UInt128 address) => Length == 0 || (address ^ Prefix) >> (128 - Length) == UInt128.Zero;
    }
}
