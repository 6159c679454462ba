namespace IntercomAgent.Hal.Loop;

/// <summary>
/// Something that the loop itself does in time, before it reports anything: what must not depend on whether anybody serves a port.
/// </summary>
internal interface ILoopTimer
{
    /// <summary>When it is due, in nanoseconds on the monotonic clock; <see cref="long.MaxValue"/> while there is nothing to do.</summary>
    long DueAt { get; }

    /// <summary>Does what is due, at <see cref="EventLoop.Now"/>.</summary>
    void Fire();
}
