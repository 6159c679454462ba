namespace IntercomAgent.Audio;

/// <summary>What a jitter buffer has counted.</summary>
internal readonly record struct JitterCounters
{
    /// <summary>Packets that came.</summary>
    public long Received { get; init; }

    /// <summary>Packets that came after their time and were dropped.</summary>
    public long Late { get; init; }

    /// <summary>Packets that had come before.</summary>
    public long Duplicate { get; init; }

    /// <summary>Packets of a length that no packet should have.</summary>
    public long Malformed { get; init; }

    /// <summary>Times that the sender's timestamps leapt, so that the buffer had to start again.</summary>
    public long Restarts { get; init; }

    /// <summary>Periods that were played.</summary>
    public long Played { get; init; }

    /// <summary>Periods that had to be concealed, for whatever reason.</summary>
    public long Concealed { get; init; }

    /// <summary>Concealed periods in which the network was waited for, which made the delay longer.</summary>
    public long Inserted { get; init; }

    /// <summary>Periods' worth of payload, rounded up, that were left out since the delay was longer than allowed.</summary>
    public long Dropped { get; init; }

    /// <summary>Periods' worth of payload, rounded up, that were played faster by to make the delay shorter.</summary>
    public long Shortened { get; init; }

    /// <summary>Periods' worth of payload, rounded up, that were played slower by to make the delay longer.</summary>
    public long Lengthened { get; init; }
}
