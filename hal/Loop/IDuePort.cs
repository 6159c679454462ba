namespace IntercomAgent.Hal.Loop;

/// <summary>A port without a descriptor: the loop asks it when it will be ready.</summary>
internal interface IDuePort
{
    /// <summary>
    /// The moment (nanoseconds on the monotonic clock) from which on the port has something to say; 0 when it has now,
    /// <see cref="long.MaxValue"/> when it does not know of any.
    /// </summary>
    long DueAt { get; }
}
