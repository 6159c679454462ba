namespace IntercomAgent.Hal.Loop;

/// <summary>The order in which a turn of the loop serves what is ready (design rule 4): the sound first.</summary>
public enum ServiceClass
{
    /// <summary>The hardware audio clock: a period is due.</summary>
    AudioClock,

    /// <summary>Received media.</summary>
    Media,

    /// <summary>Received signalling.</summary>
    Signalling,

    /// <summary>The door panel.</summary>
    Panel,

    /// <summary>Signals of the operating system.</summary>
    Signals,
}

/// <summary>The name under which a port is reported ready. It is a value: the loop keeps no reference to what it names.</summary>
/// <param name="Class">When in the turn it is served.</param>
/// <param name="Token">What its opener recognises it by.</param>
public readonly record struct Readiness(ServiceClass Class, int Token);
