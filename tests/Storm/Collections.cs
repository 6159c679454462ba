using System;

namespace IntercomAgent.Tests.Storm;

/// <summary>How long the collections of garbage of this process held it up.</summary>
internal sealed class Collections
{
    private const int ExpectedOfEach = 10_000;

    private readonly Measurements[] _pauses = new Measurements[GC.MaxGeneration + 1];
    private readonly TimeSpan[] _longestOwn = new TimeSpan[GC.MaxGeneration + 1];
    private int _seen = GC.CollectionCount(0);

    public Collections()
    {
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            _pauses[generation] = new Measurements(ExpectedOfEach);
        }
    }

    /// <summary>Looks, after a turn of the loop, whether there was a collection in it: of two in one turn it sees the later.</summary>
    /// <param name="turn">The turn by the processor's clock.</param>
    public void Look(TimeSpan turn)
    {
        int collections = GC.CollectionCount(0);
        if (collections == _seen)
        {
            return;
        }

        _seen = collections;
        GCMemoryInfo last = GC.GetGCMemoryInfo(GCKind.Any);
        TimeSpan pause = last.PauseDurations[0];
        _pauses[last.Generation].Add(pause.TotalMilliseconds);

        // Collections run on the one thread: what the turn did not spend on the processor, others had.
        TimeSpan own = pause < turn ? pause : turn;
        _longestOwn[last.Generation] = own > _longestOwn[last.Generation] ? own : _longestOwn[last.Generation];
    }

    /// <summary>What was seen, by generation.</summary>
    public CollectionReport[] Report()
    {
        CollectionReport[] reports = new CollectionReport[_pauses.Length];
        for (int generation = 0; generation < reports.Length; generation++)
        {
            Spread pause = _pauses[generation].Spread();
            reports[generation] = new CollectionReport(pause.Count, pause, _longestOwn[generation].TotalMilliseconds);
        }

        return reports;
    }
}

/// <summary>The collections whose oldest generation was one and the same; times in milliseconds.</summary>
/// <param name="Count">How many there were.</param>
/// <param name="Pause">How long they held the program up.</param>
/// <param name="LongestOwn">The longest, without the time in which other programs had the processor.</param>
internal sealed record CollectionReport(int Count, Spread Pause, double LongestOwn);
