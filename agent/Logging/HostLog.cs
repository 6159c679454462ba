using IntercomAgent.Media;
using Microsoft.Extensions.Logging;

namespace IntercomAgent.Logging;

/// <summary>The life of the program, as lines of the log.</summary>
internal static partial class HostLog
{
    /// <summary>The station takes part from now on.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "intercom-agent {Version} listens on {Endpoint}, {Transports}")]
    public static partial void Listening(ILogger logger, string version, string endpoint, string transports);

    /// <summary>The key that TLS proves itself with is a long one.</summary>
    [LoggerMessage(Level = LogLevel.Warning, Message = "key_file of [sip.tls]: {Advice}")]
    public static partial void SlowKey(ILogger logger, string advice);

    /// <summary>A codec that the configuration names is left out.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "Opus is not offered: {Problem}")]
    public static partial void OpusMissing(ILogger logger, string problem);

    /// <summary>The service manager will hear nothing of us.</summary>
    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
    public static partial void CannotNotify(ILogger logger, string problem);

    /// <summary>The state of an earlier life cannot be read.</summary>
    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
    public static partial void StateUnreadable(ILogger logger, string problem);

    /// <summary>The state cannot be kept: told once, until it can be again.</summary>
    [LoggerMessage(Level = LogLevel.Error, Message = "the state cannot be kept: {Problem}; it will be tried again")]
    public static partial void StateNotWritten(ILogger logger, string problem);

    /// <summary>Whoever ended the program wins no fresh attempts by that.</summary>
    [LoggerMessage(Level = LogLevel.Warning, Message = "codes are locked for a time, as wrong ones were entered before this start")]
    public static partial void StillLocked(ILogger logger);

    /// <summary>A signal asks for the end.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "ending, as {Signal} asks for it")]
    public static partial void Ending(ILogger logger, string signal);

    /// <summary>The last line.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "ended; the longest turn of the loop took {Longest:F1} ms, {Count} took over 5 ms")]
    public static partial void Ended(ILogger logger, double longest, long count);

    /// <summary>Sound is processed with less than the configuration asks for.</summary>
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}; until then one side talks at a time, and noise stays as it is")]
    public static partial void NoVoiceLibrary(ILogger logger, string problem);

    /// <summary>How the sound was in the program's life.</summary>
    [LoggerMessage(
        Level = LogLevel.Information, Message = "sound: a period was served {Lateness:F1} ms after its time at worst; {Sound}")]
    public static partial void Sound(ILogger logger, double lateness, SoundTally sound);

    /// <summary>What arrived in the program's life and had no effect.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "dropped: {Drops}")]
    public static partial void Dropped(ILogger logger, DropTally drops);

    /// <summary>SIGHUP came, and the configuration holds from now on.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "the configuration was read anew")]
    public static partial void Reloaded(ILogger logger);

    /// <summary>SIGHUP came, and a part of the configuration does not hold yet.</summary>
    [LoggerMessage(Level = LogLevel.Warning, Message = "the configuration was read anew; what has changed in {Sections} needs a restart")]
    public static partial void ReloadedInPart(ILogger logger, string sections);

    /// <summary>SIGHUP came, and the configuration has this problem.</summary>
    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
    public static partial void FaultyConfiguration(ILogger logger, string problem);

    /// <summary>SIGHUP came, and the configuration cannot be used.</summary>
    [LoggerMessage(Level = LogLevel.Error, Message = "the configuration cannot be used, and stays as it was")]
    public static partial void NotReloaded(ILogger logger);

    /// <summary>The registrar knows us.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "registered{With}")]
    public static partial void Registered(ILogger logger, string with);

    /// <summary>The registrar does not know us.</summary>
    [LoggerMessage(Level = LogLevel.Warning, Message = "not registered{With}: {Status} {Problem}; it will be tried again")]
    public static partial void NotRegistered(ILogger logger, string with, int status, string problem);

    /// <summary>Nothing will tell when a link comes back.</summary>
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}; after an outage the next attempt to register may be late")]
    public static partial void NetworkUnwatched(ILogger logger, string problem);

    /// <summary>No route leads to the registrar any more.</summary>
    [LoggerMessage(Level = LogLevel.Warning, Message = "there is no network that leads to {Address}")]
    public static partial void NetworkLost(ILogger logger, string address);

    /// <summary>A link, a route or another address: all is registered anew.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "the network is back, or another one")]
    public static partial void NetworkReturned(ILogger logger);

    /// <summary>Something has happened to the sound device; each incident is told once.</summary>
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Detail}")]
    public static partial void SoundTrouble(ILogger logger, string detail);

    /// <summary>The sound device works again.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "{Detail}")]
    public static partial void SoundRecovered(ILogger logger, string detail);
}
