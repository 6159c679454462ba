using IntercomAgent.Station;
using Microsoft.Extensions.Logging;

namespace IntercomAgent.Logging;

/// <summary>What happens at the panel and is no call, as lines of the log.</summary>
internal static partial class PanelLog
{
    /// <summary>Something at the panel does not work.</summary>
    [LoggerMessage(Level = LogLevel.Error, Message = "panel: {Problem}")]
    public static partial void Fault(ILogger logger, string problem);

    /// <summary>Logs a note of the watch.</summary>
    public static void Tell(ILogger logger, in PanelNote note)
    {
        switch (note.Fact)
        {
            case PanelFact.ButtonStuck:
                ButtonStuck(logger, note.Button + 1);
                break;
            case PanelFact.ButtonFree:
                ButtonFree(logger, note.Button + 1);
                break;
            case PanelFact.DoorOpened:
                DoorOpened(logger);
                break;
            case PanelFact.DoorClosed:
                DoorClosed(logger);
                break;
            case PanelFact.DoorLeftOpen:
                DoorLeftOpen(logger);
                break;
            case PanelFact.Tampered:
                Tampered(logger);
                break;
            case PanelFact.TamperOver:
            default:
                TamperOver(logger);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "button {Button} is stuck: it is ignored until it is let go")]
    private static partial void ButtonStuck(ILogger logger, int button);

    [LoggerMessage(Level = LogLevel.Information, Message = "button {Button} is not stuck any more")]
    private static partial void ButtonFree(ILogger logger, int button);

    [LoggerMessage(Level = LogLevel.Information, Message = "the door was opened")]
    private static partial void DoorOpened(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "the door was closed")]
    private static partial void DoorClosed(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the door was left open")]
    private static partial void DoorLeftOpen(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the housing was opened: somebody tampers with it")]
    private static partial void Tampered(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "the housing was closed")]
    private static partial void TamperOver(ILogger logger);
}
