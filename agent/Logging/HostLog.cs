using IntercomAgent.Media;
using Microsoft.Extensions.Logging;

namespace IntercomAgent.Logging;

/// <summary>The life of the program, as lines of the log.</summary>
internal static partial class HostLog
{
    /// <summary>The station takes part from now on.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "intercom-agent {Version} listens on {Endpoint}, UDP")]
    public static partial void Listening(ILogger logger, string version, string endpoint);

    /// <summary>A signal asks for the end.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "ending, as {Signal} asks for it")]
    public static partial void Ending(ILogger logger, string signal);

    /// <summary>The last line.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "ended; the longest turn of the loop took {Longest:F1} ms, {Count} took over 5 ms")]
    public static partial void Ended(ILogger logger, double longest, long count);

    /// <summary>What arrived in the program's life and had no effect.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "dropped: {Drops}")]
    public static partial void Dropped(ILogger logger, DropTally drops);

    /// <summary>SIGHUP came.</summary>
    [LoggerMessage(Level = LogLevel.Warning, Message = "a changed configuration takes effect at the next start; SIGHUP changes nothing")]
    public static partial void NoReload(ILogger logger);

    /// <summary>The registrar knows us.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "registered")]
    public static partial void Registered(ILogger logger);

    /// <summary>The registrar does not know us.</summary>
    [LoggerMessage(Level = LogLevel.Warning, Message = "not registered: {Status} {Problem}; it will be tried again")]
    public static partial void NotRegistered(ILogger logger, int status, string problem);

    /// <summary>Something has happened to the sound device; each incident is told once.</summary>
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Detail}")]
    public static partial void SoundTrouble(ILogger logger, string detail);

    /// <summary>The sound device works again.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "{Detail}")]
    public static partial void SoundRecovered(ILogger logger, string detail);
}
