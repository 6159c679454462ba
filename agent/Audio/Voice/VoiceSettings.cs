namespace IntercomAgent.Audio;

/// <summary>How a microphone and a loudspeaker that hear each other are kept apart.</summary>
internal enum EchoControl
{
    /// <summary>Not at all: somebody else does it, or nothing needs it.</summary>
    Off,

    /// <summary>What the loudspeaker says is taken out of what the microphone hears: both sides may talk at once.</summary>
    Cancel,

    /// <summary>The microphone is turned down while the loudspeaker speaks: for boards and boxes where no canceller converges.</summary>
    Switch,
}

/// <summary>What is done to the sound of a microphone before it is sent.</summary>
internal sealed record VoiceSettings
{
    /// <summary>Nothing is done.</summary>
    public static readonly VoiceSettings None = new() { Echo = EchoControl.Off, NoiseSuppression = 0, AutomaticGain = false, WindFilter = false };

    /// <summary>What is done against echo.</summary>
    public required EchoControl Echo { get; init; }

    /// <summary>By how many decibels steady noise is lowered at most, 0 to 40; 0 leaves it as it is.</summary>
    public required int NoiseSuppression { get; init; }

    /// <summary>Whether a quiet voice is made louder.</summary>
    public required bool AutomaticGain { get; init; }

    /// <summary>Whether what lies below a voice, as wind and steps do, is taken out.</summary>
    public required bool WindFilter { get; init; }

    /// <summary>Whether the library has to be there for it: without, echo is switched and noise stays.</summary>
    public bool NeedsLibrary => Echo == EchoControl.Cancel || NoiseSuppression > 0 || AutomaticGain;
}
