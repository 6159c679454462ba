namespace IntercomAgent.Hal.Audio;

/// <summary>What has happened to a sound device.</summary>
public enum AudioIncidentKind
{
    /// <summary>The loop came too late: something was not captured, or there was nothing to play.</summary>
    Interrupted,

    /// <summary>The machine or the card sleeps.</summary>
    Suspended,

    /// <summary>The device has gone, or its clock stands still. A timer stands for it, and it is looked for again and again.</summary>
    Lost,

    /// <summary>The device works again.</summary>
    Recovered,

    /// <summary>A mixer control could not be set as the settings wish.</summary>
    Control,
}

/// <summary>An incident of a sound device: told once, however often it repeats itself meanwhile.</summary>
/// <param name="Kind">What has happened.</param>
/// <param name="Detail">More for a person, <c>plughw:1: no such device</c>.</param>
public readonly record struct AudioIncident(AudioIncidentKind Kind, string Detail);

/// <summary>What a sound device has counted since it was opened.</summary>
public readonly record struct AudioCounters
{
    /// <summary>Over- and underruns.</summary>
    public long Interruptions { get; init; }

    /// <summary>Times that machine or card went to sleep.</summary>
    public long Suspensions { get; init; }

    /// <summary>Times that the device had gone, or that its clock failed.</summary>
    public long Losses { get; init; }

    /// <summary>Samples that were to be played and for which the device had no room.</summary>
    public long Unplayed { get; init; }

    /// <summary>Edges of the clock's line that the kernel had no room to tell, and that were made up for.</summary>
    public long LostEdges { get; init; }
}
