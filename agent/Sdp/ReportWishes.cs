using System;
using IntercomAgent.Rtp;

namespace IntercomAgent.Sdp;

/// <summary>
/// The value of <c>a=rtcp-xr</c> (RFC 3611 section 5.1): what whoever writes it asks the other side to send. Nobody who did not write it
/// is sent an extended report.
/// </summary>
internal static class ReportWishes
{
    /// <summary>
    /// What we ask for. Section 5.2: whoever is asked, by an offer or by its answer, should send it. Round trips (<c>rcvr-rtt</c>) are not
    /// among it: both sides send media, so that sender reports tell them.
    /// </summary>
    public const string Ours = "voip-metrics stat-summary=loss,dup,jitt";

    /// <summary>
    /// What our answer says: nothing to an offer without the attribute, and no wish to one that has none that we could meet (section 5.2).
    /// </summary>
    public static string? Answer(XrWishes? offered) => offered is null ? null : offered.Value.IsEmpty ? "" : Ours;

    /// <summary>Reads the value. What is unknown is passed over.</summary>
    public static XrWishes Read(ReadOnlySpan<byte> value)
    {
        XrWishes wishes = default;
        foreach (Range range in value.Split((byte)' '))
        {
            ReadOnlySpan<byte> format = value[range];
            if (format.SequenceEqual("voip-metrics"u8))
            {
                wishes = wishes with { Voice = true };
            }
            else if (format.SequenceEqual("stat-summary"u8))
            {
                wishes = wishes with { Summary = XrStatistics.All };
            }
            else if (SdpText.TryTakePrefix(format, "stat-summary="u8, out ReadOnlySpan<byte> fields))
            {
                wishes = wishes with { Summary = wishes.Summary | ReadFields(fields) };
            }
        }

        return wishes;
    }

    private static XrStatistics ReadFields(ReadOnlySpan<byte> fields)
    {
        XrStatistics statistics = XrStatistics.None;
        foreach (Range range in fields.Split((byte)','))
        {
            ReadOnlySpan<byte> field = fields[range];
            statistics |= field.SequenceEqual("loss"u8) ? XrStatistics.Loss
                : field.SequenceEqual("dup"u8) ? XrStatistics.Duplicates
                : field.SequenceEqual("jitt"u8) ? XrStatistics.Jitter
                : XrStatistics.None;
        }

        return statistics;
    }
}
