using System;
using System.Collections.Generic;
using System.Text.Json.Serialization;
using IntercomAgent.Calls;

namespace IntercomAgent.Tests.Storm;

/// <summary>What one side of the storm counted in itself; times in milliseconds.</summary>
internal sealed record SideReport
{
    /// <summary>Calls of the storm that it has placed, or that came; the long one is none of them.</summary>
    public required int Calls { get; init; }

    /// <summary>Those of them that were encrypted.</summary>
    public required int Secured { get; init; }

    /// <summary>Those that it hung up itself.</summary>
    public required int EndedHere { get; init; }

    /// <summary>Those that the other side hung up after they were answered.</summary>
    public required int EndedThere { get; init; }

    /// <summary>Those that the other side refused or took back before they were answered.</summary>
    public required int Unanswered { get; init; }

    /// <summary>Those that ended in another way, by reason.</summary>
    public required SortedDictionary<string, int> Failed { get; init; }

    /// <summary>Those that had to be given up: nothing had ended them for a long time.</summary>
    public required int Hung { get; init; }

    /// <summary>Things that were told of calls that were over.</summary>
    public required int Stray { get; init; }

    /// <summary>From the INVITE to encrypted media.</summary>
    public required Spread Setup { get; init; }

    /// <summary>The long call; null when it ended before its time.</summary>
    public required LongCallReport? LongCall { get; init; }

    /// <summary>How late the loop served the periods of the audio clock.</summary>
    public required Spread Lateness { get; init; }

    /// <summary>Periods that it came too late for.</summary>
    public required long SkippedPeriods { get; init; }

    /// <summary>The longest turn of the loop.</summary>
    public required double LongestStall { get; init; }

    /// <summary>Turns that took longer than the loop allows.</summary>
    public required long Stalls { get; init; }

    /// <summary>
    /// The longest turn by the processor's clock, which stands still while other programs have the processor: what the program itself
    /// is to blame for.
    /// </summary>
    public required double LongestTurn { get; init; }

    /// <summary>Collections of garbage, by the oldest generation that they went through.</summary>
    public required CollectionReport[] Collections { get; init; }

    /// <summary>How long they took, all together.</summary>
    public required double CollectionTime { get; init; }

    /// <summary>What was allocated in all, shared out among the calls.</summary>
    public required double AllocatedKilobytesPerCall { get; init; }

    /// <summary>Threads before the first call and after the last.</summary>
    public required BeforeAndAfter Threads { get; init; }

    /// <summary>Open descriptors before the first call and after the last.</summary>
    public required BeforeAndAfter Descriptors { get; init; }

    /// <summary>Calls, and what signalling keeps, that are left at the end.</summary>
    public required int Left { get; init; }

    /// <summary>What arrived and had no effect, by reason.</summary>
    public required string Dropped { get; init; }
}

/// <summary>A count before the first call and after the last.</summary>
internal sealed record BeforeAndAfter(int Before, int After);

/// <summary>What the long call came to.</summary>
/// <param name="Sent">Packets that this side sent.</param>
/// <param name="Received">Packets of the other side that came.</param>
/// <param name="Lost">Packets of the other side that never came.</param>
/// <param name="Concealed">Milliseconds of sound that had to be made up since the storm began.</param>
internal sealed record LongCallReport(long Sent, long Received, long Lost, double Concealed)
{
    /// <summary>From the product's own report.</summary>
    public static LongCallReport Of(CallReport report, TimeSpan concealedBefore) => new(
        report.Stream.PacketsSent, report.Stream.PacketsReceived, report.Stream.PacketsLost,
        (report.Stream.Concealed - concealedBefore).TotalMilliseconds);
}

/// <summary>Writes and reads reports without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SideReport))]
[JsonSerializable(typeof(StormReport))]
internal sealed partial class StormJson : JsonSerializerContext;
