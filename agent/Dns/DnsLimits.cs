using System;

namespace IntercomAgent.Dns;

/// <summary>How much of the name system is asked for, believed and kept.</summary>
internal static class DnsLimits
{
    /// <summary>The longest query: a header, a name of 255 bytes and the EDNS record take 285.</summary>
    public const int Query = 320;

    /// <summary>
    /// The longest answer that we ask for by EDNS (RFC 6891 section 6.2.3): what no path cuts into fragments, as servers themselves use.
    /// </summary>
    public const int Payload = 1232;

    /// <summary>
    /// The longest answer that is taken over a connection. RFC 7766 section 8 has them reach 65,535 bytes; as many records as we keep, each
    /// with the longest name there is, need less than 16 KB.
    /// </summary>
    public const int StreamAnswer = 16 * 1024;

    /// <summary>Servers that are asked: the three of resolv.conf(5), and one.</summary>
    public const int Servers = 4;

    /// <summary>Domains that a short name is looked for in, as many as resolv.conf(5) had for decades.</summary>
    public const int SearchDomains = 6;

    /// <summary>Aliases that are followed one after another: chains of three are common, longer ones are mistakes or loops.</summary>
    public const int Aliases = 8;

    /// <summary>Records of one answer that are kept: more targets than anybody can wait for.</summary>
    public const int Records = 32;

    /// <summary>Answers that are kept: a station knows some dozens of names, with up to six questions each.</summary>
    public const int CachedAnswers = 256;

    /// <summary>Questions under way at a time: what all calls of a station could ask for.</summary>
    public const int Exchanges = 64;

    /// <summary>The longest time that an answer is kept, whatever it says: a mistake in a zone has an end on its own.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(1);

    /// <summary>The longest time that is believed that there is no such name; RFC 2308 section 5 allows hours, people mend it in minutes.</summary>
    public static readonly TimeSpan LongestNegativeLife = TimeSpan.FromMinutes(5);

    /// <summary>How long a failure is remembered, so that nobody waits for dead servers twice in one attempt (RFC 2308 section 7).</summary>
    public static readonly TimeSpan FailureLife = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer over a connection is waited for, which has to come about first.</summary>
    public static readonly TimeSpan StreamWait = TimeSpan.FromSeconds(3);

    /// <summary>The first wait for an answer: a server next door takes a few milliseconds, one that has to ask others rarely a second.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
}
