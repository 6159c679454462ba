using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Dns;

/// <summary>In which order the servers of a service are tried (RFC 2782, "Usage rules" and "Weight").</summary>
internal static class ServiceOrder
{
    /// <summary>By priority; among servers of one priority each goes first as often as its weight says.</summary>
    public static IReadOnlyList<ServiceRecord> Sort(IEnumerable<ServiceRecord> servers, IRandomSource random)
    {
        List<ServiceRecord> sorted = [];
        foreach (IGrouping<ushort, ServiceRecord> group in servers.GroupBy(static server => server.Priority).OrderBy(static group => group.Key))
        {
            // Those of weight 0 go to the beginning, where they have a small chance too. In which order a name server gives the others is
            // its own chance, which is not to meddle with ours.
            List<ServiceRecord> rest =
            [
                .. group.OrderBy(static server => server.Weight > 0)
                    .ThenBy(static server => server.Target, StringComparer.Ordinal).ThenBy(static server => server.Port),
            ];
            while (rest.Count > 0)
            {
                int picked = Pick(rest, random);
                sorted.Add(rest[picked]);
                rest.RemoveAt(picked);
            }
        }

        return sorted;
    }

    private static int Pick(List<ServiceRecord> rest, IRandomSource random)
    {
        int sum = rest.Sum(static server => server.Weight);
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        random.Fill(bytes);
        long drawn = (long)(BinaryPrimitives.ReadUInt32BigEndian(bytes) * (ulong)(sum + 1) >> 32);
        int index = 0;
        for (int running = rest[0].Weight; running < drawn; running += rest[index].Weight)
        {
            index++;
        }

        return index;
    }
}
