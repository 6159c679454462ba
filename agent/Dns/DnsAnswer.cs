using System;
using System.Collections.Generic;

namespace IntercomAgent.Dns;

/// <summary>What came of a question.</summary>
internal enum DnsOutcome
{
    /// <summary>There are records.</summary>
    Found,

    /// <summary>The name exists, and has no such records.</summary>
    NoData,

    /// <summary>There is no such name.</summary>
    NoName,

    /// <summary>Nobody could say.</summary>
    Failed,
}

/// <summary>What came of a question, and how long that holds.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Records">The records of the type that was asked for; empty unless some were found.</param>
/// <param name="Life">How long the answer holds.</param>
/// <param name="Problem">Why nobody could say, as a part of a sentence; else empty.</param>
internal sealed record DnsAnswer(DnsOutcome Outcome, IReadOnlyList<DnsRecord> Records, TimeSpan Life, string Problem = "")
{
    /// <summary>
    /// Reads the answer out of a response, following the aliases in it. Only records count that belong to the name in question, or to
    /// what it is an alias for. Null with <paramref name="alias"/> when the response stops at an alias, which has to be asked for then.
    /// </summary>
    /// <param name="message">A response to the question, complete and without another error than that there is no such name.</param>
    /// <param name="question">The question.</param>
    /// <param name="alias">The name at which the response stops; null when it does not.</param>
    public static DnsAnswer? Read(DnsMessage message, DnsQuestion question, out string? alias)
    {
        string name = question.Name;
        uint seconds = uint.MaxValue;
        for (int followed = 0; followed < DnsLimits.Aliases && FindAlias(message, name) is { } link; followed++)
        {
            name = link.Target;
            seconds = Math.Min(seconds, link.Seconds);
        }

        List<DnsRecord> records = [];
        foreach (DnsRecord record in message.Answers)
        {
            if (record.Name == name && record.Type == question.Type)
            {
                records.Add(record);
                seconds = Math.Min(seconds, record.Seconds);
            }
        }

        alias = null;
        if (records.Count > 0)
        {
            return new DnsAnswer(DnsOutcome.Found, records, Bound(seconds, DnsLimits.LongestLife));
        }

        ZoneRecord? zone = FindZone(message, name);
        bool isOpen = name != question.Name && zone is null && message.Code == DnsResponseCode.NoError;
        if (isOpen || FindAlias(message, name) is not null)
        {
            alias = name;
            return null;
        }

        // RFC 2308 section 5: without the zone's own word a negative answer is not kept.
        uint negative = zone is null ? 0 : Math.Min(seconds, Math.Min(zone.Seconds, zone.Minimum));
        return new DnsAnswer(
            message.Code == DnsResponseCode.NameError ? DnsOutcome.NoName : DnsOutcome.NoData,
            records,
            Bound(negative, DnsLimits.LongestNegativeLife));
    }

    /// <summary>The answer when nobody could say.</summary>
    public static DnsAnswer Failure(string problem) => new(DnsOutcome.Failed, [], DnsLimits.FailureLife, problem);

    private static AliasRecord? FindAlias(DnsMessage message, string name)
    {
        foreach (DnsRecord record in message.Answers)
        {
            if (record is AliasRecord alias && alias.Name == name && alias.Target.Length > 0)
            {
                return alias;
            }
        }

        return null;
    }

    private static ZoneRecord? FindZone(DnsMessage message, string name)
    {
        foreach (DnsRecord record in message.Authorities)
        {
            if (record is ZoneRecord zone && DnsName.IsWithin(name, zone.Name))
            {
                return zone;
            }
        }

        return null;
    }

    private static TimeSpan Bound(uint seconds, TimeSpan longest) =>
        TimeSpan.FromSeconds(seconds) < longest ? TimeSpan.FromSeconds(seconds) : longest;
}
