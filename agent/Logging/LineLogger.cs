using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.Extensions.Logging;

namespace IntercomAgent.Logging;

/// <summary>
/// Writes one line an event, at once. For a terminal it begins with time and level; otherwise with the priority by which journald
/// knows the level (sd-daemon(3)), and journald has its own time.
/// </summary>
/// <param name="output">Where lines go. Each is one write, so that lines of several programs do not mix.</param>
/// <param name="least">The least serious level that is written at first.</param>
/// <param name="isTerminal">Whether a person reads along.</param>
internal sealed class LineLogger(TextWriter output, LogLevel least, bool isTerminal) : ILogger
{
    /// <summary>The wall clock, nanoseconds since 1970-01-01 UTC: set by whoever has a clock, as the logger has none.</summary>
    public long UnixTime { get; set; }

    /// <summary>The least serious level that is written.</summary>
    public LogLevel Least { get; set; } = least;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= Least && logLevel != LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        string message = formatter(state, exception);
        string text = exception is null ? message : $"{message}: {exception.GetType().Name}: {exception.Message}";
        output.Write($"{Prefix(logLevel)}{OnOneLine(text)}\n");
        output.Flush();
    }

    /// <summary>There are no scopes: a line says all that there is to know.</summary>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    private string Prefix(LogLevel level)
    {
        if (!isTerminal)
        {
            return level switch
            {
                LogLevel.Critical => "<2>",
                LogLevel.Error => "<3>",
                LogLevel.Warning => "<4>",
                LogLevel.Information => "<6>",
                LogLevel.Debug or LogLevel.Trace or LogLevel.None => "<7>",
            };
        }

        DateTimeOffset time = DateTimeOffset.FromUnixTimeMilliseconds(UnixTime / 1_000_000);
        string name = level switch
        {
            LogLevel.Critical => "fatal",
            LogLevel.Error => "error",
            LogLevel.Warning => "warning",
            LogLevel.Information => "info",
            LogLevel.Debug or LogLevel.Trace or LogLevel.None => "debug",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{time:HH:mm:ss.fff}Z {name,-7} ");
    }

    /// <summary>What peers send may stand in a message; it must neither begin a line of its own nor steer a terminal.</summary>
    private static string OnOneLine(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter)) : text;
}
