using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;

namespace IntercomAgent.Tests.Simulation;

/// <summary>What a station has logged.</summary>
internal sealed class LogLines : ILogger
{
    private readonly List<string> _lines = [];

    public int Count(string part) => _lines.Count(line => line.Contains(part, StringComparison.Ordinal));

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Add(formatter(state, exception));
}
