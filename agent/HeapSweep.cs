using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Loop;

namespace IntercomAgent;

/// <summary>
/// Looks through the whole heap as one of the loop's pieces of work, early and often. Left to itself the runtime waits until much has
/// become old, and then compacts all of it at a moment of its own choice: some milliseconds in the middle of a period of speech. Swept
/// every few collections, without moving anything, the heap stays a third smaller and the pause short. One for the program.
/// </summary>
internal sealed class HeapSweep : ITurnMember
{
    /// <summary>
    /// Collections of the middle generation between two sweeps: with more the heap grows, with fewer sweeps find little and cost more.
    /// </summary>
    private const int Interval = 4;

    private int _swept = GC.CollectionCount(1);

    /// <summary>From now on the runtime begins no collection of the oldest generation while there is memory.</summary>
    public HeapSweep() => GCSettings.LatencyMode = GCLatencyMode.LowLatency;

    /// <inheritdoc/>
    public Instant WakeAt => Instant.Never;

    /// <inheritdoc/>
    public bool HasWork => GC.CollectionCount(1) - _swept >= Interval;

    /// <inheritdoc/>
    public void Serve(Readiness port, Instant now)
    {
    }

    /// <inheritdoc/>
    public void Advance(Instant now)
    {
    }

    /// <inheritdoc/>
    [SuppressMessage("ApiDesign", "RS0030", Justification = "This is the moment that the loop chose.")]
    public void Work(Instant now)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
        _swept = GC.CollectionCount(1);
    }
}
